import type { LogEntry } from '../../src/agent/agent-message.ts'
import { sliceLines } from './lines.ts'
import { linesOf } from './message-history.ts'
import type { MessageHistory } from './message-history.ts'
import { wholeMessage } from './message-view.ts'

/** Lines of a conversation that are worth saving: beyond, it is no longer something that a person said. */
const most = { lines: 200, characters: 10_000 } as const

/** What this side said on a connection, as lines of a saved request; what is too long for one is left out. */
export function saidLines(history: MessageHistory): readonly string[] {
  const lines = linesOf(history)
  return sliceLines(lines, 0, Number.POSITIVE_INFINITY)
    .filter(({ entry }) => entry.direction === 'sent' && entry.data.length <= most.characters)
    .flatMap(({ entry }) => stepOf(entry))
    .slice(0, most.lines)
}

function stepOf(entry: LogEntry): readonly string[] {
  switch (entry.kind) {
    case 'text':
      return textStep(entry.data)
    case 'binary':
      return [`/binary ${wholeMessage(entry, 'hex')}`]
    case 'ping': {
      const text = wholeMessage(entry, 'text')
      return [`/ping ${text}`.trimEnd()]
    }
    case 'close':
      return [`/close ${entry.code ?? ''} ${entry.data}`.trimEnd()]
    // The engine answers a Ping by itself.
    case 'pong':
      return []
  }
}

/** Lines that would say something else by themselves are written so that they do not. */
function textStep(text: string): readonly string[] {
  if (/[\r\n]/.test(text)) return /^\s*>>>\s*$/m.test(text) ? [] : ['<<<', ...text.split('\n'), '>>>']
  const plain = text.trim() !== '' && !/^(?:\/|#|###|<<<)/.test(text) && text === text.trim()
  return [plain ? text : `/text ${text}`]
}
