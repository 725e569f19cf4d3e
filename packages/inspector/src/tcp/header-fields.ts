import type { Text } from 'centouno/telling'
import { bytesValue, fieldValue } from '../wire/field-value.ts'
import type { WireField } from '../wire/rung.ts'
import type { TcpHeader } from './tcp-header.ts'
import type { TcpOption } from './tcp-options.ts'

/** What the fields of one segment mean depends on the segments before it. */
export interface NumberContext {
  /** The sequence number of the SYN, from this side and from the other, where known: what relative numbers count from. */
  readonly initial: number | undefined
  readonly otherInitial: number | undefined
  /** By how many bits this side's window is to be shifted; undefined when its SYN was not seen. */
  readonly windowShift: number | undefined
}

/** How far a number is from the SYN's, so that the first byte is 1. */
export function relative(number: number, initial: number | undefined): number | undefined {
  return initial === undefined ? undefined : (number - initial) >>> 0
}

const flagMeanings: Readonly<Record<string, Text>> = {
  CWR: { en: 'The sender has slowed down, as it was asked to.', zh: '发送方已应要求放慢速度。' },
  ECE: { en: 'A router on the way reports congestion.', zh: '途中的路由器报告拥塞。' },
  URG: { en: 'The urgent pointer counts.', zh: '紧急指针有效。' },
  ACK: { en: 'The acknowledgment number counts.', zh: '确认号有效。' },
  PSH: {
    en: 'Hand these bytes to the program without waiting for more.',
    zh: '请立即把这些字节交给程序，不必等待更多数据。',
  },
  RST: { en: 'The connection is over at once.', zh: '连接立即终止。' },
  SYN: { en: 'The numbering of this direction begins here.', zh: '这个方向的编号从这里开始。' },
  FIN: { en: 'Nothing more will come from this side.', zh: '这一方不会再发送任何数据。' },
}

// From the highest bit of the control bits to the lowest.
const flagBits = ['CWR', 'ECE', 'URG', 'ACK', 'PSH', 'RST', 'SYN', 'FIN'] as const

/** The fields of a TCP header (RFC 9293 §3.1), with its options. */
export function tcpHeaderFields(header: TcpHeader, numbers: NumberContext): WireField[] {
  const acknowledges = header.flags.includes('ACK')
  const fields: WireField[] = [
    { name: 'Source Port', value: String(header.sourcePort), start: 0, end: 2 },
    { name: 'Destination Port', value: String(header.destinationPort), start: 2, end: 4 },
    {
      name: 'Sequence Number',
      ...fieldValue(numberText(header.sequence, numbers.initial)),
      start: 4,
      end: 8,
      meaning: { en: 'The number of the first byte of this segment.', zh: '本报文段第一个字节的序号。' },
    },
    {
      name: 'Acknowledgment Number',
      ...fieldValue(
        acknowledges
          ? numberText(header.acknowledgement, numbers.otherInitial)
          : { en: `${header.acknowledgement} (unused)`, zh: `${header.acknowledgement} (未使用)` },
      ),
      start: 8,
      end: 12,
      meaning: {
        en: 'The number that is expected next: everything before it has arrived.',
        zh: '期待收到的下一个序号：在它之前的都已收到。',
      },
    },
    {
      name: 'Data Offset',
      ...fieldValue({
        en: `${header.length / 4} words, ${header.length} bytes`,
        zh: `${header.length / 4} 个 32 位字，${header.length} 字节`,
      }),
      start: 12,
      end: 13,
      bits: [0, 3],
      meaning: { en: 'How long the header is.', zh: '头部的长度。' },
    },
    { name: 'Reserved', value: String(header.reserved), start: 12, end: 13, bits: [4, 7] },
    ...flagBits.map((name, bit) => flagField(name, bit, header)),
    {
      name: 'Window',
      ...fieldValue(windowText(header, numbers.windowShift)),
      start: 14,
      end: 16,
      meaning: { en: 'How many more bytes the sender of this can take in.', zh: '本方还能接收多少字节。' },
    },
    {
      name: 'Checksum',
      value: hex(header.checksum),
      start: 16,
      end: 18,
      meaning: {
        en: 'Not checked: in what a machine captures of its own sending, the network card has yet to fill it in.',
        zh: '未作校验：本机抓到的发出的数据包里，校验和往往尚未由网卡填写。',
      },
    },
    { name: 'Urgent Pointer', value: String(header.urgentPointer), start: 18, end: 20 },
  ]
  if (header.options.length > 0) fields.push(optionsField(header, numbers))
  return fields
}

function flagField(name: (typeof flagBits)[number], bit: number, { flags }: TcpHeader): WireField {
  const set = flags.includes(name)
  const meaning = set ? flagMeanings[name] : undefined
  return {
    name,
    value: set ? '1' : '0',
    start: 13,
    end: 14,
    bits: [bit, bit],
    ...(meaning === undefined ? {} : { meaning }),
  }
}

function optionsField(header: TcpHeader, numbers: NumberContext): WireField {
  const { options, length } = header
  return {
    name: 'Options',
    ...fieldValue(bytesValue(length - (options[0]?.start ?? length))),
    start: options[0]?.start ?? length,
    end: length,
    fields: options.map((option) => optionField(option, numbers)),
  }
}

function optionField(option: TcpOption, numbers: NumberContext): WireField {
  return { ...optionText(option, numbers), start: option.start, end: option.end }
}

function optionText(option: TcpOption, numbers: NumberContext): Pick<WireField, 'name' | 'value' | 'zh' | 'meaning'> {
  switch (option.kind) {
    case 'end':
      return { name: 'End of Option List', ...fieldValue(padding) }
    case 'no-operation':
      return { name: 'No-Operation', ...fieldValue(padding) }
    case 'maximum-segment-size':
      return {
        name: 'Maximum Segment Size',
        ...fieldValue(bytesValue(option.bytes)),
        meaning: { en: 'The most data this side takes in one segment.', zh: '本方单个报文段最多接收的数据量。' },
      }
    case 'window-scale':
      return {
        name: 'Window Scale',
        ...fieldValue({
          en: `${option.shift}: times ${2 ** option.shift}`,
          zh: `${option.shift}：乘以 ${2 ** option.shift}`,
        }),
        meaning: {
          en: 'What the window of later segments is multiplied by, when both sides offer it (RFC 7323 §2).',
          zh: '双方都提供该选项时，之后报文段的窗口值要乘以的倍数（RFC 7323 §2）。',
        },
      }
    case 'sack-permitted':
      return {
        name: 'SACK Permitted',
        ...fieldValue({ en: 'yes', zh: '是' }),
        meaning: {
          en: 'The other side may tell which bytes came although others before them are missing (RFC 2018 §2).',
          zh: '对方可以告知哪些字节已到、而之前的字节尚缺（RFC 2018 §2）。',
        },
      }
    case 'sack':
      return {
        name: 'SACK',
        ...fieldValue(blocksText(option.blocks, numbers.otherInitial)),
        meaning: {
          en: 'These came although others before them are missing (RFC 2018 §3). Only what is missing need be sent again.',
          zh: '这些字节已到，但之前有缺失（RFC 2018 §3）。只需重传缺失的部分。',
        },
      }
    case 'timestamps':
      return {
        name: 'Timestamps',
        value: `TSval ${option.value}, TSecr ${option.echo}`,
        meaning: {
          en: 'The clock of this side, and the other’s as heard last: how round trips are measured (RFC 7323 §3).',
          zh: '本方的时钟，以及最近收到的对方时钟：用来测量往返时间（RFC 7323 §3）。',
        },
      }
    case 'unknown':
      return { name: `Option ${option.number}`, ...fieldValue(bytesValue(option.end - option.start)) }
    case 'malformed':
      return {
        name: 'Malformed option',
        ...fieldValue({ en: 'its length leads out of the header', zh: '其长度超出了头部' }),
      }
  }
}

const padding: Text = { en: 'padding', zh: '填充' }

function numberText(number: number, initial: number | undefined): Text {
  const counted = relative(number, initial)
  if (counted === undefined) return { en: String(number), zh: String(number) }
  return { en: `${counted} (${number} on the wire)`, zh: `${counted} (线路上为 ${number})` }
}

function blocksText(blocks: readonly { left: number; right: number }[], initial: number | undefined): Text {
  const ends = blocks.map(({ left, right }) => [numberText(left, initial), numberText(right, initial)] as const)
  return {
    en: ends.map(([left, right]) => `${left.en} to ${right.en}`).join(', '),
    zh: ends.map(([left, right]) => `${left.zh} 至 ${right.zh}`).join('，'),
  }
}

/** RFC 7323 §2.2: the window of a segment with SYN is never scaled. */
function windowText({ flags, window }: TcpHeader, shift: number | undefined): Text {
  if (flags.includes('SYN') || shift === 0) return bytesValue(window)
  if (shift === undefined) {
    return { en: `${window}, in units that the SYN would have told`, zh: `${window}，单位本应由 SYN 说明` }
  }
  const scaled = bytesValue(window * 2 ** shift)
  const product = `${window} × ${2 ** shift}`
  return { en: `${product} = ${scaled.en}`, zh: `${product} = ${scaled.zh}` }
}

function hex(number: number): string {
  return `0x${number.toString(16).padStart(4, '0')}`
}
