import { fillText } from 'centouno/telling'
import type { CodeDetails, Text } from 'centouno/telling'

/** Why a file of recorded connections cannot be opened. */
export type RecordedFileCode =
  | 'FILE_TOO_LARGE'
  | 'FILE_UNKNOWN'
  | 'FILE_NOT_JSON'
  | 'SESSION_VERSION'
  | 'SESSION_SHAPE'
  | 'HAR_SHAPE'
  | 'HAR_WITHOUT_WEBSOCKET'

const sentences: Readonly<Record<RecordedFileCode, Text>> = {
  FILE_TOO_LARGE: {
    en: 'The file has {bytes} bytes; {most} can be opened. Of a capture, keep the connection that matters: tcpdump -r in -w out "port 443".',
    zh: '文件有 {bytes} 字节，最多可以打开 {most} 字节。如果是抓包文件，请只保留需要的连接：tcpdump -r 输入 -w 输出 "port 443"。',
  },
  FILE_UNKNOWN: {
    en: 'This is neither a capture (pcap, pcapng) nor a session nor a HAR. Give a file of tcpdump or Wireshark, of --record, or of a browser’s network panel.',
    zh: '这既不是抓包文件（pcap、pcapng），也不是会话文件或 HAR。请提供 tcpdump 或 Wireshark 的抓包、--record 写出的文件，或浏览器网络面板导出的 HAR。',
  },
  FILE_NOT_JSON: {
    en: 'The file begins like JSON and cannot be read as such: it is damaged, or its end is missing.',
    zh: '文件开头像 JSON，却无法按 JSON 读取：它已损坏，或者缺了结尾。',
  },
  SESSION_VERSION: {
    en: 'The session is of version {version}; this program reads version 1. Open it with a newer centouno.',
    zh: '会话文件的版本是 {version}，本程序只能读取版本 1。请用更新版本的 centouno 打开。',
  },
  SESSION_SHAPE: {
    en: 'The session is damaged: {path} should be {expected}. Record it anew.',
    zh: '会话文件已损坏：{path} 应为 {expected}。请重新录制。',
  },
  HAR_SHAPE: {
    en: 'The HAR is damaged: {path} should be {expected}. Export it anew.',
    zh: 'HAR 已损坏：{path} 应为 {expected}。请重新导出。',
  },
  HAR_WITHOUT_WEBSOCKET: {
    en: 'The HAR has no WebSocket among its {entries} entries. Open the network panel before the page connects, and export then.',
    zh: 'HAR 的 {entries} 个条目里没有 WebSocket。请在页面连接之前打开网络面板，之后再导出。',
  },
}

/** A file of recorded connections that cannot be opened. */
export class RecordedFileError extends Error {
  override readonly name = 'RecordedFileError'
  readonly code: RecordedFileCode
  /** What is wrong and what to do, in both languages. */
  readonly text: Text

  constructor(code: RecordedFileCode, details: CodeDetails = {}) {
    const text = fillText(sentences[code], details)
    super(text.en)
    this.code = code
    this.text = text
  }
}
