import { ruleById } from 'centouno/telling'
import type { ConnectionReport, Field, ResponseRecord, Rule, RuleVerdict, Text } from 'centouno/telling'
import { StageLines } from './dialogue-line.ts'
import type { DialogueLine } from './dialogue-line.ts'
import { quoteField, startLine } from './dialogue-request.ts'

const switching = 101

// Replies that are ordinary HTTP, in the server's voice (RFC 9110 §15).
const refusals: ReadonlyMap<number, Text> = new Map<number, Text>([
  [400, { en: 'I cannot make sense of your request', zh: '你的请求我看不懂' }],
  [401, { en: 'First tell me who you are', zh: '请先告诉我你是谁' }],
  [403, { en: 'I know who is asking, and I will not let you in', zh: '我知道是谁在问，但不能让你进来' }],
  [404, { en: 'There is nobody at that path', zh: '这个路径上没有人' }],
  [405, { en: 'That is not the method to ask me with', zh: '不该用这种方法来问我' }],
  [407, { en: 'I am a proxy: tell me who you are before I let you through', zh: '我是代理，放行之前请先证明你的身份' }],
  [408, { en: 'You took too long to finish your question', zh: '你这个问题说得太久，我等不下去了' }],
  [413, { en: 'That was too much at once', zh: '一次说得太多了' }],
  [426, { en: 'We need to speak another protocol or version for this', zh: '要谈这件事，得换一种协议或版本' }],
  [429, { en: 'You are asking too often; come back later', zh: '你问得太频繁了，晚点再来' }],
  [431, { en: 'Your header fields are too long for me', zh: '你的首部字段太长，我装不下' }],
  [500, { en: 'Something broke on my side', zh: '我这边出了故障' }],
  [
    502,
    {
      en: 'I stand in front, and those behind me gave me nonsense',
      zh: '我只是门口的代理，后面的服务给了我无效的答复',
    },
  ],
  [503, { en: 'I am too busy, or closed for now', zh: '我太忙了，或者暂时不营业' }],
  [
    504,
    {
      en: 'I stand in front, and those behind me did not answer in time',
      zh: '我只是门口的代理，后面的服务没有及时答复',
    },
  ],
])

// "H-REQ-07" as our own server writes it into a refusal's body.
const ruleId = /\bH-[A-Z0-9]{2,5}-\d{2}\b/

type Explanation = (value: string) => Text

const switchFields: ReadonlyMap<string, Explanation> = new Map<string, Explanation>([
  ['upgrade', (value) => ({ en: `From here on we speak ${value}.`, zh: `从现在起，我们说 ${value}。` })],
  [
    'connection',
    () => ({ en: 'And this very connection is the one that changes.', zh: '要切换的，就是眼前这条连接。' }),
  ],
  [
    'sec-websocket-accept',
    () => ({
      en: 'Here is your proof: I put a fixed identifier (the GUID of RFC 6455) behind your key and took the SHA-1 of both.',
      zh: '这是给你的证明：我把你的随机数和一个固定标识（RFC 6455 里的 GUID）连在一起，算出了 SHA-1。',
    }),
  ],
  [
    'sec-websocket-protocol',
    (value) => ({ en: `Of what you offered, let us speak ${value}.`, zh: `你提议的子协议里，我们就用 ${value} 吧。` }),
  ],
  [
    'sec-websocket-extensions',
    (value) => ({ en: `And we use this extension: ${value}.`, zh: `我们再用上这个扩展：${value}。` }),
  ],
])

const commonFields: ReadonlyMap<string, Explanation> = new Map<string, Explanation>([
  ['server', (value) => ({ en: `The program I am: ${value}.`, zh: `我这个程序叫 ${value}。` })],
  ['date', () => ({ en: 'By my clock it is now:', zh: '我的钟现在指着：' })],
  [
    'content-type',
    (value) => ({ en: `I add a few words, written as ${value}.`, zh: `我再附上几句话，格式是 ${value}。` }),
  ],
  ['content-length', (value) => ({ en: `They take ${value} bytes.`, zh: `一共 ${value} 个字节。` })],
  [
    'set-cookie',
    () => ({ en: 'Keep this cookie, so that I know you again.', zh: '请收好这块 Cookie，下次我好认出你。' }),
  ],
  [
    'location',
    (value) => ({ en: `What you are looking for has moved to ${value}.`, zh: `你要找的已经搬到 ${value}。` }),
  ],
  [
    'www-authenticate',
    (value) => ({ en: `This is how you can prove yourself: ${value}.`, zh: `你可以这样证明身份：${value}。` }),
  ],
  ['allow', (value) => ({ en: `Ask me with ${value} instead.`, zh: `请改用 ${value} 来问我。` })],
  ['upgrade', (value) => ({ en: `What I can switch to: ${value}.`, zh: `我能切换到：${value}。` })],
  [
    'sec-websocket-version',
    (value) => ({ en: `The versions of WebSocket I speak: ${value}.`, zh: `我会说的 WebSocket 版本：${value}。` }),
  ],
  [
    'retry-after',
    (value) => ({ en: `You may ask again after this long: ${value}.`, zh: `过这么久可以再来问我：${value}。` }),
  ],
  [
    'connection',
    (value) =>
      value.toLowerCase() === 'close'
        ? { en: 'I hang up after this.', zh: '说完这些我就挂断。' }
        : { en: 'About this connection:', zh: '关于这条连接：' },
  ],
])

/** The reply, line by line, in the server's voice, and the client's word on a reply it cannot accept. */
export function replyLines(report: ConnectionReport, response: ResponseRecord): DialogueLine[] {
  const lines = new StageLines('upgrade')
  const agreed = response.status === switching
  lines.say('server', agreed ? agreement(report) : refusal(response), startLine(response.head))
  for (const field of response.fields) lines.say('server', fieldSentence(field, agreed), quoteField(field))
  if (!agreed) sayRule(lines, response.body)
  else if (!report.verdict.ok) sayObjections(lines, report)
  return lines.lines
}

function agreement(report: ConnectionReport): Text {
  return report.verdict.ok
    ? { en: 'Agreed, let us switch.', zh: '同意，我们切换吧。' }
    : { en: 'Agreed, let us switch, I say.', zh: '我说：同意，切换吧。' }
}

function refusal(response: ResponseRecord): Text {
  const status = response.reason === '' ? String(response.status) : `${response.status} ${response.reason}`
  const known = refusals.get(response.status)
  if (known) return { en: `No. ${known.en} (${status}).`, zh: `不行。${known.zh}（${status}）。` }
  if (response.status >= 300 && response.status < 400) {
    return { en: `Not here: go to another place (${status}).`, zh: `不在这里，请去别处（${status}）。` }
  }
  if (response.status >= 200 && response.status < 300) {
    return {
      en: `I answer this as an ordinary web request (${status}): I did not notice that you wanted a WebSocket.`,
      zh: `我把它当普通网页请求答复了（${status}）：没看出你想要 WebSocket。`,
    }
  }
  return { en: `No. I answer with ${status}.`, zh: `不行。我的答复是 ${status}。` }
}

function fieldSentence(field: Field, agreed: boolean): Text {
  const name = field.name.toLowerCase()
  const explain = (agreed ? switchFields.get(name) : undefined) ?? commonFields.get(name)
  if (explain) return explain(field.value)
  return { en: `One more thing about my answer: ${field.name}.`, zh: `关于我的答复，再补充一点：${field.name}。` }
}

/** A server of ours names the rule in the body: the same id that this side knows. */
function sayRule(lines: StageLines, body: string): void {
  const id = ruleId.exec(body)?.[0]
  const rule = id === undefined ? undefined : knownRule(id)
  if (rule === undefined) return
  // A rule of the request is the client's to keep; by any other the server has acted itself.
  const [en, zh] =
    rule.subject === 'request' ? ['The rule you did not keep is', '你没有遵守的规则是'] : ['I go by', '我依据的规则是']
  lines.say(
    'server',
    {
      en: `${en} ${rule.id} (${rule.clause}): ${rule.sentence.en}`,
      zh: `${zh} ${rule.id}（${rule.clause}）：${rule.sentence.zh}`,
    },
    body.split(/\r?\n/).find((line) => line.includes(rule.id)) ?? '',
  )
}

function sayObjections(lines: StageLines, report: ConnectionReport): void {
  const broken = report.rules.filter(({ outcome }) => outcome === 'broken')
  for (const [index, verdict] of broken.entries()) {
    // The server's duty and the client's are two rules; the last is the client's own. One finding is one objection.
    const told = verdict.found?.en
    if (told !== undefined && broken.slice(index + 1).some(({ found }) => found?.en === told)) continue
    const rule = knownRule(verdict.id)
    if (rule?.subject === 'response') lines.say('client', objection(rule, verdict))
  }
}

function objection(rule: Rule, verdict: RuleVerdict): Text {
  const found = verdict.found
  return {
    en: `I cannot accept that, by ${rule.id} (${rule.clause}): ${rule.sentence.en}${found ? ` Here: ${found.en}` : ''}`,
    zh: `这我不能接受，依据 ${rule.id}（${rule.clause}）：${rule.sentence.zh}${found ? `这里：${found.zh}` : ''}`,
  }
}

function knownRule(id: string): Rule | undefined {
  try {
    return ruleById(id)
  } catch {
    // A peer may name a rule this version does not have.
    return undefined
  }
}
