import type { RequestHead, ResponseHead, Text } from 'centouno/telling'
import type { LogEntry } from '../agent/agent-message.ts'
import { opcodeName, opcodes } from '../frames/opcode-names.ts'
import { requestRung, responseRung } from '../http/head-rung.ts'
import { decodeBase64 } from '../wire/base64.ts'
import { rungBytes } from '../wire/layer-reader.ts'
import type { RungDraft } from '../wire/layer-reader.ts'
import type { DerivedBytes, Rung } from '../wire/rung.ts'

export interface HarTimes {
  readonly askedAtMs: number
  readonly answeredAtMs: number
  readonly withSecrets: boolean
}

/** The ladder of a connection that a HAR tells: heads put together again, and messages without their frames. */
export function harRungs(
  request: RequestHead,
  response: ResponseHead | undefined,
  messages: readonly LogEntry[],
  { askedAtMs, answeredAtMs, withSecrets }: HarTimes,
): Rung[] {
  const place = { layer: 'http', peer: 'server', withSecrets } as const
  const rungs: Rung[] = []
  const tell = (draft: RungDraft): void => void rungs.push({ id: rungs.length, ...draft, inferred: true })
  tell(requestRung(request, { ...place, atMs: askedAtMs }))
  if (response !== undefined) tell(responseRung(response, request, { ...place, atMs: answeredAtMs }))
  for (const message of messages) tell(messageRung(message))
  return rungs
}

const rebuilt: Text = {
  en: 'A HAR tells what was said, and not in which frames.',
  zh: 'HAR 只记录说了什么，不记录用了哪些帧。',
}

function messageRung(entry: LogEntry): RungDraft {
  const { direction, kind, bytes, atMs, code } = entry
  const [from, to] = direction === 'sent' ? (['client', 'server'] as const) : (['server', 'client'] as const)
  const { en, zh } = opcodeName(opcodes[kind])
  const label: Text =
    kind === 'close'
      ? { en: `${en} ${code ?? ''}`.trim(), zh: `${zh} ${code ?? ''}`.trim() }
      : { en: `${en}, ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`, zh: `${zh}，${bytes} 字节` }
  const derived = derivedOf(entry)
  return {
    layer: 'websocket',
    from,
    to,
    atMs,
    label,
    sentence: rebuilt,
    clause: 'RFC 6455 §5.6',
    inferred: true,
    decrypted: false,
    alarming: false,
    bytes: '',
    byteCount: bytes,
    fields: [],
    ...(derived.byteCount === 0 ? {} : { derived: [derived] }),
  }
}

function derivedOf({ kind, data }: LogEntry): DerivedBytes {
  const isText = kind === 'text' || kind === 'close'
  const content = isText ? new TextEncoder().encode(data) : decodeBase64(data)
  return { kind: 'payload', ...rungBytes(content), ...(isText ? { text: data } : {}) }
}
