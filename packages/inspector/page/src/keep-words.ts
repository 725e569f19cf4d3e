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

  kept: text('What is kept', '已保存的内容'),
  shut: text('Close', '关闭'),
  requests: text('Requests', '请求'),
  history: text('History', '历史'),
  files: text('Files', '文件'),

  requestsAbout: text(
    'A plain text file: variables, requests, and what is said once they are open. “centouno run FILE” carries out the same file.',
    '一个纯文本文件：变量、请求，以及打开后要发送的内容。用“centouno run 文件”可以运行同一个文件。',
  ),
  saveThis: text('Save this request', '保存当前请求'),
  saveThisHint: text(
    'The form in sight, with what was said on its connection. Secrets become {{env:…}} variables. Certificates, keys and compression are not saved.',
    '保存当前表单以及在该连接上发送过的内容。敏感值会变成 {{env:…}} 变量。证书、私钥和压缩设置不会保存。',
  ),
  openFile: text('Open file …', '打开文件……'),
  download: text('Download', '下载'),
  noRequests: text('No request is saved yet.', '还没有保存任何请求。'),
  use: text('Open in a tab', '在标签页中打开'),
  remove: text('Remove {name}', '删除 {name}'),
  said: text('{count} lines to say', '{count} 行待发送内容'),
  variables: text('Variables', '变量'),
  variablesHint: text(
    '{{name}} stands for the value, in every part of a request.',
    '请求的任何部分都可以用 {{名称}} 代表变量的值。',
  ),
  variable: text('Name', '名称'),
  value: text('Value', '值'),
  addVariable: text('Add a variable', '添加变量'),
  environmentHint: text(
    'From the environment, when the command line runs it. Given here, it is not stored.',
    '由命令行运行时取自环境变量。在此填写的值不会被存储。',
  ),
  badName: text('Letters, digits, - and _; a letter first.', '只能使用字母、数字、- 和 _，且以字母开头。'),
  asText: text('As text', '以文本编辑'),
  fileName: text('centouno.http', 'centouno.http'),

  historyAbout: text(
    'Attempts made in this browser, the newest first, {most} at most. Secrets are not kept: cookies, tokens, keys and passwords are replaced by ••• before they are stored.',
    '本浏览器中发起过的连接，最新的在前，最多 {most} 条。敏感信息不会保存：Cookie、令牌、密钥和密码在存储前都会替换为 •••。',
  ),
  noHistory: text('Nothing has been attempted yet.', '还没有发起过连接。'),
  forget: text('Forget all', '全部清除'),

  filesAbout: text(
    'A session file keeps connections with ladder, handshake and messages; “centouno open FILE” opens it too. A HAR is what browsers’ network panels write and read. Cookies, authorization and tokens are replaced in both; what messages say is not.',
    '会话文件保存连接的时序图、握手和消息，“centouno open 文件”也能打开它。HAR 是浏览器网络面板读写的格式。两者都会替换 Cookie、授权信息和令牌，但不会改动消息内容。',
  ),
  saveSession: text('Save session', '保存会话'),
  exportHar: text('Export HAR', '导出 HAR'),
  openSession: text('Open session or HAR …', '打开会话或 HAR……'),
  which: text('Which connections', '选择连接'),
  onlyThis: text('the one in sight', '当前连接'),
  everyTab: text('all {count} tabs', '全部 {count} 个标签页'),
  nothingToSave: text('Nothing has been connected yet.', '还没有可保存的连接。'),
  opened: text('{count} opened from the file.', '已打开 {count} 条连接。'),
  openedSome: text(
    '{count} opened from the file; {left} more have no room.',
    '已打开 {count} 条连接，另有 {left} 条没有空间。',
  ),
  openedNone: text('There is no connection in the file.', '文件中没有连接。'),
} as const satisfies Record<string, Text>
