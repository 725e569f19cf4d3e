const greaseStep = 0x1010
const greaseFirst = 0x0a0a

/** Whether a value is one of those that mean nothing, and are sent to keep peers tolerant (RFC 8701). */
export function isGrease(value: number): boolean {
  return value >= greaseFirst && value <= 0xfafa && (value - greaseFirst) % greaseStep === 0
}

export function hex(value: number, digits = 4): string {
  return `0x${value.toString(16).padStart(digits, '0')}`
}

/** `x25519 (0x001d)`; a value without a name is only its number. */
export function named(names: ReadonlyMap<number, string>, value: number, digits = 4): string {
  const name = nameOnly(names, value)
  return name === hex(value, digits) ? name : `${name} (${hex(value, digits)})`
}

/** `x25519`; the number where there is no name. */
export function nameOnly(names: ReadonlyMap<number, string>, value: number): string {
  return names.get(value) ?? (isGrease(value) ? 'GREASE' : hex(value))
}

const versions: ReadonlyMap<number, string> = new Map([
  [0x0300, 'SSL 3.0'],
  [0x0301, 'TLS 1.0'],
  [0x0302, 'TLS 1.1'],
  [0x0303, 'TLS 1.2'],
  [0x0304, 'TLS 1.3'],
])

/** `TLS 1.2 (0x0303)`. */
export function versionName(value: number): string {
  return named(versions, value)
}

export function versionOnly(value: number): string {
  return nameOnly(versions, value)
}
