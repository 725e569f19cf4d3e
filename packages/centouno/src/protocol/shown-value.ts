/**
 * A value as a sentence about it names it. Whatever it is, it does not throw, as `String` and `JSON.stringify` do; and of
 * a text only that it is one is told, for it may be a secret that stands in the wrong place.
 */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return String(value)
    case 'object':
      return Array.isArray(value) ? 'an array' : 'an object'
    default:
      return `a ${typeof value}`
  }
}
