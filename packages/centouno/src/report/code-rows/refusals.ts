import type { CodeRow } from '../code-row.ts'
import type { StageName } from '../stage-name.ts'

/** Why a server of ours refuses a request that keeps every rule of the handshake, or does not get to see one. */
export type RefusalCode =
  | 'SERVER_NO_ENDPOINT'
  | 'SERVER_PARAMETER_INVALID'
  | 'SERVER_REFUSED'
  | 'SERVER_FULL'
  | 'SERVER_FULL_FOR_ADDRESS'
  | 'SERVER_HANDSHAKES_FULL'
  | 'SERVER_DRAINING'
  | 'SERVER_FAILED'
  | 'SERVER_AUTHORIZE_TIMEOUT'
  | 'SERVER_UPGRADE_STRIPPED'
  | 'SERVER_PROXY_PROTOCOL'
  | 'SERVER_TLS_EXPECTED'
  | 'SERVER_TLS_FAILED'

/** What a refusal adds to a row of the table. */
export interface RefusalRow extends CodeRow {
  readonly code: RefusalCode
  /** The status of the response; the application's refusals bring their own. */
  readonly status?: number
  /** The rule by which it is refused, where there is one. */
  readonly rule?: string
}

const rows: Readonly<Record<RefusalCode, Omit<RefusalRow, 'code' | 'stage'> & { readonly stage?: StageName }>> = {
  SERVER_NO_ENDPOINT: {
    status: 404,
    rule: 'H-SRV-08',
    side: 'remote',
    sentence: { en: 'No WebSocket endpoint serves this path.', zh: '没有 WebSocket 端点服务于这个路径。' },
    hint: {
      en: 'Compare the path of the URL with the paths the server declares; case and a trailing slash count.',
      zh: '请把 URL 的路径与服务器声明的路径对照一下；大小写和末尾的斜杠都算数。',
    },
  },
  SERVER_PARAMETER_INVALID: {
    status: 400,
    side: 'remote',
    sentence: {
      en: 'A parameter of the request is missing or not valid[: {parameter}][ ({problem})].',
      zh: '请求中有一个参数缺失或无效[：{parameter}][（{problem}）]。',
    },
    hint: {
      en: 'Parameters are taken from the path, the query, the header fields and the cookies: send this one as the endpoint declares it.',
      zh: '参数取自路径、查询串、首部字段和 Cookie：请按端点声明的形式发送这个参数。',
    },
  },
  SERVER_REFUSED: {
    side: 'local',
    sentence: {
      en: 'The application behind this server refused the request[: {reason}].',
      zh: '服务器上的应用程序拒绝了这个请求[：{reason}]。',
    },
    hint: {
      en: 'The rules of the handshake are kept; the decision is the application’s own: check the credentials, the rights, and what it says.',
      zh: '握手规则都没有问题，这是应用程序自己的决定：请检查凭据、权限，以及它给出的理由。',
    },
  },
  SERVER_FULL: {
    status: 503,
    side: 'local',
    sentence: {
      en: 'The server has as many connections as it takes[ (limit {limit}: {value})].',
      zh: '服务器的连接数已达上限[（限制项 {limit}：{value}）]。',
    },
    hint: {
      en: 'Try again later. If this is no attack, raise the limit on the server, or add another server.',
      zh: '请稍后再试。如果不是遭到攻击，请在服务器上调高这个限制，或增加服务器。',
    },
  },
  SERVER_FULL_FOR_ADDRESS: {
    status: 429,
    side: 'remote',
    sentence: {
      en: 'This address has as many connections as the server takes from one[ (limit {limit}: {value})].',
      zh: '来自这个地址的连接数已达服务器对单个地址的上限[（限制项 {limit}：{value}）]。',
    },
    hint: {
      en: 'Close connections that are not needed. Behind a proxy all clients share its address: then raise the limit on the server.',
      zh: '请关闭不需要的连接。如果经过代理，所有客户端共用同一个地址，此时应在服务器上调高这个限制。',
    },
  },
  SERVER_HANDSHAKES_FULL: {
    status: 503,
    side: 'local',
    sentence: {
      en: 'As many handshakes are going on as the server takes at once[ (limit {limit}: {value})].',
      zh: '同时进行的握手数已达服务器的上限[（限制项 {limit}：{value}）]。',
    },
    hint: {
      en: 'Try again in a moment. If it lasts, either clients leave their requests unfinished or `authorize` takes long: look at both.',
      zh: '请稍候再试。如果持续如此，要么是有客户端迟迟不发完请求，要么是 `authorize` 太慢：两方面都请检查。',
    },
  },
  SERVER_DRAINING: {
    status: 503,
    side: 'local',
    sentence: { en: 'The server is shutting down.', zh: '服务器正在关闭。' },
    hint: {
      en: 'Try again in a moment: another instance, or this one after its restart, will answer.',
      zh: '请稍后重试：届时会有另一个实例，或重启后的服务器来应答。',
    },
  },
  SERVER_FAILED: {
    status: 500,
    side: 'local',
    sentence: {
      en: 'The server failed while it was deciding on this request.',
      zh: '服务器在决定是否接受这个请求时出错了。',
    },
    hint: { en: 'The cause is in the log of the server.', zh: '原因请看服务器的日志。' },
  },
  SERVER_AUTHORIZE_TIMEOUT: {
    status: 503,
    side: 'local',
    sentence: {
      en: 'The application took too long to decide on this request[ (limit {limit}: {value})].',
      zh: '应用程序迟迟没有决定是否接受这个请求[（限制项 {limit}：{value}）]。',
    },
    hint: {
      en: 'Try again in a moment. On the server, look at what `authorize` waits for, and hand `request.signal` to it.',
      zh: '请稍后再试。在服务器上，请检查 `authorize` 在等什么，并把 `request.signal` 传给它。',
    },
  },
  SERVER_UPGRADE_STRIPPED: {
    status: 426,
    rule: 'H-TRAP-07',
    side: 'transport',
    sentence: {
      en: 'The request has a Sec-WebSocket-Key but no longer asks for an upgrade: a proxy on the way has removed Upgrade or Connection.',
      zh: '请求中有 Sec-WebSocket-Key，却没有了升级请求：途中的代理去掉了 Upgrade 或 Connection。',
    },
    hint: {
      en: 'Have the proxy pass both fields on; in nginx: proxy_http_version 1.1, proxy_set_header Upgrade $http_upgrade and proxy_set_header Connection "upgrade".',
      zh: '请让代理转发这两个字段；以 nginx 为例：proxy_http_version 1.1、proxy_set_header Upgrade $http_upgrade 和 proxy_set_header Connection "upgrade"。',
    },
  },
  SERVER_PROXY_PROTOCOL: {
    status: 400,
    side: 'transport',
    sentence: {
      en: 'The connection begins with the PROXY protocol instead of a request: a proxy in front sends it.',
      zh: '连接开头是 PROXY 协议，而不是请求：是前面的代理发来的。',
    },
    hint: {
      en: 'This server does not take it: an address that anybody may send is not to be believed. In HAProxy remove send-proxy from the server line, in nginx (stream) set proxy_protocol off. X-Forwarded-For can tell the application the address instead (HAProxy: option forwardfor).',
      zh: '本服务器不接受它：任何人都能发送的地址不可信。在 HAProxy 中请从 server 行去掉 send-proxy，在 nginx（stream）中请设置 proxy_protocol off；客户端地址可以改用 X-Forwarded-For 告知应用程序（HAProxy：option forwardfor）。',
    },
  },
  SERVER_TLS_EXPECTED: {
    stage: 'secure',
    status: 400,
    side: 'remote',
    sentence: {
      en: 'The request came in plain text, but this port speaks TLS.',
      zh: '请求是明文发来的，而这个端口使用 TLS。',
    },
    hint: {
      en: 'Write wss: instead of ws: in the URL. A proxy in front has to connect with TLS as well, or the server has to listen without it.',
      zh: '请把 URL 里的 ws: 改成 wss:。如果前面有代理，要么让代理也用 TLS 连接，要么让服务器不用 TLS 监听。',
    },
  },
  SERVER_TLS_FAILED: {
    stage: 'secure',
    status: 400,
    side: 'either',
    sentence: {
      en: 'The TLS handshake failed[: {reason}].',
      zh: 'TLS 握手失败[：{reason}]。',
    },
    hint: {
      en: 'The client may not trust the certificate, speak only older versions of TLS, or speak no TLS at all; its own error tells more. If nobody complains, it may be a port scan.',
      zh: '可能是客户端不信任证书、只支持旧版 TLS，或者根本没有使用 TLS；客户端一侧的错误信息会更详细。如果没有人反映问题，也可能只是端口扫描。',
    },
  },
}

/** Refusals by a server of ours, seen from the server; `details.refusal` of a client's error names them too. */
export const refusalCodes: readonly RefusalRow[] = (Object.keys(rows) as RefusalCode[]).map(refusalRow)

export function refusalRow(code: RefusalCode): RefusalRow {
  return { code, stage: 'upgrade', ...rows[code] }
}
