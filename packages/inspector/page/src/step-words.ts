import type { Text } from 'centouno/telling'
import type { StepOutcome } from '../../src/agent/agent-message.ts'

/** The words of the steps that a saved request brings. */

function text(en: string, zh: string): Text {
  return { en, zh }
}

type StepState = StepOutcome['kind'] | 'waiting'

export const stepWords = {
  steps: text('Saved steps', '已保存的步骤'),
  run: text('Run steps', '运行步骤'),
  stop: text('Stop', '停止'),
  whenOpen: text('Connect first.', '请先连接。'),
  waiting: text('not yet done', '尚未运行'),
  going: text('going on', '进行中'),
  done: text('done', '完成'),
  failed: text('failed', '失败'),
  stopped: text('stopped', '已停止'),
} as const satisfies Record<string, Text>

export const stepMarks: Readonly<Record<StepState, string>> = {
  waiting: '·',
  going: '…',
  done: '✓',
  failed: '✗',
  stopped: '■',
}
