import { StepError } from './step-error.ts'

/** What an `/expect` looks for: a regular expression between slashes, or else a text to be contained. */
export function readPattern(text: string): (message: string) => boolean {
  const expression = /^\/(.+)\/([imsu]*)$/s.exec(text)
  if (expression === null) return (message) => message.includes(text)
  const [, source = '', flags = ''] = expression
  try {
    const pattern = new RegExp(source, flags)
    return (message) => pattern.test(message)
  } catch {
    throw new StepError('STEP_PATTERN', { line: text })
  }
}
