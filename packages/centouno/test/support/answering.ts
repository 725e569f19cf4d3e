import { measureFigures } from './figures.ts'
import type { Question } from './child-program.ts'

/** Answers the questions of the process that started this one; each answer is a promise or a value. */
export function answerQuestions(answers: Readonly<Record<string, (question: Question) => unknown>>): void {
  const all = new Map(Object.entries(answers))
  all.set('figures', measureFigures)
  process.on('message', ({ number, question }: { number: number; question: Question }) => {
    void (async () => {
      try {
        const answer = await all.get(question.ask)?.(question)
        process.send?.({ number, answer })
      } catch (error) {
        process.send?.({ number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      }
    })()
  })
  // Whoever started it is gone.
  process.on('disconnect', () => process.exit())
}
