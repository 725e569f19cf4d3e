import type { Text } from 'centouno/telling'
import type { Direction } from '../../wire/tape.ts'
import type { FieldReader } from '../field-reader.ts'

/** What has been agreed before a message. */
export interface Agreed {
  readonly direction: Direction
  /** 0x0304 for TLS 1.3; 0 while no version was chosen. */
  readonly version: number
  /** The cipher suite; 0 while none was chosen. */
  readonly suite: number
}

/** A message as it is told. */
export interface ToldMessage {
  readonly label: Text
  readonly sentence: Text
  readonly clause: string
  readonly alarming?: boolean
  /** What the course of the connection depends on. */
  readonly fact?: HandshakeFact
}

export type HandshakeFact =
  | { readonly kind: 'client-hello'; readonly random: Uint8Array; readonly earlyData: boolean }
  | {
      readonly kind: 'server-hello'
      readonly random: Uint8Array
      readonly version: number
      readonly suite: number
      /** It asks for another ClientHello instead (RFC 8446 §4.1.4). */
      readonly retry: boolean
    }
  | { readonly kind: 'end-of-early-data' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'key-update' }

/** Reads the body of a message. What it cannot read makes it throw Malformed. */
export type MessageReader = (body: FieldReader, agreed: Agreed) => ToldMessage

export const tls13 = 0x0304

/** A label that is the standard's own name. */
export function name(standard: string): Text {
  return { en: standard, zh: standard }
}
