import { buildRequest, parseRequestHead } from 'centouno/telling'
import type { Field, RequestParts } from 'centouno/telling'

/** An opening request in parts that can be left out and falsified one by one. Characters are bytes (Latin-1). */
export interface OpeningRequest {
  /** As `Host` names it. */
  readonly host: string
  readonly method: string
  readonly target: string
  readonly version: string
  readonly fields: readonly Field[]
}

/**
 * The request that keeps every rule, as the engine would send it.
 *
 * @throws HandshakeInputError for what the engine refuses to build.
 */
export function validRequest(parts: RequestParts): OpeningRequest {
  const bytes = bytesOfRequest(buildRequest(parts))
  const { method, target, fields } = parseRequestHead(bytes)
  return { host: parts.uri.hostField, method, target, version: 'HTTP/1.1', fields }
}

export function requestText({ method, target, version, fields }: OpeningRequest, after = ''): string {
  const lines = [`${method} ${target} ${version}`, ...fields.map(({ name, value }) => `${name}: ${value}`)]
  return `${lines.join('\r\n')}\r\n\r\n${after}`
}

/** The field with other values, one line for each; without any it is left out. One that was not there comes last. */
export function withField(request: OpeningRequest, name: string, ...values: readonly string[]): OpeningRequest {
  const isIt = (field: Field): boolean => field.name.toLowerCase() === name.toLowerCase()
  const at = request.fields.findIndex(isIt)
  const others = request.fields.filter((field) => !isIt(field))
  const lines = values.map((value) => ({ name, value }))
  return { ...request, fields: others.toSpliced(at === -1 ? others.length : at, 0, ...lines) }
}

/** Bytes of a request: a character up to U+00FF is a byte, any other is written as UTF-8. */
export function bytesOfRequest(text: string): Uint8Array {
  const encoder = new TextEncoder()
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code <= 0xff) bytes.push(code)
    else for (const byte of encoder.encode(character)) bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}
