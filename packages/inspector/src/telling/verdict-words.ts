import { verdictText } from 'centouno/telling'
import type { Language, StageName, Text, Verdict, VerdictText } from 'centouno/telling'

/** Why of a connection that somebody else made there is no verdict of the engine's: what was seen does not tell it. */
export type SeenCode =
  | 'SEEN_ENCRYPTED'
  | 'SEEN_BYTES_MISSING'
  | 'SEEN_NO_REQUEST'
  | 'SEEN_NO_UPGRADE'
  | 'SEEN_NO_REPLY'
  | 'SEEN_NOT_FINISHED'

const rows: ReadonlyMap<string, { readonly sentence: Text; readonly hint: Text }> = new Map<
  SeenCode,
  { readonly sentence: Text; readonly hint: Text }
>([
  [
    'SEEN_ENCRYPTED',
    {
      sentence: {
        en: 'TLS hides the opening handshake: there is no key that opens it.',
        zh: '开场握手被 TLS 加密：没有能够解开它的密钥。',
      },
      hint: {
        en: 'Set SSLKEYLOGFILE for the client (browsers and curl), or --tls-keylog for Node, capture again from the beginning, and give the file with --keylog.',
        zh: '请为客户端设置 SSLKEYLOGFILE（浏览器、curl），Node 则用 --tls-keylog；从头重新抓包，再用 --keylog 给出该文件。',
      },
    },
  ],
  [
    'SEEN_BYTES_MISSING',
    {
      sentence: {
        en: 'Bytes of this connection were not captured, and what follows them cannot be read.',
        zh: '这条连接有字节没有抓到，其后的内容无法读取。',
      },
      hint: {
        en: 'Capture whole packets (tcpdump -s 0), and on a machine that keeps up with them.',
        zh: '请抓取完整的数据包（tcpdump -s 0），并在处理得过来的机器上抓包。',
      },
    },
  ],
  [
    'SEEN_NO_REQUEST',
    {
      sentence: {
        en: 'No request for a WebSocket was seen on this connection.',
        zh: '在这条连接上没有看到 WebSocket 请求。',
      },
      hint: {
        en: 'If it is a WebSocket all the same, the capture began after its opening handshake: begin to capture, then connect.',
        zh: '如果它确实是 WebSocket，说明抓包开始得比开场握手晚：请先抓包，再连接。',
      },
    },
  ],
  [
    'SEEN_NO_UPGRADE',
    {
      sentence: {
        en: 'The client made an ordinary HTTP request, and asked for no WebSocket.',
        zh: '客户端发出的是普通的 HTTP 请求，没有要求 WebSocket。',
      },
      hint: {
        en: 'If a WebSocket was meant, something on the way removed Upgrade and Connection: a proxy has to be told to pass them on.',
        zh: '如果本意是 WebSocket，那么途中有什么去掉了 Upgrade 和 Connection：需要让代理转发这两个字段。',
      },
    },
  ],
  [
    'SEEN_NO_REPLY',
    {
      sentence: {
        en: 'What was seen ends before the server answered the request.',
        zh: '看到的内容在服务器答复请求之前就结束了。',
      },
      hint: { en: 'Capture longer, or look at the log of the server.', zh: '请抓包久一点，或查看服务器日志。' },
    },
  ],
  [
    'SEEN_NOT_FINISHED',
    {
      sentence: {
        en: 'What was seen ends in the middle of this stage.',
        zh: '看到的内容在这个阶段中途就结束了。',
      },
      hint: { en: 'Capture until the connection has ended.', zh: '请一直抓包到连接结束。' },
    },
  ],
])

/** A verdict in words: of the engine's codes, and of those above. */
export function verdictWords(verdict: Verdict, language: Language): VerdictText {
  const row = rows.get(verdict.code)
  return row === undefined
    ? verdictText(verdict, language)
    : { sentence: row.sentence[language], hint: row.hint[language] }
}

export function seenVerdict(code: SeenCode, stage: StageName): Verdict {
  const row = rows.get(code)
  return { ok: false, stage, code, sentence: row?.sentence.en ?? '', hint: row?.hint.en ?? '', details: {} }
}
