import { statusCodes } from 'centouno/telling'
import type { CloseFrame, Closing, Text } from 'centouno/telling'
import { StageLines } from './dialogue-line.ts'
import type { DialogueLine, Speaker } from './dialogue-line.ts'

/** How a connection ended: what `Closing` tells, without the error object, so that it survives JSON. */
export type ToldClosing = Omit<Closing, 'error'>

// RFC 6455 §7.1.5: stands for a Close that carried no status code.
const noCode = 1005

// RFC 6455 §7.4.2
const ownCode: Text = { en: 'a code of the application’s own.', zh: '应用程序自定义的状态码。' }

/** The goodbye: the closing handshake as it went, and how the TCP connection ended. */
export function goodbyeLines(closing: ToldClosing): DialogueLine[] {
  const lines = new StageLines('close')
  const localFirst = closing.initiator === 'local'
  const local = closing.sent && { who: 'client' as const, frame: closing.sent }
  const remote = closing.received && { who: 'server' as const, frame: closing.received }
  const [first, second] = localFirst ? [local, remote] : [remote, local]
  if (first) lines.say(first.who, farewell(first.frame), quoteClose(first.frame))
  if (second) {
    lines.say(second.who, first ? echo(second.frame) : farewell(second.frame), quoteClose(second.frame))
  }
  const end = new StageLines('disconnect')
  const last = ending(closing)
  end.say(last.who, last.text, last.quote)
  return [...lines.lines, ...end.lines]
}

function farewell(frame: CloseFrame): Text {
  const said = frame.reason === '' ? undefined : frame.reason
  if (frame.code === noCode) return { en: 'Goodbye.', zh: '再见。' }
  const meaning = statusCodes.find(({ code }) => code === frame.code)?.meaning ?? ownCode
  return {
    en: `Goodbye. I close with ${frame.code}: ${meaning.en}${said === undefined ? '' : ` My words: “${said}”.`}`,
    zh: `再见。我的状态码是 ${frame.code}：${meaning.zh}${said === undefined ? '' : `用我的话说：“${said}”。`}`,
  }
}

function echo(frame: CloseFrame): Text {
  if (frame.code === noCode) return { en: 'Goodbye to you too.', zh: '再见。' }
  const words = frame.reason === '' ? '' : ` “${frame.reason}”`
  return { en: `Understood (${frame.code}).${words} Goodbye to you too.`, zh: `收到（${frame.code}）。${words}再见。` }
}

function quoteClose(frame: CloseFrame): string {
  const code = frame.code === noCode ? '' : ` ${frame.code}`
  return `Close${code}${frame.reason === '' ? '' : ` ${JSON.stringify(frame.reason)}`}`
}

function ending(closing: ToldClosing): { who: Speaker; text: Text; quote?: string } {
  switch (closing.cause) {
    case 'closing-handshake':
      return {
        who: 'network',
        text: {
          en: 'Both said goodbye. The line is free again.',
          zh: '双方都已道别，线路已释放。',
        },
        quote: 'FIN',
      }
    case 'peer-fin':
      return {
        who: 'network',
        text: {
          en: 'The server hung up without a goodbye. That is what 1006 stands for here.',
          zh: '服务器没有道别就挂断了。这里的 1006 指的就是这个。',
        },
        quote: 'FIN',
      }
    case 'peer-reset':
      return {
        who: 'network',
        text: {
          en: 'The line was cut: the other side, or somebody on the way, reset the connection.',
          zh: '线路被切断：对方或途中的设备重置了连接。',
        },
        quote: 'RST',
      }
    case 'transport-error':
      return {
        who: 'network',
        text: { en: 'The line broke down while you were talking.', zh: '通话途中线路断了。' },
      }
    case 'protocol-violation':
      return {
        who: 'client',
        text: {
          en: `You broke a rule of the protocol (${closing.violation ?? 'unknown'}), so I hung up.`,
          zh: `你违反了协议规则（${closing.violation ?? '未知'}），我只好挂断。`,
        },
      }
    case 'over-limit':
      return {
        who: 'client',
        text: {
          en: `That was more than I can take (${closing.violation ?? 'unknown'}), so I hung up.`,
          zh: `这超出了我能接受的上限（${closing.violation ?? '未知'}），我只好挂断。`,
        },
      }
    case 'close-timeout':
      return {
        who: 'client',
        text: {
          en: 'I said goodbye and waited, but no answer came. I hung up.',
          zh: '我道了别，等了又等，没有回音，只好挂断。',
        },
      }
    case 'local-abort':
      return {
        who: 'client',
        text: { en: 'I hung up at once, without a goodbye.', zh: '我没有道别，直接挂断了。' },
      }
  }
}
