import { fillText } from 'centouno/telling'
import type { CodeDetails, Text } from 'centouno/telling'

/** Why a capture could not be read or made. */
export type CaptureErrorCode =
  | 'CAPTURE_UNKNOWN_FORMAT'
  | 'CAPTURE_COMPRESSED'
  | 'CAPTURE_DAMAGED'
  | 'CAPTURE_LINK_LAYER'
  | 'CAPTURE_WITHOUT_TCP'
  | 'CAPTURE_NO_TOOL'
  | 'CAPTURE_NOT_PERMITTED'
  | 'CAPTURE_FAILED'

interface CaptureErrorRow {
  readonly sentence: Text
  readonly hint: Text
}

const rows: Readonly<Record<CaptureErrorCode, CaptureErrorRow>> = {
  CAPTURE_UNKNOWN_FORMAT: {
    sentence: {
      en: 'This is no capture: it is neither pcap nor pcapng[; it begins with the bytes {found}].',
      zh: '这不是抓包文件：既不是 pcap，也不是 pcapng[；开头的字节是 {found}]。',
    },
    hint: {
      en: 'Give a file written by tcpdump -w, dumpcap or Wireshark. Others can be converted: editcap -F pcapng in out.',
      zh: '请提供由 tcpdump -w、dumpcap 或 Wireshark 写出的文件。其他格式可以转换：editcap -F pcapng 输入 输出。',
    },
  },
  CAPTURE_COMPRESSED: {
    sentence: { en: 'The capture is compressed ({found}).', zh: '抓包文件是压缩过的（{found}）。' },
    hint: {
      en: 'Unpack it first, for example with gunzip, zstd -d or lz4 -d.',
      zh: '请先解压，例如用 gunzip、zstd -d 或 lz4 -d。',
    },
  },
  CAPTURE_DAMAGED: {
    sentence: {
      en: 'The capture is damaged at byte {at}: what stands there cannot be a record of it.',
      zh: '抓包文件在第 {at} 字节处损坏：那里的内容不可能是一条有效的记录。',
    },
    hint: {
      en: 'Copy it again in binary mode, or capture anew. What stands after this place cannot be found.',
      zh: '请以二进制方式重新复制，或重新抓包。损坏处之后的内容无法定位。',
    },
  },
  CAPTURE_LINK_LAYER: {
    sentence: {
      en: 'None of the packets can be read: they come from a link layer that is not known here (type {types}).',
      zh: '没有一个数据包能读懂：它们来自这里不认识的链路层（类型 {types}）。',
    },
    hint: {
      en: 'Capture on Ethernet, Wi-Fi in its usual mode, loopback, or any interface of Linux (tcpdump -i any).',
      zh: '请在以太网、普通模式的 Wi-Fi、回环接口上抓包，或在 Linux 上使用 tcpdump -i any。',
    },
  },
  CAPTURE_WITHOUT_TCP: {
    sentence: {
      en: 'There is no TCP in this capture ({packets} packets).',
      zh: '这份抓包里没有 TCP（共 {packets} 个数据包）。',
    },
    hint: {
      en: 'A WebSocket connection runs over TCP. Was it the right interface, and did the capture begin before the connection?',
      zh: 'WebSocket 连接运行在 TCP 之上。抓包的接口对吗？是在连接开始之前就启动抓包的吗？',
    },
  },
  CAPTURE_NO_TOOL: {
    sentence: {
      en: 'Packets cannot be captured: neither tcpdump nor dumpcap is on this machine.',
      zh: '无法抓包：本机上既没有 tcpdump，也没有 dumpcap。',
    },
    hint: {
      en: 'Install one of them (apt install tcpdump, brew install wireshark), or do without: the TCP segments are then inferred.',
      zh: '请安装其中之一（apt install tcpdump、brew install wireshark）；不安装也行，TCP 报文段将由推断得出。',
    },
  },
  CAPTURE_NOT_PERMITTED: {
    sentence: {
      en: '{tool} may not capture packets here: {reason}.',
      zh: '{tool} 在这里没有抓包的权限：{reason}。',
    },
    hint: {
      en: 'Run with sudo, or give the tool the right once: sudo setcap cap_net_raw,cap_net_admin=eip $(command -v {tool}). In a container, add NET_RAW.',
      zh: '请用 sudo 运行，或一次性授予权限：sudo setcap cap_net_raw,cap_net_admin=eip $(command -v {tool})。在容器中请加上 NET_RAW。',
    },
  },
  CAPTURE_FAILED: {
    sentence: { en: '{tool} could not capture: {reason}.', zh: '{tool} 无法抓包：{reason}。' },
    hint: {
      en: 'Check the name of the interface (tcpdump -D lists them), or do without: the TCP segments are then inferred.',
      zh: '请检查接口名称（tcpdump -D 可列出）；不抓包也行，TCP 报文段将由推断得出。',
    },
  },
}

/**
 * A capture could not be read or made. `code` is stable; `sentence` says what happened, `hint` what to do. What the
 * system or the tool said is in `details.reason`, in its own words.
 */
export class CaptureError extends Error {
  override readonly name: string = 'CaptureError'
  readonly code: CaptureErrorCode
  readonly sentence: Text
  readonly hint: Text
  readonly details: CodeDetails

  constructor(code: CaptureErrorCode, details: CodeDetails = {}, options?: ErrorOptions) {
    const sentence = fillText(rows[code].sentence, details)
    const hint = fillText(rows[code].hint, details)
    super(`${sentence.en} ${hint.en}`, options)
    this.code = code
    this.sentence = sentence
    this.hint = hint
    this.details = details
  }
}
