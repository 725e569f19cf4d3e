/** One sentence in the languages the project speaks. Every text a person may read comes in this form. */
export interface Text {
  readonly en: string
  readonly zh: string
}

/** A language of the project: English or Chinese. */
export type Language = keyof Text
