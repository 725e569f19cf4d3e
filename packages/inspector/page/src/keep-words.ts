import type { Text } from 'centouno/telling'

/** The words of what is kept: tabs, history, saved requests, session files. */

function text(en: string, zh: string): Text {
  return { en, zh }
}

export const keepWords = {
  connections: text('Connections', '连接'),
  newTab: text('New connection', '新建连接'),
  unnamed: text('new', '新连接'),
  closeTab: text('Close {name}', '关闭 {name}'),
  tapped: text('watched through the tap', '经监听代理查看'),
  tabLimit: text(
    'There is no room for one more tab: 32 are open. Close one of them.',
    '已打开 32 个标签页，无法再增加。请先关闭其中一个。',
  ),
} as const satisfies Record<string, Text>
