import type { Closing, ConnectionReport, ReportChange } from 'centouno'
import type { Text } from 'centouno/telling'
import type { Rung } from '../wire/rung.ts'
import type { CompressionRequest } from './read-settings.ts'
import type { RouteSettings } from './route-settings.ts'

/**
 * What the page and its local agent say to each other, as JSON text messages over one WebSocket: the page asks, the
 * agent makes the real connection and tells what happened. `id` names one connection of the page, chosen by the page.
 */

/** The page asks for a connection to be made. */
export interface ConnectOrder extends RouteSettings {
  readonly order: 'connect'
  readonly id: string
  readonly url: string
  /** Further header fields, as name and value, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly subprotocols: readonly string[]
  /** Empty: none is sent. */
  readonly origin: string
  /** Left out: none is offered. */
  readonly compression?: CompressionRequest | undefined
  /** How many to follow. Left out: none. */
  readonly redirects?: number | undefined
}

/** The page asks for a request to be sent byte for byte, whatever rules it breaks, and for what becomes of it. */
export interface BreakOrder extends RouteSettings {
  readonly order: 'break'
  readonly id: string
  /** The server; what follows its port is not looked at. */
  readonly url: string
  /** All that is sent, as base64. */
  readonly request: string
}

/** What the page can ask of the agent. Binary payloads travel as base64. */
export type PageOrder =
  | ConnectOrder
  | BreakOrder
  /** Gives up an attempt that is still going on. */
  | { readonly order: 'cancel'; readonly id: string }
  | { readonly order: 'send'; readonly id: string; readonly kind: 'text' | 'binary'; readonly data: string }
  | { readonly order: 'ping'; readonly id: string; readonly data: string }
  | { readonly order: 'close'; readonly id: string; readonly code: number | null; readonly reason: string }
  | { readonly order: 'terminate'; readonly id: string }
  /** Carries out the lines of a saved conversation (`conversation/step.ts`), one after another. */
  | { readonly order: 'run-steps'; readonly id: string; readonly lines: readonly string[] }
  | { readonly order: 'stop-steps'; readonly id: string }

/** One line of the message log. */
export interface LogEntry {
  readonly direction: 'sent' | 'received'
  readonly kind: 'text' | 'binary' | 'ping' | 'pong' | 'close'
  /** Text as it is; binary, ping and pong payloads as base64; the reason of a close. */
  readonly data: string
  /** Payload bytes. */
  readonly bytes: number
  /** Milliseconds since the attempt began. */
  readonly atMs: number
  /** The status code of a close. */
  readonly code?: number
}

/** How far a step of a saved conversation has come. One that has failed or was stopped is the last. */
export type StepOutcome =
  | { readonly kind: 'going' | 'stopped' }
  /** With the round trip of a Ping. */
  | { readonly kind: 'done'; readonly roundTripMs?: number }
  | { readonly kind: 'failed'; readonly text: Text }

/** What the agent tells the page. */
export type AgentNews =
  | {
      readonly news: 'hello'
      /** The demo server's addresses, to fill the form with. */
      readonly demo: { readonly echo: string; readonly chat: string; readonly time: string }
      readonly version: string
    }
  /** A connection begins that another program makes through the tap. The agent has named it. */
  | { readonly news: 'tapped'; readonly id: string; readonly url: string }
  | { readonly news: 'change'; readonly id: string; readonly change: ReportChange }
  /** The attempt is over: open, or not. */
  | { readonly news: 'report'; readonly id: string; readonly report: ConnectionReport }
  | { readonly news: 'message'; readonly id: string; readonly entry: LogEntry }
  /** What crossed the wire, as it crosses: an arrow of the ladder. */
  | { readonly news: 'rung'; readonly id: string; readonly rung: Rung }
  /** Of the step at this place, counted from 0. */
  | { readonly news: 'step'; readonly id: string; readonly at: number; readonly outcome: StepOutcome }
  | { readonly news: 'closed'; readonly id: string; readonly closing: Omit<Closing, 'error'> }
  /** An order could not be carried out; `id` is empty when the order could not be read. */
  | { readonly news: 'trouble'; readonly id: string; readonly code: string; readonly sentence: string }
