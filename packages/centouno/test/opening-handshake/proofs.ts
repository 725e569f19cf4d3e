/** For each rule that the pure core can show, what shows it. */
export type Proofs = Readonly<Record<string, () => void>>
