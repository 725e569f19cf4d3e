import { closingText, statusCodeRow } from 'centouno/telling'
import type { ClosingCause, ClosingText, Language, Text } from 'centouno/telling'
import type { ToldClosing } from './dialogue.ts'

/** How a connection ended that was only looked at, in words. */
export interface PassedEndText {
  readonly code: string
  readonly sentence: Text
  readonly hint: Text
}

type Row = Pick<PassedEndText, 'sentence' | 'hint'>

/** Ends without a goodbye, as somebody tells them who stands between client and server. */
const rows: Partial<Readonly<Record<ClosingCause, Row>>> = {
  'local-abort': {
    sentence: {
      en: 'The client ended the TCP connection, and the closing handshake had not been completed.',
      zh: '客户端结束了 TCP 连接，而关闭握手还没有完成。',
    },
    hint: {
      en: 'What was still on its way may be lost. A page that is left does so, and a program that is killed or does not call close().',
      zh: '仍在途中的数据可能已丢失。离开页面会这样，程序被终止或没有调用 close() 也会这样。',
    },
  },
  'peer-fin': {
    sentence: {
      en: 'The server ended the TCP connection (FIN) without a Close frame.',
      zh: '服务器没有发送 Close 帧就结束了 TCP 连接（FIN）。',
    },
    hint: {
      en: 'Its process may have ended, or a proxy before it has a time limit. Look at the log of the server.',
      zh: '服务器进程可能退出了，或者它前面的代理设有时限。请查看服务器日志。',
    },
  },
  'peer-reset': {
    sentence: {
      en: 'The TCP connection was reset (RST), by the server or by something before it.',
      zh: 'TCP 连接被重置（RST），可能是服务器所为，也可能是它前面的设备。',
    },
    hint: {
      en: 'The process of the server was killed or cut the connection off, or a firewall or NAT forgot it. Look at the log of the server.',
      zh: '服务器进程可能被杀死或强行断开了连接，也可能是防火墙或 NAT 丢弃了这条连接。请查看服务器日志。',
    },
  },
  'tls-alert': {
    sentence: {
      en: 'The TLS layer of the server broke the connection off with an alert.',
      zh: '服务器的 TLS 层发出警报并中断了连接。',
    },
    hint: {
      en: 'An alert in the middle of a connection means that bytes were altered on the way, or that a certificate was refused late. Look at the log of the server.',
      zh: '连接途中出现警报，说明数据在途中被改动，或者证书在握手之后才被拒绝。请查看服务器日志。',
    },
  },
}

/** @param watched whoever tells it did not make it, or made it some time ago: then neither side is "this side" */
export function endText(closing: ToldClosing, language: Language, watched: boolean): ClosingText {
  if (!watched) return closingText(closing, language)
  const { code, sentence, hint } = passedEndText(closing)
  return { code, sentence: sentence[language], hint: hint[language] }
}

/** Seen from between the two, neither is "this side". */
export function passedEndText(closing: ToldClosing): PassedEndText {
  const [en, zh] = [closingText(closing, 'en'), closingText(closing, 'zh')]
  const hint = { en: en.hint, zh: zh.hint }
  const row = rows[closing.cause]
  if (row !== undefined) return { code: en.code, ...row }
  const sentence = goodbye(closing) ?? { en: en.sentence, zh: zh.sentence }
  return { code: en.code, sentence, hint }
}

function goodbye({ clean, cause, initiator, sent, received }: ToldClosing): Text | undefined {
  const frame = initiator === 'local' ? sent : received
  if (cause !== 'closing-handshake' || frame === undefined) return undefined
  const who: Text = initiator === 'local' ? { en: 'The client', zh: '客户端' } : { en: 'The server', zh: '服务器' }
  const name = statusCodeRow(frame.code)?.name ?? ''
  const code = name === '' ? String(frame.code) : `${frame.code} ${name}`
  const says = frame.reason === '' ? '' : `: “${frame.reason}”`
  const answer: Text = clean ? { en: '', zh: '' } : { en: ', and the client did not answer', zh: '，客户端没有回应' }
  return {
    en: `${who.en} closed it with ${code}${says}${answer.en}`,
    zh: `${who.zh}关闭了连接，状态码 ${code}${says}${answer.zh}`,
  }
}
