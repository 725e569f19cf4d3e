import type { RuleLevel, RuleVerdict, StageName, Text } from 'centouno/telling'
import type { LogEntry } from '../../src/agent/agent-message.ts'
import type { Phase } from './connection-model.ts'
import type { StageState } from './stage-timeline.ts'

/** Every word of the page that does not come from the engine's own tables. */

function text(en: string, zh: string): Text {
  return { en, zh }
}

export const words = {
  tagline: text(
    'See how a WebSocket connection is established, or exactly why it is not.',
    '看清一条 WebSocket 连接如何建立，或者究竟为何没有建立。',
  ),

  otherLanguage: text('切换到中文', 'Switch to English'),

  connectionForm: text('Connection', '连接'),
  url: text('Address', '地址'),
  urlHint: text('ws://… or wss://…', 'ws://… 或 wss://…'),
  demoServer: text('Demo server', '演示服务器'),
  demoEcho: text('echo', '回声'),
  demoChat: text('chat', '聊天'),
  demoTime: text('time', '报时'),
  settingsInUse: text('{count} in use', '已设 {count} 项'),
  skipVerification: text('Accept any certificate', '接受任何证书'),
  skipVerificationHint: text(
    'For tests only: whoever answers is taken for the server.',
    '仅供测试：无论谁应答，都会被当作目标服务器。',
  ),
  connect: text('Connect', '连接'),
  cancel: text('Cancel', '取消'),
  close: text('Close', '关闭'),
  closeCode: text('Code', '状态码'),
  closeReason: text('Reason', '原因'),
  closeCodeBad: text('A status code is a number, such as 1000.', '状态码应为数字，例如 1000。'),
  cutOff: text('Cut off', '强行断开'),
  cutOffHint: text('End it now, without waiting for the answer', '不等对方回应，立即结束'),

  verdict: text('Verdict', '结论'),
  idleSentence: text('Nothing is connected yet.', '尚未建立任何连接。'),
  idleHint: text(
    'Enter an address, or pick one of the demo server, and connect.',
    '输入一个地址，或选用演示服务器的地址，然后点击“连接”。',
  ),
  connectingSentence: text('Connecting: {stage} …', '正在连接：{stage}……'),
  startingSentence: text('Connecting …', '正在连接……'),
  lostSentence: text('The local agent went away, and the connection with it.', '本地代理已退出，连接也随之断开。'),
  refusedSentence: text('The attempt was not made.', '没有进行这次连接尝试。'),
  statusCode: text('Status code {code}: {meaning}', '状态码 {code}：{meaning}'),

  stages: text('Stages', '阶段'),
  sinceStart: text('began {time} after the start', '在开始后 {time} 进入此阶段'),
  openAfter: text('open after {time}', '{time} 后打开'),
  failedAfter: text('failed after {time}', '{time} 后失败'),

  wire: text('Request and reply', '请求与响应'),
  request: text('Request', '请求'),
  response: text('Reply', '响应'),
  requestNone: text('No request was sent.', '没有发送请求。'),
  requestWaiting: text('The request will stand here, byte for byte.', '请求将逐字节显示在这里。'),
  responseNone: text('No reply came.', '没有收到响应。'),
  responseWaiting: text('The reply will stand here, byte for byte.', '响应将逐字节显示在这里。'),
  body: text('Body', '正文'),
  bodyCut: text('The body goes on; it was cut here.', '正文未完，在此截断。'),

  formatRules: text('The seven format rules of a request', '请求的七条格式规则'),
  allRules: text('Every rule', '全部规则'),
  ruleFilter: text('Show', '显示'),
  ruleSearch: text('Find a rule', '查找规则'),
  ruleSearchHint: text('id, clause or word', '编号、条款或词语'),
  filterJudged: text('judged', '已检查'),
  filterBroken: text('broken', '违反'),
  filterNoted: text('noted', '提示'),
  filterAll: text('all', '全部'),
  noRules: text('No rule fits.', '没有符合条件的规则。'),
  rulesWaiting: text('Rules are judged when a request is sent.', '发送请求时会逐条检查规则。'),

  dialogue: text('Dialogue', '对话'),
  dialogueHint: text('The same connection as two parties would tell it.', '把同一条连接讲成双方的对话。'),
  dialogueWaiting: text('Nobody has said anything yet.', '双方还没有说话。'),
  client: text('Client', '客户端'),
  server: text('Server', '服务器'),
  network: text('Network', '网络'),

  trouble: text('It did not work', '操作未成功'),
  troubleInEnglish: text('{sentence}', '本地代理的原话（英文）：{sentence}'),
  dismiss: text('Dismiss', '知道了'),
  agentConnecting: text('Reaching the local agent …', '正在连接本地代理……'),
  agentUnreachable: text(
    'The local agent does not answer. Is “centouno” still running, and is this the address it printed, token included?',
    '本地代理没有回应。请确认 centouno 仍在运行，并且当前地址（包括 token）就是它打印出来的地址。',
  ),
  agentLost: text(
    'The local agent went away. Start “centouno” again and open the address it prints, or try again here.',
    '本地代理已断开。请重新运行 centouno 并打开它打印的地址，或在此重试。',
  ),
  tryAgain: text('Try again', '重试'),
} as const satisfies Record<string, Text>

export const stageWords: Readonly<Record<StageName, { readonly name: Text; readonly does: Text }>> = {
  resolve: { name: text('Resolve', '解析'), does: text('find the address', '查找地址') },
  connect: { name: text('Connect', '连接'), does: text('TCP handshake', 'TCP 握手') },
  proxy: { name: text('Proxy', '代理'), does: text('ask for a tunnel', '请求隧道') },
  secure: { name: text('Secure', '加密'), does: text('TLS handshake', 'TLS 握手') },
  upgrade: { name: text('Upgrade', '升级'), does: text('opening handshake', 'WebSocket 握手') },
  open: { name: text('Open', '打开'), does: text('messages flow', '收发消息') },
  close: { name: text('Close', '关闭'), does: text('closing handshake', '关闭握手') },
  disconnect: { name: text('Disconnect', '断开'), does: text('TCP ends', 'TCP 结束') },
}

export const stateWords: Readonly<Record<StageState, Text>> = {
  waiting: text('waiting', '等待'),
  going: text('going on', '进行中'),
  done: text('done', '完成'),
  failed: text('failed', '失败'),
  unreached: text('not reached', '未到达'),
}

export const phaseWords: Readonly<Record<Phase, Text>> = {
  idle: text('idle', '空闲'),
  connecting: text('connecting', '连接中'),
  open: text('open', '已打开'),
  closing: text('closing', '关闭中'),
  closed: text('closed', '已关闭'),
  failed: text('failed', '失败'),
  lost: text('lost', '已丢失'),
}

export const outcomeWords: Readonly<Record<RuleVerdict['outcome'], Text>> = {
  kept: text('kept', '符合'),
  broken: text('broken', '违反'),
  noted: text('noted', '提示'),
  idle: text('not judged', '未检查'),
}

export const levelWords: Readonly<Record<RuleLevel, Text>> = {
  must: text('must', '必须'),
  should: text('should', '应当'),
  may: text('may', '可以'),
  note: text('choice', '自选'),
}

export const kindWords: Readonly<Record<LogEntry['kind'], Text>> = {
  text: text('text', '文本'),
  binary: text('binary', '二进制'),
  ping: text('ping', 'ping'),
  pong: text('pong', 'pong'),
  close: text('close', '关闭'),
}
