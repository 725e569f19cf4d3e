/**
 * Writes docs/tour.md and docs/tour.zh.md from one real connection: `npm run build && node scripts/tour.mjs`.
 * Needs the right to capture, and tcpdump or dumpcap: TCP's segments are shown as they were seen, not inferred.
 */
import { writeFileSync } from 'node:fs'
import { connect } from '../packages/centouno/dist/index.js'
import { startLiveCapture } from '../packages/inspector/dist/capture/live-capture.js'
import { startDemo } from '../packages/inspector/dist/demo/demo-server.js'
import { LiveLadder } from '../packages/inspector/dist/ladder/live-ladder.js'

const bytesShown = 48
const bytesPerLine = 16

const prose = {
  title: { en: 'A tour: one connection from SYN to FIN', zh: '导览：一条连接，从 SYN 到 FIN' },
  other: { en: '[中文](tour.zh.md)', zh: '[English](tour.md)' },
  unmasked: { en: 'The mask taken off:', zh: '去掉掩码后：' },
  introduction: {
    en: `A client opened \`{url}\`, sent _hello_, got it back, and said goodbye. Below is all that crossed the network, byte for
byte, as centouno saw it: TCP's segments from a capture, what TLS hid opened with this connection's own keys. Segments that
only carry or confirm what is told anyway are left out. Get the same of any connection, live: \`npm start\`, or
\`npx centouno inspect --ladder --bytes <url>\`. (This page is written by \`scripts/tour.mjs\` from such a connection.)`,
    zh: `客户端打开了 \`{url}\`，发送 _hello_，收到同样的回复，然后道别。下面是网络上传过的全部内容，逐字节，如 centouno 所见：
TCP 报文段来自抓包，TLS 隐藏的内容用这条连接自己的密钥解开。只负责运送或确认的报文段略去不表。任何连接都可以这样看，而且是
实时的：\`npm start\`，或 \`npx centouno inspect --ladder --bytes --lang zh <url>\`。（本页由 \`scripts/tour.mjs\` 根据一条真实连接写成。）`,
  },
}

/** The chapters: which arrows belong to each, told by the first of them. */
const chapters = [
  {
    begins: ({ label }) => label.en === 'SYN',
    title: { en: '1. TCP says hello', zh: '一、TCP 打招呼' },
    text: {
      en: 'Before any byte can be sent, both sides agree that they hear each other: three segments, one round trip.',
      zh: '在发送任何数据之前，双方先确认彼此听得见：三个报文段，一个往返。',
    },
  },
  {
    begins: ({ label }) => label.en === 'ClientHello',
    title: { en: '2. TLS makes it private', zh: '二、TLS 让它保密' },
    text: {
      en: 'Because the URL says `wss:`. From ServerHello on everything is encrypted; the server shows who it is, and both make sure that nobody has changed what was said.',
      zh: '因为 URL 写的是 `wss:`。从 ServerHello 起全部加密；服务器表明自己是谁，双方再确认说过的话没有被人改动。',
    },
  },
  {
    begins: ({ layer }) => layer === 'http',
    title: { en: '3. HTTP asks for a WebSocket', zh: '三、用 HTTP 请求 WebSocket' },
    text: {
      en: 'The second handshake is an ordinary HTTP request with a wish: to stop being HTTP. The answer, 101, is what this project is named for.',
      zh: '第二次握手是一个普通的 HTTP 请求，带着一个愿望：不再是 HTTP。回答是 101，这个项目就以它命名。',
    },
  },
  {
    begins: ({ layer }) => layer === 'websocket',
    title: { en: '4. Both may speak at any time', zh: '四、双方随时可以说话' },
    text: {
      en: 'Messages travel in frames, in both directions at once. What a client sends is masked with four random bytes, so that no proxy on the way can be tricked into taking it for something else.',
      zh: '消息装在帧里，两个方向同时传送。客户端发送的内容要用四个随机字节做掩码，使途中的代理不会把它误认为别的东西。',
    },
  },
  {
    begins: ({ label }) => label.en.startsWith('Close'),
    title: { en: '5. Goodbye, three times', zh: '五、三次道别' },
    text: {
      en: 'Each layer closes in its own words: WebSocket with Close and a status code, TLS with close_notify, TCP with FIN in each direction.',
      zh: '每一层都用自己的话道别：WebSocket 用 Close 和状态码，TLS 用 close_notify，TCP 在每个方向上用 FIN。',
    },
  },
]

/** Fields that are worth a line, by arrow; all fields where it is not listed. */
const telling = {
  SYN: ['Sequence Number', 'SYN', 'Window', 'Maximum Segment Size', 'Window Scale'],
  'SYN-ACK': ['Sequence Number', 'Acknowledgment Number', 'SYN', 'ACK'],
  ACK: ['Acknowledgment Number', 'ACK'],
  FIN: ['Sequence Number', 'FIN', 'ACK'],
  ClientHello: [
    'random',
    'cipher_suites',
    'server_name',
    'application_layer_protocol_negotiation',
    'supported_versions',
    'key_share',
  ],
  ServerHello: ['random', 'cipher_suite', 'supported_versions', 'key_share'],
  ChangeCipherSpec: [],
  EncryptedExtensions: ['application_layer_protocol_negotiation'],
  Certificate: ['cert_data'],
  CertificateVerify: ['algorithm', 'signature'],
  Finished: ['verify_data'],
  NewSessionTicket: ['ticket_lifetime'],
  'Alert: close_notify': ['description'],
}
const notWorthALine = new Set(['CRLF', 'RSV1', 'RSV2', 'RSV3'])

const { url, rungs } = await record()
for (const language of ['en', 'zh']) {
  const file = new URL(`../docs/tour${language === 'en' ? '' : '.zh'}.md`, import.meta.url)
  writeFileSync(file, tour(language))
}

async function record() {
  const demo = await startDemo({ port: 0, mode: 'echo', tls: true })
  const port = Number(new URL(demo.url).port)
  const capture = await startLiveCapture([{ address: '127.0.0.1', port }])
  const all = []
  const ladder = new LiveLadder((rung) => all.push(rung), capture)
  const address = `wss://localhost:${port}/echo?room=42`
  const socket = await connect(address, {
    origin: 'https://example.com',
    proxy: false,
    tls: { rejectUnauthorized: false },
    wire: ladder,
    observe: (change) => ladder.change(change),
  })
  await socket.send('hello')
  await socket[Symbol.asyncIterator]().next()
  await socket.close(1000, 'goodbye')
  await ladder.told
  await capture.stop()
  await demo.close()
  return { url: address, rungs: all.filter((rung, index) => isTold(rung, all.slice(0, index))) }
}

/** Not those that only carry or confirm: records around frames, segments around records, their ACKs. */
function isTold({ layer, label }, before) {
  // OpenSSL's server sends two: one is enough to see what it is.
  if (label.en === 'NewSessionTicket' && before.some((rung) => rung.label.en === label.en)) return false
  if (layer === 'tls') return !label.en.startsWith('Application data')
  if (layer !== 'tcp') return true
  // The ACK of the handshake, and the one of the last FIN.
  const fins = before.filter((rung) => rung.label.en === 'FIN').length
  const acks = before.filter((rung) => rung.label.en === 'ACK').length
  return /SYN|FIN|RST/.test(label.en) || (label.en === 'ACK' && (acks === 0 || fins === 2))
}

function tour(language) {
  const lines = [
    `# ${prose.title[language]}`,
    '',
    prose.other[language],
    '',
    prose.introduction[language].replace('{url}', url),
  ]
  let next = 0
  for (const rung of rungs) {
    const chapter = chapters[next]
    if (chapter?.begins(rung)) {
      next += 1
      lines.push('', `## ${chapter.title[language]}`, '', chapter.text[language])
    }
    lines.push('', ...told(rung, language))
  }
  return `${lines.join('\n')}\n`
}

function told({ from, layer, label, atMs, sentence, clause, bytes, byteCount, fields, derived = [] }, language) {
  const arrow = from === 'client' ? '→' : '←'
  const crossed = Buffer.from(bytes, 'base64')
  return [
    `### ${arrow} ${label[language]}`,
    '',
    `${sentence[language]} _${clause}, ${atMs.toFixed(2)} ms_`,
    '',
    '```text',
    ...(layer === 'http' ? headLines(crossed) : hexLines(crossed, byteCount)),
    ...(layer === 'http' ? [] : fieldLines(fields, telling[label.en])),
    ...derived
      .filter(({ text }) => text !== undefined && from === 'client')
      .map(({ text }) => `${prose.unmasked[language]} ${text}`),
    '```',
  ]
}

/** A head is text already: its lines, with the ends of lines that people do not see. */
function headLines(bytes) {
  return bytes
    .toString('latin1')
    .split('\r\n')
    .slice(0, -1)
    .map((line) => `${line}␍␊`)
}

function hexLines(bytes, byteCount) {
  const lines = []
  for (let at = 0; at < Math.min(bytes.length, bytesShown); at += bytesPerLine) {
    const line = bytes.subarray(at, Math.min(at + bytesPerLine, bytesShown))
    const hex = line.toString('hex').replace(/..(?=.)/g, '$& ')
    const text = line.toString('latin1').replace(/[^ -~]/g, '·')
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(3 * bytesPerLine)} ${text}`)
  }
  if (byteCount > bytesShown) lines.push(`…     (${byteCount} bytes)`)
  return lines
}

function fieldLines(fields, names) {
  const chosen = flat(fields).filter(({ name }) => names?.includes(name) ?? !notWorthALine.has(name))
  if (chosen.length === 0) return []
  const width = Math.max(...chosen.map(({ name }) => name.length))
  return [
    '',
    ...chosen.map(({ name, value, start, end }) => `${place(start, end)}  ${name.padEnd(width)}  ${shortened(value)}`),
  ]
}

/** The fields from the outside in, those of a flag's bits included. */
function flat(fields) {
  return fields.flatMap((field) => [field, ...flat(field.fields ?? [])])
}

function place(start, end) {
  return `${start}..${end - 1}`.padEnd(9)
}

function shortened(value) {
  return value.length > 64 ? `${value.slice(0, 63)}…` : value
}
