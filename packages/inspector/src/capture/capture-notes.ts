import type { CodeDetails, Text } from 'centouno/telling'
import { fillText } from 'centouno/telling'

/** What a reader should know of a capture before trusting what is told of it. */
export type CaptureNoteCode =
  | 'damaged'
  | 'cut-file'
  | 'cut-packets'
  | 'not-tcp'
  | 'unknown-link-layer'
  | 'malformed'
  | 'fragments-joined'
  | 'fragments-missing'
  | 'without-time'
  | 'secrets-unknown'
  | 'bytes-missing'
  | 'dropped'
  | 'bytes-differ'

/** One such thing, and how often it was met. */
export interface CaptureNote {
  readonly code: CaptureNoteCode
  readonly count: number
  readonly text: Text
}

const texts: Readonly<Record<CaptureNoteCode, Text>> = {
  damaged: {
    en: 'The capture is damaged at byte {at}. What stands before it is told; the rest is lost.',
    zh: '抓包文件在第 {at} 字节处损坏。损坏之前的内容照常讲述，其余已丢失。',
  },
  'cut-file': {
    en: 'The capture ends in the middle of a packet. That one is left out.',
    zh: '抓包文件在一个数据包中间结束，该数据包已略去。',
  },
  'cut-packets': {
    en: 'Packets of which only the beginning was captured: {count}. Their missing bytes are gaps in the stream. Capture whole packets (tcpdump -s 0).',
    zh: '只抓到开头部分的数据包：{count} 个。缺失的字节在字节流中成为空缺。请抓取完整的数据包（tcpdump -s 0）。',
  },
  'not-tcp': {
    en: 'Packets that carry no TCP, and are not told: {count}.',
    zh: '不承载 TCP、因而未讲述的数据包：{count} 个。',
  },
  'unknown-link-layer': {
    en: 'Packets of a link layer that is not known here, and are not told: {count}.',
    zh: '来自这里不认识的链路层、因而未讲述的数据包：{count} 个。',
  },
  malformed: {
    en: 'Packets whose headers contradict themselves, and are not told: {count}.',
    zh: '头部自相矛盾、因而未讲述的数据包：{count} 个。',
  },
  'fragments-joined': {
    en: 'Packets that the network had cut into IP fragments, joined again: {count}.',
    zh: '被网络切成 IP 分片、现已重新拼接的数据包：{count} 个。',
  },
  'fragments-missing': {
    en: 'Fragments of packets whose other fragments were not captured: {count}. Their bytes are gaps in the stream.',
    zh: '有些数据包没有抓全所有 IP 分片，因而无法拼接的分片：{count} 个。缺失的字节在字节流中成为空缺。',
  },
  'without-time': {
    en: 'Packets without a time, told at the time of the packet before: {count}.',
    zh: '没有时间戳的数据包：{count} 个，按前一个数据包的时间讲述。',
  },
  'secrets-unknown': {
    en: 'Secrets in the capture that are of no known kind: {count}.',
    zh: '抓包文件中种类不明的密钥块：{count} 个。',
  },
  'bytes-missing': {
    en: 'Places where bytes of a stream were not captured: {count}.',
    zh: '字节流中没有抓到字节的位置：{count} 处。',
  },
  dropped: {
    en: 'Packets that the system could not hand over in time: {count}. They are missing from what is told.',
    zh: '系统来不及交出的数据包：{count} 个，讲述中缺少这些数据包。',
  },
  'bytes-differ': {
    en: 'Segments sent again with other bytes than the first time: {count}. The first are told. Somebody on the way may have altered them.',
    zh: '重传的内容与首次不同的报文段：{count} 个。这里讲述首次的内容。途中可能有设备改动了它们。',
  },
}

/** Gathers notes; one per code, counted. */
export class CaptureNotes {
  readonly #counts = new Map<CaptureNoteCode, number>()
  readonly #details = new Map<CaptureNoteCode, CodeDetails>()

  add(code: CaptureNoteCode, details: CodeDetails = {}, count = 1): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + count)
    this.#details.set(code, details)
  }

  get notes(): CaptureNote[] {
    return [...this.#counts].map(([code, count]) => ({
      code,
      count,
      text: fillText(texts[code], { ...this.#details.get(code), count }),
    }))
  }
}
