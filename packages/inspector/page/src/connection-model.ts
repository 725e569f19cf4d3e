import type {
  Closing,
  ConnectionReport,
  ReportChange,
  RequestRecord,
  ResponseRecord,
  RuleVerdict,
  StageRecord,
  Verdict,
} from 'centouno/telling'
import type { AgentNews, StepOutcome } from '../../src/agent/agent-message.ts'
import { climb, emptyLadder } from './ladder-model.ts'
import type { LadderView } from './ladder-model.ts'
import { emptyHistory, tell } from './message-history.ts'
import type { MessageHistory } from './message-history.ts'

/**
 * Where a connection stands. `failed`: it never opened. `lost`: the agent went away, and took the
 * connection with it.
 */
export type Phase = 'idle' | 'connecting' | 'open' | 'closing' | 'closed' | 'failed' | 'lost'

/** How a connection ended, as it travels in JSON. */
export type ToldClosing = Omit<Closing, 'error'>

/** An order the agent could not carry out. */
export interface Trouble {
  readonly code: string
  readonly sentence: string
}

/** One connection, as far as it has been told. */
export interface ConnectionView {
  /** Empty before the first attempt. */
  readonly id: string
  readonly url: string
  readonly phase: Phase
  readonly stages: readonly StageRecord[]
  readonly request: RequestRecord | null
  readonly response: ResponseRecord | null
  readonly rules: readonly RuleVerdict[]
  readonly verdict: Verdict | null
  readonly startedAt: string
  readonly closing: ToldClosing | null
  readonly messages: MessageHistory
  readonly ladder: LadderView
  /** What came of the saved steps that were run last, in their order. */
  readonly steps: readonly StepOutcome[]
  /** What the last order met with, until it has been read. */
  readonly trouble: Trouble | null
  /** Another program makes it, through the tap: it can be watched, and nothing else. */
  readonly tapped: boolean
  /** It was opened from a file. */
  readonly recorded: boolean
}

/** What the page knows besides its connections. */
export interface PageView {
  /** The demo server's addresses; null until the agent has said hello. */
  readonly demo: { readonly echo: string; readonly chat: string; readonly time: string } | null
  readonly version: string
  /** Of an order that belongs to no connection. */
  readonly trouble: Trouble | null
}

/** The page before the agent has said anything. */
export const emptyPage: PageView = { demo: null, version: '', trouble: null }

/** There is no room for one more tab. */
export const tabLimit: Trouble = { code: 'TAB_LIMIT', sentence: '' }

/** Before the first attempt. */
export const noConnection: ConnectionView = {
  id: '',
  url: '',
  phase: 'idle',
  stages: [],
  request: null,
  response: null,
  rules: [],
  verdict: null,
  startedAt: '',
  closing: null,
  messages: emptyHistory,
  ladder: emptyLadder,
  steps: [],
  trouble: null,
  tapped: false,
  recorded: false,
}

/** An attempt begins, of which nothing is known yet. */
export function beginAttempt(id: string, url: string): ConnectionView {
  return { ...noConnection, id, url, phase: 'connecting' }
}

/** Another program begins one, through the tap. */
export function beginTapped(id: string, url: string): ConnectionView {
  return { ...beginAttempt(id, url), tapped: true }
}

/** The page asked for the closing handshake. */
export function beginClosing(connection: ConnectionView): ConnectionView {
  return connection.phase === 'open' ? { ...connection, phase: 'closing' } : connection
}

/** The page asked for its saved steps. */
export function beginSteps(connection: ConnectionView): ConnectionView {
  return { ...connection, steps: [{ kind: 'going' }] }
}

/** True while one of them is being carried out. */
export function hasStepsGoing({ phase, steps }: ConnectionView): boolean {
  return isAlive(phase) && steps.at(-1)?.kind === 'going'
}

/** The agent is gone, and a connection it held is gone with it. */
export function agentLost(connection: ConnectionView): ConnectionView {
  return isAlive(connection.phase) ? { ...connection, phase: 'lost' } : connection
}

/** What went wrong has been read. */
export function dismissTrouble(connection: ConnectionView): ConnectionView {
  return connection.trouble === null ? connection : { ...connection, trouble: null }
}

/** True when nothing but messages, rungs and steps has come: what is told of the handshake need not be drawn anew for each of them. */
export function sameStory(one: ConnectionView, other: ConnectionView): boolean {
  const { messages: _messages, ladder: _ladder, steps: _steps, ...parts } = one
  return Object.entries(parts).every(([name, part]) => other[name as keyof typeof parts] === part)
}

/** True while there is something to cancel or to close. */
export function isAlive(phase: Phase): boolean {
  return phase === 'connecting' || phase === 'open' || phase === 'closing'
}

/** Stands in for the verdict while there is none. */
const noVerdict: Verdict = { ok: false, stage: 'resolve', code: '', sentence: '', hint: '', details: {} }

/** The report as far as it has been told; null before the first stage. */
export function reportSoFar(connection: ConnectionView): ConnectionReport | null {
  const { url, startedAt, verdict, stages, request, response, rules } = connection
  if (stages.length === 0 && verdict === null) return null
  return { url, startedAt, verdict: verdict ?? noVerdict, stages, request, response, rules }
}

/**
 * Applies news in the order they came; messages and rungs all at once, for there may be thousands of them. News of
 * another connection, or of an earlier one, change nothing.
 */
export function applyAll(connection: ConnectionView, batch: readonly AgentNews[]): ConnectionView {
  const told = batch.reduce(applyNews, connection)
  const mine = batch.filter((news) => news.news !== 'hello' && news.id === connection.id)
  const lines = mine.flatMap((news) => (news.news === 'message' ? [news.entry] : []))
  const rungs = mine.flatMap((news) => (news.news === 'rung' ? [news.rung] : []))
  if (lines.length === 0 && rungs.length === 0) return told
  return {
    ...told,
    messages: tell(told.messages, lines),
    ladder: rungs.length === 0 ? told.ladder : climb(told.ladder, rungs),
  }
}

/** Applies one piece of news, unless it is a message or a rung. */
function applyNews(connection: ConnectionView, news: AgentNews): ConnectionView {
  if (news.news === 'hello' || news.id !== connection.id) return connection
  switch (news.news) {
    case 'change':
      return { ...connection, ...changed(connection, news.change) }
    case 'report':
      return { ...connection, ...reported(connection, news.report) }
    case 'closed':
      return { ...connection, phase: 'closed', closing: news.closing }
    case 'trouble': {
      const { code, sentence } = news
      return {
        ...connection,
        phase: phaseAfterTrouble(connection),
        steps: stepsAfterTrouble(connection, code),
        trouble: { code, sentence },
      }
    }
    case 'step':
      return { ...connection, steps: [...connection.steps.slice(0, news.at), news.outcome] }
    case 'tapped':
    case 'message':
    case 'rung':
      return connection
  }
}

/** An attempt that ends in trouble gets no report, and an order to close that was refused closes nothing. */
function phaseAfterTrouble({ phase }: ConnectionView): Phase {
  if (phase === 'connecting') return 'failed'
  return phase === 'closing' ? 'open' : phase
}

/** Steps that were asked for while the connection was not open any more are not begun. */
function stepsAfterTrouble({ steps }: ConnectionView, code: string): readonly StepOutcome[] {
  return code === 'NOT_OPEN' && steps.length === 1 && steps[0]?.kind === 'going' ? [] : steps
}

function changed(connection: ConnectionView, change: ReportChange): Partial<ConnectionView> {
  switch (change.kind) {
    case 'stage':
      return { stages: withStage(connection.stages, change.stage) }
    case 'request':
      return { request: change.request }
    case 'response':
      return { response: change.response }
    case 'rules':
      return { rules: change.rules }
    case 'verdict':
      return { verdict: change.verdict }
  }
}

/** A stage is told when it begins and again when it ends: the later telling replaces the earlier. */
function withStage(stages: readonly StageRecord[], stage: StageRecord): readonly StageRecord[] {
  const at = stages.findIndex(({ name }) => name === stage.name)
  return at === -1 ? [...stages, stage] : stages.with(at, stage)
}

function reported(connection: ConnectionView, report: ConnectionReport): Partial<ConnectionView> {
  const { url, startedAt, verdict, stages, request, response, rules } = report
  const settled = connection.phase !== 'connecting' && connection.phase !== 'failed'
  const phase = settled ? connection.phase : verdict.ok ? 'open' : 'failed'
  return { url, startedAt, verdict, stages, request, response, rules, phase }
}
