import type { Text } from 'centouno/telling'
import { rungBytes } from '../wire/layer-reader.ts'
import type { RungDraft } from '../wire/layer-reader.ts'
import type { Party } from '../wire/rung.ts'
import type { Segment, SegmentFlag, SegmentNote } from '../wire/segment.ts'
import { tcpHeaderFields } from './header-fields.ts'
import { SegmentStory } from './segment-story.ts'
import type { SegmentDeed, SegmentMoment } from './segment-story.ts'
import { segmentWords } from './segment-words.ts'
import { readTcpHeader } from './tcp-header.ts'

const partyNames: Readonly<Record<Party, Text>> = {
  client: { en: 'client', zh: '客户端' },
  proxy: { en: 'proxy', zh: '代理' },
  server: { en: 'server', zh: '服务器' },
}

/** Tells the segments of one connection as rungs, in their order. */
export class SegmentTeller {
  readonly #story = new SegmentStory()

  /**
   * The next segment. Of its payload only the size is told: the layers above tell what it is, with secrets replaced.
   *
   * @param far Who is at the other end of the client's TCP connection: the proxy, when there is one.
   */
  tell(segment: Segment, far: Exclude<Party, 'client'> = 'server'): RungDraft {
    const header = segment.inferred ? undefined : readTcpHeader(segment.bytes)
    const moment = this.#story.next(segment, header)
    const [from, to] = segment.direction === 'sent' ? (['client', far] as const) : ([far, 'client'] as const)
    return {
      layer: 'tcp',
      from,
      to,
      atMs: segment.atMs,
      label: labelOf(segment, moment.deed),
      ...segmentWords(segment, moment, { speaker: partyNames[from], listener: partyNames[to] }),
      inferred: segment.inferred,
      decrypted: false,
      alarming: isAlarming(segment, moment),
      ...rungBytes(segment.bytes.subarray(0, header?.length ?? 0)),
      fields: header === undefined ? [] : tcpHeaderFields(header, moment.numbers),
    }
  }
}

const noteLabels: Readonly<Partial<Record<SegmentNote, Text>>> = {
  retransmission: { en: ' (again)', zh: '（重传）' },
  'out-of-order': { en: ' (late)', zh: '（迟到）' },
  gap: { en: ' (after a gap)', zh: '（之前有空缺）' },
}

/** What stands on the arrow: the control bits that matter, and how many bytes it carries. */
function labelOf({ flags, payloadBytes, note }: Segment, deed: SegmentDeed): Text {
  const control: SegmentFlag[] = flags.filter((flag) => flag === 'SYN' || flag === 'FIN' || flag === 'RST')
  if (flags.includes('ACK') && (control.includes('SYN') || (control.length === 0 && payloadBytes === 0)))
    control.push('ACK')
  const name = deed === 'probe' ? { en: 'keep-alive', zh: '保活探测' } : both(control.join('-'))
  const bytes =
    payloadBytes === 0 || deed === 'probe'
      ? both('')
      : { en: payloadBytes === 1 ? '1 byte' : `${payloadBytes} bytes`, zh: `${payloadBytes} 字节` }
  const end = (note === undefined ? undefined : noteLabels[note]) ?? both('')
  return {
    en: [name.en, bytes.en].filter(Boolean).join(', ') + end.en,
    zh: [name.zh, bytes.zh].filter(Boolean).join('，') + end.zh,
  }
}

function both(text: string): Text {
  return { en: text, zh: text }
}

const alarmingDeeds: ReadonlySet<SegmentDeed> = new Set(['refuse', 'reset', 'full'])

function isAlarming({ note, window, flags }: Segment, { deed }: SegmentMoment): boolean {
  const stuck = window === 0 && !flags.includes('RST')
  return alarmingDeeds.has(deed) || stuck || note === 'retransmission' || note === 'gap'
}
