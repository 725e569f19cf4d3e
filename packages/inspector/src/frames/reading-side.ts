import type { Agreement } from '../http/upgrade-request.ts'
import type { Direction } from '../wire/tape.ts'
import { FrameJudge } from './frame-judge.ts'
import { FrameScanner } from './frame-scanner.ts'
import { MessageInflater } from './message-inflater.ts'
import { MessageJoiner } from './message-joiner.ts'

/** One direction of an open WebSocket. */
export interface ReadingSide {
  readonly scanner: FrameScanner
  readonly joiner: MessageJoiner
  readonly judge: FrameJudge
}

/** What reads this direction of a connection on which that was agreed. */
export function readingSide(direction: Direction, { extensions }: Agreement): ReadingSide {
  const deflate = extensions.find(({ name }) => name === 'permessage-deflate')
  const noTakeover = direction === 'sent' ? 'client_no_context_takeover' : 'server_no_context_takeover'
  const inflater =
    deflate && new MessageInflater(!deflate.parameters.some(({ name }) => name.toLowerCase() === noTakeover))
  return {
    scanner: new FrameScanner(),
    joiner: new MessageJoiner(inflater),
    judge: new FrameJudge(direction, deflate !== undefined),
  }
}
