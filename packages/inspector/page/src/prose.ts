/** A stretch of a sentence; `isCode` for a literal name, which the tables put between backticks. */
export interface ProsePiece {
  readonly text: string
  readonly isCode: boolean
}

/** A sentence in pieces. A backtick that has no other to go with, as a peer may have sent it, stands for itself. */
export function prosePieces(sentence: string): readonly ProsePiece[] {
  const parts = sentence.split('`')
  const alone = parts.length % 2 === 0 ? parts.pop() : undefined
  const pieces = parts.map((text, index) => ({ text, isCode: index % 2 === 1 }))
  if (alone !== undefined) pieces.push({ text: `\`${alone}`, isCode: false })
  return pieces.filter(({ text }) => text !== '')
}
