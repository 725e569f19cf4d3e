import type { Text } from 'centouno/telling'
import type { AgentNews } from '../agent/agent-message.ts'
import type { FrameFault } from '../frames/frame-judge.ts'
import type { Direction } from '../wire/tape.ts'

/** What is told of a connection that passes through the tap: the same as of one that the page makes. */
export type TapNews = Extract<AgentNews, { news: 'tapped' | 'change' | 'report' | 'message' | 'rung' | 'closed' }>

/** An ordinary request that passed. */
export interface PassedRequest {
  readonly method: string
  /** Secrets in it are replaced. */
  readonly target: string
  /** 0 when no reply came, or none that could be read. */
  readonly status: number
  /** From the request's head to the end of the reply. */
  readonly tookMs: number
  /** Why the target could not be reached: a code. */
  readonly failure?: string
}

/** Who is told what passes through a tap. Called synchronously, before the bytes go on. */
export interface TapListener {
  news(news: TapNews): void
  /** A frame that breaks a rule. It was passed on. */
  fault(id: string, direction: Direction, fault: FrameFault): void
  passed(request: PassedRequest): void
  /** Something was not passed on. */
  turnedAway(why: Text): void
}
