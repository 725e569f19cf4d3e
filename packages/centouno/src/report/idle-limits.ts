import type { Language, Text } from '../protocol/text.ts'
import type { CodeDetails } from './codes.ts'
import { fillText } from './codes.ts'

/** How long something in between keeps a connection on which nothing comes or goes. */
interface IdleLimit {
  readonly who: string
  /** What the limit is called there. */
  readonly setting: string
  /** Where nothing is configured, or as its packages configure it. */
  readonly seconds: number
  /** True for what people set up themselves: it may have any value. */
  readonly own?: true
}

const idleLimits: readonly IdleLimit[] = [
  { who: 'nginx', setting: 'proxy_read_timeout', seconds: 60, own: true },
  { who: 'HAProxy', setting: 'timeout tunnel, or timeout client and timeout server', seconds: 50, own: true },
  { who: 'AWS Application Load Balancer', setting: 'idle timeout', seconds: 60 },
  { who: 'AWS Network Load Balancer', setting: 'TCP idle timeout', seconds: 350 },
  { who: 'Azure Load Balancer', setting: 'idle timeout', seconds: 240 },
  { who: 'Heroku router', setting: 'H15', seconds: 55 },
]

/** A limit strikes a little after its time, and is looked at from elsewhere. */
const earliness = 0.5
const lateness = 2.5

/** Those whose limit, as it usually is, is what the silence lasted. */
export function usualLimits(seconds: number): readonly IdleLimit[] {
  return idleLimits.filter((limit) => seconds >= limit.seconds - earliness && seconds <= limit.seconds + lateness)
}

/** Where the silence was as long as somebody's limit usually is, and where it was not: a crash comes at any time. */
const usual: Text = {
  en: 'A proxy in between (client → proxy ✗ server) has probably cut it off as idle: so long is the usual limit of {limits}.',
  zh: '很可能是中间的代理（客户端 → 代理 ✗ 服务器）把它当作空闲连接切断了：这正是 {limits} 的常见时限。',
}
const own: Text = {
  en: 'Perhaps a proxy in between (client → proxy ✗ server) has cut it off as idle. It is that if it happens again after the same silence; the limit is then, for instance, that of {limits}.',
  zh: '也许是中间的代理（客户端 → 代理 ✗ 服务器）把它当作空闲连接切断了。如果再次在静默同样长的时间后断开，那就是它；时限可能是 {limits} 的设置。',
}
const cure: Text = {
  en: '{which} Set heartbeatInterval below {silence} s on one side, so that the connection is never idle, or raise that limit. If nothing stands between, the process at the other end has ended.',
  zh: '{which}请在任意一侧把 heartbeatInterval 设为小于 {silence} 秒，使连接不会空闲；或调大这个时限。如果中间没有任何设备，则是对方的进程退出了。',
}

/** Seconds, as precise as is of use: whole ones from ten on. */
export function silenceSeconds(milliseconds: number): number {
  const seconds = milliseconds / 1000
  return seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)
}

/** What is probably the reason when a connection ends without a word after so many milliseconds of silence. */
export function idleCutText(silence: number, language: Language): string {
  const seconds = silence / 1000
  const found = usualLimits(seconds)
  const suspects = found.length > 0 ? found : idleLimits.filter((limit) => limit.own)
  const limits = suspects
    .map(({ who, setting }) => settingOf(who, setting)[language])
    .join(language === 'en' ? ' or ' : '、')
  const which = fillText(found.length > 0 ? usual : own, { limits })[language]
  const details: CodeDetails = { which, silence: silenceSeconds(silence) }
  return fillText(cure, details)[language]
}

function settingOf(who: string, setting: string): Text {
  return { en: `${who} (${setting})`, zh: `${who}（${setting}）` }
}
