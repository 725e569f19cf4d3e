import { hidden, redactHeadText, redactor } from 'centouno/telling'
import type { RequestHead, ResponseHead, Text } from 'centouno/telling'
import { rungBytes, rungBytesLimit } from '../wire/layer-reader.ts'
import type { RungDraft } from '../wire/layer-reader.ts'
import { bytesValue, fieldValue } from '../wire/field-value.ts'
import type { Direction } from '../wire/tape.ts'
import type { BodyScanner } from './body-scanner.ts'
import type { HeadPlace } from './head-rung.ts'

/** The rung of a body. What echoes a secret of the request or of its own head is replaced, as it is there. */
export function bodyRung(
  direction: Direction,
  body: BodyScanner,
  heads: readonly (RequestHead | ResponseHead | undefined)[],
  place: HeadPlace,
): RungDraft {
  const text = Buffer.from(body.bytes.subarray(0, rungBytesLimit)).toString('latin1')
  const echoing = place.withSecrets ? [] : heads
  const redacted = echoing.reduce((told, head) => (head === undefined ? told : redactor(head)(told)), text)
  const shown = redacted.replaceAll(hidden, '***')
  const { bytes } = rungBytes(Buffer.from(shown, 'latin1'))
  return {
    ...ends(direction, place),
    label: { en: `Body, ${body.total} bytes`, zh: `正文，${body.total} 字节` },
    sentence: {
      en: 'What comes with the message besides its head: a page, or the reason in words.',
      zh: '消息头部之外的内容：一个页面，或者用文字写明的原因。',
    },
    clause: 'RFC 9112 §6',
    alarming: false,
    bytes,
    byteCount: body.total,
    fields: [{ name: 'message-body', ...fieldValue(bytesValue(body.total)), start: 0, end: shown.length }],
    ...(shown === text ? {} : { redacted: true }),
  }
}

/** Why bytes did not become a head. */
export type UnfinishedHead = 'too-large' | 'cut'

const faultSentences: Readonly<Record<UnfinishedHead, Text>> = {
  'too-large': {
    en: 'This does not end where the head of a message should: it is larger than a head may be, or no HTTP at all.',
    zh: '这里没有在消息头部应当结束的地方结束：它超过了头部允许的大小，或者根本不是 HTTP。',
  },
  cut: {
    en: 'The connection ended in the middle of a head: the empty line that ends it never came.',
    zh: '头部还没传完，连接就断了：结束头部的空行始终没有到达。',
  },
}

/** The rung of bytes that did not become a head. */
export function faultRung(
  direction: Direction,
  received: Uint8Array,
  fault: UnfinishedHead,
  place: HeadPlace,
): RungDraft {
  const text = Buffer.from(received).toString('latin1')
  const shown = place.withSecrets ? text : redactHeadText(text).replaceAll(hidden, '***')
  return {
    ...ends(direction, place),
    label: { en: `Unfinished head, ${received.length} bytes`, zh: `不完整的头部，${received.length} 字节` },
    sentence: faultSentences[fault],
    clause: 'RFC 9112 §2.1',
    alarming: true,
    bytes: rungBytes(Buffer.from(shown, 'latin1')).bytes,
    byteCount: received.length,
    fields: [],
    ...(shown === text ? {} : { redacted: true }),
  }
}

function ends(
  direction: Direction,
  { layer, peer, atMs }: HeadPlace,
): Pick<RungDraft, 'layer' | 'from' | 'to' | 'atMs' | 'inferred' | 'decrypted'> {
  const [from, to] = direction === 'sent' ? (['client', peer] as const) : ([peer, 'client'] as const)
  return { layer, from, to, atMs, inferred: false, decrypted: false }
}
