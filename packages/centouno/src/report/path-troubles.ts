import type { Text } from '../protocol/text.ts'
import type { IntermediaryName } from './intermediaries.ts'

/** What an intermediary has done to an opening handshake, or what was done to it. */
export type TroubleName =
  | 'upgrade-lost'
  | 'upgrade-perhaps-lost'
  | 'http-1.0'
  | 'proxy-protocol'
  | 'upstream-failed'
  | 'upstream-silent'
  | 'no-server'
  | 'limited'
  | 'denied'
  | 'no-place'
  | 'unreadable'
  | 'answers-in-1.0'
  | 'tls-expected'
  | 'page'
  | 'led-away'
  | 'to-https'

/** The hop at which it happened, on the way client → proxy → server. */
export type Hop = 'client-proxy' | 'proxy' | 'proxy-server'

/** A trouble in words. `{by}` is who did it, or "a proxy in between"; other names are those of a failure's details. */
export interface Trouble {
  /** Left out where it cannot be told. */
  readonly hop?: Hop
  /** What happened there, and no more than is known. */
  readonly text: Text
  /** True when the hint of the code could only guess at this. */
  readonly replacesHint?: true
  /** What to change, and where; `otherwise` is for one that was not recognised. */
  readonly change: Partial<Record<IntermediaryName | 'otherwise', Text>>
}

/** Lines of a configuration are the same in every language. */
function lines(text: string): Text {
  return { en: text, zh: text }
}

const nginxUpgrade =
  'nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";'
const apacheUpgrade = 'Apache (2.4.47): ProxyPass "/path" "http://server/path" upgrade=websocket'
const haproxyUpgrade: Text = {
  en: 'HAProxy passes Upgrade on by itself: look for `http-request del-header Upgrade` or `del-header Connection`.',
  zh: 'HAProxy 本来就会转发 Upgrade：请查找 `http-request del-header Upgrade` 或 `del-header Connection`。',
}
const passUpgrade: Trouble['change'] = {
  nginx: lines(nginxUpgrade),
  Apache: lines(apacheUpgrade),
  HAProxy: haproxyUpgrade,
  otherwise: { en: `${nginxUpgrade} ${haproxyUpgrade.en}`, zh: `${nginxUpgrade} ${haproxyUpgrade.zh}` },
}

export const troubles: Readonly<Record<TroubleName, Trouble>> = {
  'upgrade-lost': {
    hop: 'proxy-server',
    replacesHint: true,
    text: {
      en: 'The server got the request without Upgrade: {by} has probably not passed it on.',
      zh: '服务器收到的请求里没有 Upgrade：很可能是 {by} 没有转发它。',
    },
    change: passUpgrade,
  },
  'upgrade-perhaps-lost': {
    text: {
      en: 'The reply came through {by}. If the server behind it does serve WebSocket here, {by} probably does not pass Upgrade on.',
      zh: '这个回复经过了 {by}。如果它后面的服务器在这里确实提供 WebSocket，很可能是 {by} 没有转发 Upgrade。',
    },
    change: passUpgrade,
  },
  'http-1.0': {
    hop: 'proxy-server',
    replacesHint: true,
    text: {
      en: 'The server got the request in HTTP/1.0, which cannot upgrade: {by} probably speaks it to the server.',
      zh: '服务器收到的是 HTTP/1.0 请求，无法升级：很可能是 {by} 用这个版本与服务器通信。',
    },
    change: {
      nginx: lines(nginxUpgrade),
      Apache: {
        en: 'Apache: remove `SetEnv force-proxy-request-1.0`.',
        zh: 'Apache：请去掉 `SetEnv force-proxy-request-1.0`。',
      },
      otherwise: {
        en: `nginx before 1.29.7 does so unless told otherwise. ${nginxUpgrade}`,
        zh: `nginx 1.29.7 之前的版本默认如此。${nginxUpgrade}`,
      },
    },
  },
  'proxy-protocol': {
    hop: 'proxy-server',
    replacesHint: true,
    text: {
      en: 'Before the request the server got a line of the PROXY protocol, which it does not expect: {by} probably sends it.',
      zh: '请求之前，服务器先收到了 PROXY 协议的内容，而它并不接受：很可能是 {by} 发来的。',
    },
    change: {
      nginx: lines('nginx (stream): proxy_protocol off;'),
      HAProxy: {
        en: 'HAProxy: remove send-proxy (or send-proxy-v2) from the server line; `option forwardfor` tells the address instead.',
        zh: 'HAProxy：请从 server 行去掉 send-proxy（或 send-proxy-v2），改用 `option forwardfor` 传递地址。',
      },
      otherwise: {
        en: 'HAProxy: remove send-proxy from the server line. nginx (stream): proxy_protocol off;',
        zh: 'HAProxy：请从 server 行去掉 send-proxy。nginx（stream）：proxy_protocol off;',
      },
    },
  },
  'upstream-failed': {
    hop: 'proxy-server',
    text: {
      en: '{by} answered by itself: it could not connect to the server behind it, or got no reply it could use.',
      zh: '这是 {by} 自己的回复：它连不上后面的服务器，或没有得到可用的回复。',
    },
    change: {
      nginx: {
        en: 'nginx: compare proxy_pass with where the server listens; the error log names the address and the reason.',
        zh: 'nginx：请核对 proxy_pass 与服务器监听的地址；错误日志里写有地址和原因。',
      },
      HAProxy: {
        en: 'HAProxy: compare the server line with where the server listens and whether it speaks TLS there; the log names the cause in its termination state.',
        zh: 'HAProxy：请核对 server 行与服务器监听的地址、以及那里是否使用 TLS；日志的终止状态会写明原因。',
      },
    },
  },
  'upstream-silent': {
    hop: 'proxy-server',
    text: {
      en: '{by} answered by itself: it waited for the server behind it, and gave up.',
      zh: '这是 {by} 自己的回复：它等待后面的服务器，最后放弃了。',
    },
    change: {
      nginx: {
        en: 'See why the server does not answer; how long nginx waits is proxy_connect_timeout and proxy_read_timeout.',
        zh: '请查明服务器为什么不应答；nginx 等待的时间由 proxy_connect_timeout 和 proxy_read_timeout 决定。',
      },
      HAProxy: {
        en: 'See why the server does not answer; how long HAProxy waits is timeout connect and timeout server.',
        zh: '请查明服务器为什么不应答；HAProxy 等待的时间由 timeout connect 和 timeout server 决定。',
      },
    },
  },
  'no-server': {
    hop: 'proxy-server',
    replacesHint: true,
    text: {
      en: '{by} answered by itself: it has no server that it can reach.',
      zh: '这是 {by} 自己的回复：它没有可以连上的服务器。',
    },
    change: {
      HAProxy: {
        en: 'HAProxy: is there a server line in the backend, at the right address, and does its health check (check) pass? `show servers state` on the stats socket tells.',
        zh: 'HAProxy：后端里有 server 行吗，地址对吗，健康检查（check）通过了吗？在 stats 套接字上执行 `show servers state` 可以看到。',
      },
    },
  },
  limited: {
    hop: 'proxy',
    text: {
      en: 'The page is that of {by} itself, which has probably not asked the server.',
      zh: '这是 {by} 自己的页面，它很可能没有询问服务器。',
    },
    change: {
      nginx: {
        en: 'nginx: a limit_req or limit_conn was probably reached (an open WebSocket counts for limit_conn as long as it lasts), or a `return` says so; the error log tells which.',
        zh: 'nginx：很可能达到了 limit_req 或 limit_conn 的上限（WebSocket 打开期间一直计入 limit_conn），或者配置了 `return`；错误日志会写明。',
      },
      HAProxy: {
        en: 'HAProxy: look for `http-request deny` with deny_status, and at the rate its stick table counts.',
        zh: 'HAProxy：请查看带 deny_status 的 `http-request deny`，以及其 stick table 统计的速率。',
      },
    },
  },
  denied: {
    hop: 'proxy',
    text: {
      en: 'The page is that of {by} itself, which has probably not asked the server.',
      zh: '这是 {by} 自己的页面，它很可能没有询问服务器。',
    },
    change: {
      nginx: {
        en: 'nginx: look at allow and deny, auth_request, and whether this location has a proxy_pass at all.',
        zh: 'nginx：请检查 allow 与 deny、auth_request，以及这个 location 是否配置了 proxy_pass。',
      },
      HAProxy: {
        en: 'HAProxy: an `http-request deny` fits this request; look at its condition.',
        zh: 'HAProxy：有一条 `http-request deny` 匹配了这个请求，请检查它的条件。',
      },
    },
  },
  'no-place': {
    hop: 'proxy',
    text: {
      en: 'The page is that of {by} itself, which has probably not asked the server.',
      zh: '这是 {by} 自己的页面，它很可能没有询问服务器。',
    },
    change: {
      nginx: {
        en: 'nginx: no location with a proxy_pass fits {target}, or no server_name fits {host} and the default server answered.',
        zh: 'nginx：没有带 proxy_pass 的 location 匹配 {target}，或者没有 server_name 匹配 {host}，由默认 server 作了回复。',
      },
      HAProxy: {
        en: 'HAProxy: an `http-request return` or `deny deny_status 404` fits this request; look at its condition.',
        zh: 'HAProxy：有一条 `http-request return` 或 `deny deny_status 404` 匹配了这个请求，请检查它的条件。',
      },
    },
  },
  unreadable: {
    hop: 'client-proxy',
    replacesHint: true,
    text: {
      en: '{by} answered by itself: it takes the request for malformed, and the server has not seen it.',
      zh: '这是 {by} 自己的回复：它认为请求格式有误，服务器没有收到它。',
    },
    change: {
      nginx: {
        en: 'nginx: its error log at level info says what is wrong; often fields that are too large (large_client_header_buffers).',
        zh: 'nginx：info 级别的错误日志会写明原因；常见的是首部过大（large_client_header_buffers）。',
      },
      HAProxy: {
        en: 'HAProxy: `show errors` on the stats socket shows the request it refused.',
        zh: 'HAProxy：在 stats 套接字上执行 `show errors` 可以看到被拒绝的请求。',
      },
    },
  },
  'answers-in-1.0': {
    text: {
      en: 'The reply is in HTTP/1.0: what answered, the server or a proxy before it, probably speaks no HTTP/1.1, and without that there is no upgrade. Pass by it, or have it speak HTTP/1.1.',
      zh: '回复使用的是 HTTP/1.0：作出回复的服务器或其前面的代理很可能不支持 HTTP/1.1，而没有 HTTP/1.1 就无法升级。请绕过它，或让它使用 HTTP/1.1。',
    },
    change: {},
  },
  'tls-expected': {
    hop: 'client-proxy',
    text: { en: '{by} expects TLS on this port.', zh: '{by} 在这个端口上要求 TLS。' },
    change: {
      nginx: {
        en: 'If plain text is meant, nginx: a `listen` without `ssl`.',
        zh: '如果本意是使用明文，nginx：请使用不带 `ssl` 的 `listen`。',
      },
    },
  },
  page: {
    text: {
      en: 'It is an HTML page[, titled "{page}"]: what the site serves when nothing else fits, or a sign-in page of the network or of a proxy. Open the address in a browser to see it.',
      zh: '回复是一个 HTML 页面[，标题为“{page}”]：可能是网站的兜底页面，也可能是网络或代理的登录页。请用浏览器打开这个地址看看。',
    },
    change: {
      nginx: {
        en: `nginx: try_files probably led to it; give {target} a location of its own with a proxy_pass. ${nginxUpgrade}`,
        zh: `nginx：很可能是 try_files 指向了它；请为 {target} 单独配置带 proxy_pass 的 location。${nginxUpgrade}`,
      },
    },
  },
  'led-away': {
    replacesHint: true,
    text: {
      en: 'It leads to another host, {destination}: probably a sign-in page, of this network (a captive portal) or of a proxy before the server. Open it in a browser, sign in, and connect again.',
      zh: '它指向另一台主机 {destination}：很可能是登录页，属于当前网络（强制门户）或服务器前面的代理。请用浏览器打开并登录，然后重新连接。',
    },
    change: {},
  },
  'to-https': {
    replacesHint: true,
    text: {
      en: 'It leads to the same place over TLS: write wss: instead of ws: in the URL.',
      zh: '它指向同一地址的 TLS 版本：请把 URL 里的 ws: 改成 wss:。',
    },
    change: {},
  },
}
