import type { Text } from 'centouno/telling'
import type { Segment, SegmentNote } from '../wire/segment.ts'
import type { SegmentDeed, SegmentMoment } from './segment-story.ts'

/** The two who talk, as they are called in a sentence. */
export interface Talkers {
  readonly speaker: Text
  readonly listener: Text
}

interface Words {
  readonly sentence: Text
  readonly clause: string
}

/** What a segment says and does, for one who has never seen it, and where it is specified. */
export function segmentWords(segment: Segment, moment: SegmentMoment, talkers: Talkers): Words {
  const { sentence, clause } = deedWords(segment, moment, talkers)
  const parts = [sentence, ...moreWords(segment, talkers)]
  return {
    sentence: { en: parts.map(({ en }) => en).join(' '), zh: parts.map(({ zh }) => zh).join('') },
    clause: (segment.note === undefined ? undefined : noteClauses[segment.note]) ?? clause,
  }
}

function deedWords(segment: Segment, moment: SegmentMoment, { speaker: a, listener: b }: Talkers): Words {
  const { first, last, heard, room } = moment
  const words: Readonly<Record<SegmentDeed, () => Words>> = {
    open: () => ({
      sentence: {
        en: `The ${a.en} asks to open a connection${number(segment, ', and will number its bytes from {} on, a number nobody can guess')}.`,
        zh: `${a.zh}请求建立连接${number(segment, '，它的字节将从 {} 起编号，这是一个别人猜不到的数')}。`,
      },
      clause: 'RFC 9293 §3.5',
    }),
    'open-at-once': () => ({
      sentence: {
        en: `The ${a.en} asks to open a connection as well: both sides began at the same time. It is one connection all the same.`,
        zh: `${a.zh}也在请求建立连接：双方同时发起，但仍然只有一条连接。`,
      },
      clause: 'RFC 9293 §3.5',
    }),
    agree: () => ({
      sentence: {
        en: `The ${a.en} agrees, and opens its own direction${number(segment, '; its bytes are numbered from {} on')}.`,
        zh: `${a.zh}同意，并打开自己这个方向${number(segment, '；它的字节从 {} 起编号')}。`,
      },
      clause: 'RFC 9293 §3.5',
    }),
    established: () => ({
      sentence: {
        en: `The ${a.en} confirms that it heard the answer. The connection is established: each side knows that the other hears it.`,
        zh: `${a.zh}确认收到了应答。连接已建立：双方都知道对方听得见自己。`,
      },
      clause: 'RFC 9293 §3.5',
    }),
    data: () => ({
      sentence: {
        en: `The ${a.en} sends ${bytesEn(segment.payloadBytes)}${placeEn(first, last)}.`,
        zh: `${a.zh}发送 ${segment.payloadBytes} 字节${placeZh(first, last)}。`,
      },
      clause: 'RFC 9293 §3.8',
    }),
    acknowledge: () => ({
      sentence: {
        en: `The ${a.en} confirms that it has ${heard === undefined ? 'what came' : `the first ${bytesEn(heard)}`} of what the ${b.en} sent.`,
        zh: `${a.zh}确认已收到${b.zh}发来的${heard === undefined ? '数据' : `前 ${heard} 字节`}。`,
      },
      clause: 'RFC 9293 §3.4',
    }),
    full: () => ({
      sentence: {
        en: `The ${a.en} can take in nothing more for now: its program does not read fast enough. The ${b.en} has to wait.`,
        zh: `${a.zh}暂时无法再接收数据：它的程序读得不够快。${b.zh}必须等待。`,
      },
      clause: 'RFC 9293 §3.8.6',
    }),
    'room-again': () => ({
      sentence: {
        en: `The ${a.en} has room again${room === undefined ? '' : `, for ${bytesEn(room)}`}. The ${b.en} may go on.`,
        zh: `${a.zh}又有接收空间了${room === undefined ? '' : `，可接收 ${room} 字节`}。${b.zh}可以继续发送。`,
      },
      clause: 'RFC 9293 §3.8.6',
    }),
    probe: () => ({
      sentence: {
        en: `The ${a.en} asks whether the ${b.en} is still there, with a number that was confirmed long ago: it has to be confirmed again.`,
        zh: `${a.zh}用一个早已确认过的序号询问${b.zh}是否还在：对方必须再次确认。`,
      },
      clause: 'RFC 9293 §3.8.4',
    }),
    finish: () => ({
      sentence: {
        en: `The ${a.en} has said all it had to say${withBytes(segment).en}, and closes its direction. The ${b.en} may still speak.`,
        zh: `${a.zh}的话已全部说完${withBytes(segment).zh}，关闭自己这个方向。${b.zh}仍可继续发送。`,
      },
      clause: 'RFC 9293 §3.6',
    }),
    'finish-too': () => ({
      sentence: {
        en: `The ${a.en} is done too${withBytes(segment).en}: once this is confirmed, the connection is closed.`,
        zh: `${a.zh}也说完了${withBytes(segment).zh}：待对方确认后，连接就关闭了。`,
      },
      clause: 'RFC 9293 §3.6',
    }),
    'finish-at-once': () => ({
      sentence: {
        en: `The ${a.en} closes its direction as well, before it heard that the ${b.en} did: both close at the same time.`,
        zh: `${a.zh}在得知${b.zh}已关闭之前也关闭了自己这个方向：双方同时关闭。`,
      },
      clause: 'RFC 9293 §3.6',
    }),
    'finish-heard': () => ({
      sentence: {
        en: `The ${a.en} confirms that it knows the ${b.en} is done.`,
        zh: `${a.zh}确认已知道${b.zh}说完了。`,
      },
      clause: 'RFC 9293 §3.6',
    }),
    refuse: () => ({
      sentence: {
        en: `The ${a.en} refuses: no program listens on this port, or something on the way forbids it.`,
        zh: `${a.zh}拒绝连接：没有程序在监听这个端口，或者途中有设备不允许。`,
      },
      clause: 'RFC 9293 §3.5.2',
    }),
    reset: () => ({
      sentence: {
        en: `The ${a.en} cuts the connection off at once. What was still on its way is lost, and there is no goodbye.`,
        zh: `${a.zh}立即切断了连接。途中的数据丢失，也没有道别。`,
      },
      clause: 'RFC 9293 §3.5.2',
    }),
    'late-reset': () => ({
      sentence: {
        en: `The ${a.en} answers what came late: for it, the connection is over. Nothing is lost, as both had said goodbye.`,
        zh: `${a.zh}回应迟到的数据包：对它来说连接已经结束。双方都已道别，没有丢失任何数据。`,
      },
      clause: 'RFC 9293 §3.5.2',
    }),
  }
  return words[moment.deed]()
}

const noteWords: Readonly<Record<Exclude<SegmentNote, 'keep-alive'>, (talkers: Talkers) => Text>> = {
  retransmission: ({ listener }) => ({
    en: `It sends this again, as no confirmation came in time: the segment or its confirmation was lost or late, or the ${listener.en} did not answer.`,
    zh: `这是重传：没有及时等到确认，可能是报文段或它的确认丢失、迟到，也可能是${listener.zh}没有回应。`,
  }),
  'out-of-order': () => ({
    en: 'It came after bytes that follow it: it was overtaken on the way, or lost and sent again.',
    zh: '它晚于排在其后的字节到达：可能在途中被超越，也可能是丢失后重发。',
  }),
  gap: () => ({
    en: 'Bytes before it are missing from the capture; the connection itself may well have had them.',
    zh: '抓包中缺少它之前的字节；连接本身很可能并没有丢失它们。',
  }),
}

const noteClauses: Readonly<Partial<Record<SegmentNote, string>>> = {
  retransmission: 'RFC 9293 §3.8.1',
  'out-of-order': 'RFC 9293 §3.10.7.4',
}

function moreWords({ note, inferred, flags, payloadBytes, window }: Segment, talkers: Talkers): Text[] {
  const more: Text[] = []
  if (note !== undefined && note !== 'keep-alive') more.push(noteWords[note](talkers))
  if (window === 0 && payloadBytes > 0 && !flags.includes('RST')) {
    more.push({ en: 'It can itself take in nothing more for now.', zh: '它自己暂时无法再接收数据。' })
  }
  if (inferred) {
    more.push({
      en: 'Inferred from what the system told of the socket; no packet was captured.',
      zh: '由系统对套接字的报告推断得出，并未抓取数据包。',
    })
  }
  return more
}

function number({ sequence }: Segment, words: string): string {
  return sequence === undefined ? '' : words.replace('{}', String(sequence))
}

function bytesEn(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`
}

function placeEn(first: number | undefined, last: number | undefined): string {
  if (first === undefined || last === undefined) return ''
  return first === last ? `: number ${first} of its stream` : `: numbers ${first} to ${last} of its stream`
}

function placeZh(first: number | undefined, last: number | undefined): string {
  if (first === undefined || last === undefined) return ''
  return first === last ? `：其字节流中的第 ${first} 个` : `：其字节流中的第 ${first} 至第 ${last} 个`
}

function withBytes({ payloadBytes }: Segment): Text {
  if (payloadBytes === 0) return { en: '', zh: '' }
  return { en: ` with these last ${bytesEn(payloadBytes)}`, zh: `（连同这最后的 ${payloadBytes} 字节）` }
}
