import { statusCodeRow } from 'centouno/telling'
import type { CloseFrame, Closing, ClosingCause, StageRecord, Text } from 'centouno/telling'
import { StageLines } from './dialogue-line.ts'
import type { DialogueLine, Speaker } from './dialogue-line.ts'

/** How a connection ended: what `Closing` tells, without the error object, so that it survives JSON. */
export type ToldClosing = Omit<Closing, 'error'>

// RFC 6455 §7.1.5: stands for a Close that carried no status code.
const noCode = 1005

// RFC 6455 §7.4.2
const ownCode: Text = { en: 'a code of the application’s own.', zh: '应用程序自定义的状态码。' }

interface Ending {
  readonly who: Speaker
  readonly text: Text
  readonly quote?: string
}

/** The goodbye: the closing handshake as it went, and how the TCP connection ended. */
export function goodbyeLines(closing: ToldClosing, stages: readonly StageRecord[]): DialogueLine[] {
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
  const firstFin = stages.find(({ name }) => name === 'disconnect')?.facts['firstFin']
  const last = closing.cause === 'closing-handshake' ? farewellDone(firstFin) : ending(closing, closing.cause)
  end.say(last.who, last.text, last.quote)
  return [...lines.lines, ...end.lines]
}

function farewell(frame: CloseFrame): Text {
  const said = frame.reason === '' ? undefined : frame.reason
  if (frame.code === noCode) return { en: 'Goodbye.', zh: '再见。' }
  const meaning = statusCodeRow(frame.code)?.meaning ?? ownCode
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

/** RFC 6455 §7.1.1: the server is to close TCP first; who really did is a fact of the last stage. */
function farewellDone(firstFin: unknown): Ending {
  const text: Text = { en: 'Both said goodbye.', zh: '双方都已道别。' }
  const who: Text =
    firstFin === 'remote'
      ? { en: ' The server hung up first, as it should.', zh: '按规矩，由服务器先挂断。' }
      : firstFin === 'local'
        ? { en: ' The client hung up first.', zh: '客户端先挂断。' }
        : { en: '', zh: '' }
  return {
    who: 'network',
    text: { en: `${text.en}${who.en} The line is free again.`, zh: `${text.zh}${who.zh}线路已释放。` },
    quote: 'FIN',
  }
}

/** Nobody says who it was. Where nothing was being done, what stands between is as likely as the other side. */
function afterSilence(silence: number): Text {
  const seconds = Math.round(silence / 1000)
  return {
    en: `Neither of you had said anything for ${seconds} s, and somebody hung up without a goodbye: perhaps a proxy in between, which takes silence for absence.`,
    zh: `你们双方已有 ${seconds} 秒没有说话，于是有人没有道别就挂断了：也许是中间的代理，它把沉默当成了离开。`,
  }
}

function ending(closing: ToldClosing, cause: Exclude<ClosingCause, 'closing-handshake'>): Ending {
  switch (cause) {
    case 'peer-fin':
      return {
        who: 'network',
        text:
          closing.silence !== undefined
            ? afterSilence(closing.silence)
            : {
                en: 'The server hung up without a goodbye. That is what 1006 stands for here.',
                zh: '服务器没有道别就挂断了。这里的 1006 指的就是这个。',
              },
        quote: 'FIN',
      }
    case 'peer-reset':
      return {
        who: 'network',
        text:
          closing.silence !== undefined
            ? afterSilence(closing.silence)
            : {
                en: 'The line was cut: the other side, or somebody on the way, reset the connection.',
                zh: '线路被切断：对方或途中的设备重置了连接。',
              },
        quote: 'RST',
      }
    case 'tls-alert':
      return {
        who: 'network',
        text: {
          en: 'Something in the encryption went wrong, and the server broke off with an alert.',
          zh: '加密出了问题，服务器发出警报并中断了连接。',
        },
        quote: 'TLS alert',
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
    case 'heartbeat-timeout':
      return {
        who: 'client',
        text: {
          en: 'I asked whether anybody was still there, and heard nothing. I hung up.',
          zh: '我问对方还在不在，却没有任何回音，只好挂断。',
        },
      }
    case 'idle-timeout':
      return {
        who: 'client',
        text: {
          en: 'Nobody had said anything for a long time, so I ended it.',
          zh: '很久没有人说话了，于是我结束了通话。',
        },
      }
    case 'lifetime':
      return {
        who: 'client',
        text: {
          en: 'We had talked for as long as I am allowed to, so I ended it.',
          zh: '通话时长已达上限，于是我结束了通话。',
        },
      }
    case 'write-timeout':
      return {
        who: 'client',
        text: {
          en: 'You took in nothing of what I said any more. I hung up.',
          zh: '我说的话你再也没有听进去，我只好挂断。',
        },
      }
    case 'local-abort':
      return {
        who: 'client',
        text: { en: 'I hung up at once, without a goodbye.', zh: '我没有道别，直接挂断了。' },
      }
  }
}
