import type { Text } from '../../text.ts'
import { readHostField } from '../host-field.ts'
import { quoted, quotedAll } from '../quoted.ts'
import type { RequestFacts } from '../request-facts.ts'
import type { RefusalAnswer, RequestRule } from '../rule-row.ts'
import { upgradeRequired } from '../upgrade-required.ts'
import { otherHeadFault } from './head-faults.ts'

/** Section 2 of the table, its first half: the request as an HTTP request. */
export const requestRules: readonly RequestRule[] = [
  {
    id: 'H-REQ-01',
    clause: 'RFC 6455 §4.1(1), §4.2.1',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F1',
    sentence: {
      en: 'The handshake is a valid HTTP request: method, target and version, fields, then an empty line.',
      zh: '握手请求是一个合法的 HTTP 请求：方法、目标和版本，接着是首部字段，最后是一个空行。',
    },
    check: otherHeadFault,
  },
  {
    id: 'H-REQ-02',
    clause: 'RFC 6455 §4.1(2), §4.2.1(1)',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F2',
    sentence: { en: 'The method is `GET`.', zh: '请求方法是 `GET`。' },
    // RFC 9110 §15.5.6: a 405 says which methods would do.
    refusal: { status: 405, fields: [{ name: 'Allow', value: 'GET' }] },
    applies: ({ head }) => head.method !== '',
    check: ({ head }) => {
      if (head.method === 'GET') return undefined
      const method = quoted(head.method)
      return { en: `The method is ${method}.`, zh: `请求方法是 ${method}。` }
    },
  },
  {
    id: 'H-REQ-03',
    clause: 'RFC 6455 §4.1(2), §4.2.1(1)',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F2',
    sentence: { en: 'The HTTP version is 1.1 or higher.', zh: 'HTTP 版本不低于 1.1。' },
    refusal: (facts) => ({
      ...versionRefusal(facts.head.version),
      ...(looksDowngraded(facts) && { hint: throughOldProxy }),
    }),
    applies: ({ head }) => head.version !== '',
    check: oldHttpVersion,
  },
  {
    id: 'H-REQ-04',
    clause: 'RFC 6455 §4.1(3), §4.2.1(1)',
    level: 'must',
    side: 'both',
    subject: 'request',
    sentence: {
      en: 'The target is the resource name (`/chat`), or an `http` or `https` URI naming the same host, port and resource.',
      zh: '请求目标是资源名（如 `/chat`），或者是主机、端口和资源都与之一致的 `http`、`https` 完整 URI。',
    },
    applies: ({ head }) => head.target !== '',
    check: wrongTarget,
  },
  {
    id: 'H-REQ-05',
    clause: 'RFC 6455 §4.1(4), §4.2.1(2)',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F3',
    sentence: {
      en: '`Host` names the host, and the port unless it is the default one.',
      zh: '`Host` 写明主机；端口不是默认端口时也要写上。',
    },
    check: missingHost,
  },
  {
    id: 'H-REQ-06',
    clause: 'RFC 6455 §4.1(5), §4.2.1(3)',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F4',
    sentence: {
      en: '`Upgrade` names `websocket`, in upper or lower case; it may name other protocols beside it.',
      zh: '`Upgrade` 写明 `websocket`，不分大小写；旁边可以另列别的协议。',
    },
    refusal: (facts) => ({ ...upgradeRequired, hint: looksStripped(facts) ? throughProxy : notABrowserPage }),
    check: missingUpgrade,
  },
  {
    id: 'H-REQ-07',
    clause: 'RFC 6455 §4.1(6), §4.2.1(4)',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F4',
    sentence: {
      en: '`Connection` lists the option `Upgrade`, in upper or lower case.',
      zh: '`Connection` 列出选项 `Upgrade`，不分大小写。',
    },
    refusal: (facts) => ({ status: 400, ...(looksStripped(facts) && { hint: throughProxy }) }),
    check: missingConnectionOption,
  },
]

const throughProxy: Text = {
  en:
    'A proxy on the way may have removed `Upgrade` and `Connection`, which are meant for one hop only. ' +
    'Set it up to pass WebSocket on; in nginx: `proxy_http_version 1.1`, `proxy_set_header Upgrade $http_upgrade` ' +
    'and `proxy_set_header Connection "upgrade"`.',
  zh:
    '`Upgrade` 和 `Connection` 只对相邻的一跳有效，可能被途中的代理去掉了。请让代理转发 WebSocket；' +
    '以 nginx 为例：`proxy_http_version 1.1`、`proxy_set_header Upgrade $http_upgrade` 和 ' +
    '`proxy_set_header Connection "upgrade"`。',
}

const throughOldProxy: Text = {
  en:
    'A proxy on the way probably speaks HTTP/1.0 to this server, as nginx before 1.29.7 does unless told otherwise: ' +
    '`proxy_http_version 1.1`, and with it `proxy_set_header Upgrade $http_upgrade` and ' +
    '`proxy_set_header Connection "upgrade"`.',
  zh:
    '很可能是途中的代理用 HTTP/1.0 与本服务器通信，nginx 1.29.7 之前的版本默认就是如此。请设置 ' +
    '`proxy_http_version 1.1`，并加上 `proxy_set_header Upgrade $http_upgrade` 和 ' +
    '`proxy_set_header Connection "upgrade"`。',
}

const notABrowserPage: Text = {
  en: 'This is a WebSocket server. Connect with a WebSocket client, such as `new WebSocket("ws://…")` in a page.',
  zh: '这里是一个 WebSocket 服务器，请用 WebSocket 客户端来连接，例如在网页里写 `new WebSocket("ws://…")`。',
}

/** A request with a key wanted a WebSocket: when it does not ask for the upgrade, something took that away (H-TRAP-07). */
export function looksStripped(facts: RequestFacts): boolean {
  return facts.keys.length > 0 && (facts.upgradeLines.length === 0 || !facts.connectionOptions.includes('upgrade'))
}

/** No client that makes a key speaks HTTP/1.0. */
function looksDowngraded({ head, keys }: RequestFacts): boolean {
  return head.version === '1.0' && keys.length > 0
}

/**
 * RFC 9110 §7.8 has a server ignore `Upgrade` in HTTP/1.0, which leaves an ordinary request that was no handshake: 400.
 * Not 505: that refuses a major version (RFC 9110 §15.6.6), and 1 is ours. Not 426: HTTP/1.0 cannot upgrade.
 */
function versionRefusal(version: string): RefusalAnswer {
  return { status: version.startsWith('1.') ? 400 : 505 }
}

/** RFC 9110 §2.5: a higher minor version is read as our own, 1.1. No other major version has this start line. */
export function oldHttpVersion({ head }: RequestFacts): Text | undefined {
  if (head.version.startsWith('1.') && head.version !== '1.0') return undefined
  const version = quoted(`HTTP/${head.version}`)
  return { en: `The version is ${version}.`, zh: `版本是 ${version}。` }
}

function wrongTarget({ head, target, hosts }: RequestFacts): Text | undefined {
  const shown = quoted(head.target)
  switch (target.form) {
    case 'origin':
      return undefined
    case 'asterisk':
      return { en: 'The target is `*`, which is for `OPTIONS` only.', zh: '目标是 `*`，它只能用于 `OPTIONS`。' }
    case 'authority':
      return {
        en: `The target is ${shown}, a host and port: that form is for \`CONNECT\` only.`,
        zh: `目标是 ${shown}，只有主机和端口：这种形式只能用于 \`CONNECT\`。`,
      }
    case 'unreadable':
      return {
        en: `The target is ${shown}: neither a path nor an \`http\` or \`https\` URI.`,
        zh: `目标是 ${shown}：既不是路径，也不是 \`http\` 或 \`https\` 的 URI。`,
      }
    case 'absolute': {
      // RFC 9112 §3.2.2 has the target win over `Host`; RFC 6455 §4.1(3) has them agree. A client in which they differ
      // is broken or probing for servers that trust the one after a proxy has checked the other.
      const host = hosts[0]
      if (hosts.length !== 1 || host === undefined || readHostField(host) === undefined) return undefined
      if (sameAuthority(target.authority, host, target.secure)) return undefined
      return {
        en: `The target is ${shown}, but \`Host\` is ${quoted(host)}.`,
        zh: `目标是 ${shown}，而 \`Host\` 是 ${quoted(host)}。`,
      }
    }
  }
}

function sameAuthority(one: string, other: string, secure: boolean): boolean {
  const first = readHostField(one)
  const second = readHostField(other)
  if (first === undefined || second === undefined) return false
  const defaultPort = secure ? 443 : 80
  return first.host === second.host && (first.port ?? defaultPort) === (second.port ?? defaultPort)
}

export function missingHost({ hosts }: RequestFacts): Text | undefined {
  if (hosts.length === 0) return { en: 'There is no `Host` field.', zh: '没有 `Host` 字段。' }
  return hosts.every((host) => host === '') ? { en: '`Host` is empty.', zh: '`Host` 是空的。' } : undefined
}

/**
 * `Upgrade = #protocol`, `protocol = protocol-name [ "/" protocol-version ]` (RFC 9110 §7.8). The registered name has no
 * version, so `websocket/13` is another protocol: the version has a field of its own.
 */
function missingUpgrade(facts: RequestFacts): Text | undefined {
  if (facts.upgrades.includes('websocket')) return undefined
  if (facts.upgradeLines.length === 0) {
    return looksStripped(facts)
      ? {
          en: 'There is no `Upgrade` field, although `Sec-WebSocket-Key` is there.',
          zh: '没有 `Upgrade` 字段，却有 `Sec-WebSocket-Key`。',
        }
      : { en: 'There is no `Upgrade` field.', zh: '没有 `Upgrade` 字段。' }
  }
  const shown = quotedAll(facts.upgradeLines)
  return {
    en: `\`Upgrade\` is ${shown}: the protocol \`websocket\` is not among them.`,
    zh: `\`Upgrade\` 是 ${shown}：其中没有 \`websocket\` 这个协议。`,
  }
}

export function missingConnectionOption(facts: RequestFacts): Text | undefined {
  if (facts.connectionOptions.includes('upgrade')) return undefined
  if (facts.connectionLines.length === 0)
    return { en: 'There is no `Connection` field.', zh: '没有 `Connection` 字段。' }
  const shown = quotedAll(facts.connectionLines)
  return {
    en: `\`Connection\` is ${shown}: the option \`Upgrade\` is not among them. A proxy may have removed it.`,
    zh: `\`Connection\` 是 ${shown}：其中没有 \`Upgrade\` 选项，可能被代理去掉了。`,
  }
}
