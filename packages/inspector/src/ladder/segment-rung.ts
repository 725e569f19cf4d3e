import type { Text } from 'centouno/telling'
import type { RungDraft } from '../wire/layer-reader.ts'
import { rungBytes } from '../wire/layer-reader.ts'
import type { Party } from '../wire/rung.ts'
import type { Segment, SegmentFlag } from '../wire/segment.ts'

/** The rung of a segment. Of its payload only the size is told: what it carries is told by the layers above. */
export function segmentRung(segment: Segment, peer: Party): RungDraft {
  const { direction, atMs, inferred, flags, payloadBytes, note, bytes } = segment
  const [from, to] = direction === 'sent' ? (['client', peer] as const) : ([peer, 'client'] as const)
  const name = flags.join('-')
  return {
    layer: 'tcp',
    from,
    to,
    atMs,
    label: {
      en: [name, ...(payloadBytes > 0 ? [`${payloadBytes} bytes`] : [])].join(', '),
      zh: [name, ...(payloadBytes > 0 ? [`${payloadBytes} 字节`] : [])].join('，'),
    },
    sentence: sentenceOf(flags, payloadBytes),
    clause: flags.includes('SYN') ? 'RFC 9293 §3.5' : flags.includes('FIN') ? 'RFC 9293 §3.6' : 'RFC 9293 §3.1',
    inferred,
    decrypted: false,
    alarming: flags.includes('RST') || note === 'gap',
    ...rungBytes(bytes.subarray(0, bytes.length - payloadBytes)),
    fields: [],
  }
}

const firstThatFits: readonly (readonly [readonly SegmentFlag[], Text])[] = [
  [
    ['RST'],
    {
      en: 'The connection is cut off: this side wants to hear no more of it.',
      zh: '连接被强行切断：这一方不愿再收到任何内容。',
    },
  ],
  [['SYN', 'ACK'], { en: 'Yes, I hear you. Do you hear me?', zh: '在，我听见了。你听得见我吗？' }],
  [
    ['SYN'],
    { en: 'Is anybody there? Let us number our bytes from here on.', zh: '有人在吗？我们从这里开始给字节编号。' },
  ],
  [['FIN'], { en: 'I have nothing more to send.', zh: '我没有别的要发送了。' }],
]

function sentenceOf(flags: readonly SegmentFlag[], payloadBytes: number): Text {
  const found = firstThatFits.find(([wanted]) => wanted.every((flag) => flags.includes(flag)))
  if (found !== undefined) return found[1]
  return payloadBytes > 0
    ? { en: 'It carries bytes of the layers above.', zh: '它携带上层协议的字节。' }
    : { en: 'I have received what you sent.', zh: '你发来的我都收到了。' }
}
