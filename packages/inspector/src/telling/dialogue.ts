import type { ConnectionReport, StageRecord } from 'centouno/telling'
import { goodbyeLines } from './dialogue-goodbye.ts'
import type { ToldClosing } from './dialogue-goodbye.ts'
import { StageLines } from './dialogue-line.ts'
import type { DialogueLine } from './dialogue-line.ts'
import { connectLines, proxyLines, resolveLines, sayFailure, secureLines } from './dialogue-network.ts'
import { replyLines } from './dialogue-reply.ts'
import { requestLines } from './dialogue-request.ts'

export type { DialogueLine, Speaker } from './dialogue-line.ts'
export type { ToldClosing } from './dialogue-goodbye.ts'

/**
 * Tells a connection as a conversation between client and server, with the network's word where names, TCP and
 * certificates are concerned: one line after the other, each with the part of the wire it explains. Pure; also fit for
 * a report that is still being written. `closing` adds the goodbye.
 */
export function dialogue(report: ConnectionReport, closing?: ToldClosing): DialogueLine[] {
  const host = hostOf(report.url)
  const lines = report.stages.flatMap((stage) => stageLines(stage, report, host))
  return closing === undefined ? lines : [...lines, ...goodbyeLines(closing, report.stages)]
}

function stageLines(stage: StageRecord, report: ConnectionReport, host: string): DialogueLine[] {
  switch (stage.name) {
    case 'resolve':
      return resolveLines(stage, host, report.verdict)
    case 'connect':
      return connectLines(stage, host, report.verdict)
    case 'secure':
      return secureLines(stage, host, report.verdict)
    case 'upgrade':
      return upgradeLines(stage, report, host)
    case 'open':
      return report.verdict.ok ? openLines() : []
    case 'proxy':
      return proxyLines(stage, report.verdict)
    case 'close':
    case 'disconnect':
      // The goodbye is told from `closing`, which knows who said what.
      return []
  }
}

function upgradeLines(stage: StageRecord, report: ConnectionReport, host: string): DialogueLine[] {
  const request = report.request ? requestLines(report.request, host) : []
  if (report.response) return [...request, ...replyLines(report, report.response)]
  const silence = new StageLines('upgrade')
  if (stage.ok === false) sayFailure(silence, report.verdict)
  return [...request, ...silence.lines]
}

function openLines(): DialogueLine[] {
  const lines = new StageLines('open')
  lines.say('client', {
    en: 'Your proof is right. The line is open: from now on either of us may speak at any time.',
    zh: '你的证明没错。连接已打开：从现在起，我们谁都可以随时开口。',
  })
  return lines.lines
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname
  } catch {
    return url
  }
}
