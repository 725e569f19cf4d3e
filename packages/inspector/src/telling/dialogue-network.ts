import type { StageFacts, StageRecord, Text, Verdict } from 'centouno/telling'
import { isDistrust } from './certificate-distrust.ts'
import { StageLines } from './dialogue-line.ts'
import type { DialogueLine, Speaker } from './dialogue-line.ts'
import { verdictWords } from './verdict-words.ts'

// What a voice would say first; the code's own sentence follows and is exact.
const sighs: ReadonlyMap<string, Text> = new Map<string, Text>([
  ['RESOLVE_NOT_FOUND', { en: 'I know nobody of that name.', zh: '我不认识叫这个名字的人。' }],
  ['RESOLVE_TIMEOUT', { en: 'Those who keep the names did not answer me.', zh: '管名字的人没有回我话。' }],
  ['CONNECT_REFUSED', { en: 'Nobody is at home there.', zh: '那里没有人在家。' }],
  ['CONNECT_TIMEOUT', { en: 'I knocked and knocked, and heard nothing.', zh: '我敲了又敲，什么动静也没有。' }],
  ['CONNECT_UNREACHABLE', { en: 'I know no way there.', zh: '我不知道怎么去那里。' }],
  ['SECURE_SELF_SIGNED', { en: 'I do not trust that paper.', zh: '这张证书我信不过。' }],
  ['SECURE_UNKNOWN_AUTHORITY', { en: 'I do not know who signed that paper.', zh: '签发这张证书的人我不认识。' }],
  ['SECURE_EXPIRED', { en: 'That paper is out of date.', zh: '这张证书过期了。' }],
  ['SECURE_WRONG_NAME', { en: 'That paper is for somebody else.', zh: '这张证书是别人的。' }],
  ['SECURE_NOT_TLS', { en: 'That was no secret language.', zh: '那边说的不是密语。' }],
  ['UPGRADE_TIMEOUT', { en: 'The line is up, and nobody speaks.', zh: '线路通了，却没有人说话。' }],
  ['UPGRADE_ENDED', { en: 'They hung up before saying anything useful.', zh: '还没说出有用的话，对方就挂断了。' }],
  ['UPGRADE_RESET', { en: 'The line was cut before an answer came.', zh: '还没等到答复，线路就被切断了。' }],
])

/** The question for the address, and its answer. */
export function resolveLines(stage: StageRecord, host: string, verdict: Verdict): DialogueLine[] {
  const lines = new StageLines('resolve')
  // An address needs no asking.
  if (stage.facts['literal'] === true) return lines.lines
  const addresses = list(stage.facts, 'addresses')
  lines.say('client', { en: `Who knows the address of ${host}?`, zh: `谁知道 ${host} 的地址？` }, host)
  if (stage.ok === true && addresses.length > 0) {
    lines.say(
      'network',
      {
        en: `${host} lives at ${addresses.join(' and at ')}.`,
        zh: `${host} 住在 ${addresses.join('，也住在 ')}。`,
      },
      addresses.join(', '),
    )
  }
  if (stage.ok === false) sayFailure(lines, verdict)
  return lines.lines
}

/** TCP's three segments. No program sees them without a capture: they are inferred from the outcome. */
export function connectLines(stage: StageRecord, host: string, verdict: Verdict): DialogueLine[] {
  const lines = new StageLines('connect')
  const address = fact(stage.facts, 'address') ?? host
  const port = fact(stage.facts, 'port') ?? ''
  lines.infer(
    'client',
    {
      en: `Is anybody at home at ${address}, door ${port}? (inferred)`,
      zh: `${address} 的 ${port} 号门有人在家吗？（推断）`,
    },
    'SYN',
  )
  if (stage.ok === true) {
    lines.infer(
      'server',
      { en: 'Yes, I hear you. Do you hear me? (inferred)', zh: '在，我听见了。你听得见我吗？（推断）' },
      'SYN-ACK',
    )
    lines.infer('client', { en: 'I do. Then we have a line. (inferred)', zh: '听得见。那线路就通了。（推断）' }, 'ACK')
  }
  if (stage.ok === false) sayFailure(lines, verdict)
  return lines.lines
}

/** The way through a proxy: it belongs to neither end, so it speaks as the network. */
export function proxyLines(stage: StageRecord, verdict: Verdict): DialogueLine[] {
  const lines = new StageLines('proxy')
  const target = fact(stage.facts, 'target') ?? ''
  lines.say(
    'client',
    {
      en: `You are a proxy: put me through to ${target}, please.`,
      zh: `你是代理：请帮我接通 ${target}。`,
    },
    fact(stage.facts, 'proxy'),
  )
  if (stage.ok === true) {
    lines.say('network', {
      en: 'You are through. From here on I only pass on what you two say.',
      zh: '接通了。从现在起，我只替你们传话。',
    })
  }
  if (stage.ok === false) sayFailure(lines, verdict)
  return lines.lines
}

/** TLS in brief: who was called, who answered, and whether the answer was believed. */
export function secureLines(stage: StageRecord, host: string, verdict: Verdict): DialogueLine[] {
  const lines = new StageLines('secure')
  const name = fact(stage.facts, 'servername') ?? host
  lines.say(
    'client',
    {
      en: `What follows is for your ears only, ${name}. Show me your certificate, please.`,
      zh: `接下来的话只说给你听，${name}。请出示你的证书。`,
    },
    'ClientHello',
  )
  const subject = fact(stage.facts, 'subject')
  const issuer = fact(stage.facts, 'issuer')
  if (subject !== undefined) {
    lines.say(
      'server',
      {
        en: `Here it is: it says I am ${subject}${issuer === undefined ? '' : `, and ${issuer} vouches for me`}.`,
        zh: `给你：上面写着我是 ${subject}${issuer === undefined ? '' : `，由 ${issuer} 作保`}。`,
      },
      'Certificate',
    )
  }
  if (stage.ok === true) sayAgreedSecret(lines, stage.facts)
  if (stage.ok === false) sayFailure(lines, verdict, isDistrust(verdict.code) ? 'client' : 'network')
  return lines.lines
}

/** A word on a connection that ended at this stage: the network's, unless somebody else ended it. */
export function sayFailure(lines: StageLines, verdict: Verdict, who: Speaker = 'network'): void {
  const sigh = sighs.get(verdict.code)
  const en = verdictWords(verdict, 'en').sentence
  const zh = verdictWords(verdict, 'zh').sentence
  lines.say(who, sigh === undefined ? { en, zh } : { en: `${sigh.en} ${en}`, zh: `${sigh.zh}${zh}` }, verdict.code)
}

function sayAgreedSecret(lines: StageLines, facts: StageFacts): void {
  const version = fact(facts, 'protocol') ?? 'TLS'
  const cipher = fact(facts, 'cipher')
  const trusted = facts['authorized'] !== false
  const words: Text = trusted
    ? { en: 'I trust it.', zh: '我信得过它。' }
    : { en: 'I could not verify it, but I was told not to mind.', zh: '我没法验证它，不过有人吩咐我不必在意。' }
  lines.say(
    'client',
    {
      en: `${words.en} From now on nobody in between understands us.`,
      zh: `${words.zh}从现在起，中间谁也听不懂我们说的话。`,
    },
    cipher === undefined ? version : `${version}, ${cipher}`,
  )
}

function fact(facts: StageFacts, name: string): string | undefined {
  const value = facts[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function list(facts: StageFacts, name: string): readonly string[] {
  const value = facts[name]
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
}
