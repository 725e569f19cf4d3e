/*
 * The few things the generated pages are made of. They are pure: tables in, text out.
 */

/** Stands at the top of every generated page. */
const generated = '<!-- Generated from the tables in the sources by `npm run docs`. Edit those instead. -->'

/** Paragraphs, lists and tables with an empty line between them. */
export function page(...blocks: readonly string[]): string {
  return `${[generated, ...blocks].join('\n\n')}\n`
}

/** A template of the tables: what is filled in stands in italics, what may be left out in brackets. */
export function templateText(template: string): string {
  return plainText(template).replaceAll(/\{(\w+)\}/g, '_$1_')
}

/** Text in which Markdown finds nothing of its own but code between backticks. */
export function plainText(text: string): string {
  const parts = text.split('`')
  return parts.map((part, index) => (index % 2 === 0 ? part.replaceAll(/[[\]<>*]/g, String.raw`\$&`) : part)).join('`')
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
