import type { StageFacts, Text } from 'centouno/telling'

/** What a stage learned, by the names the engine gives it. */
const factWords: ReadonlyMap<string, Text> = new Map(
  Object.entries({
    bytesSent: { en: 'bytes sent', zh: '已发送字节' },
    bytesReceived: { en: 'bytes received', zh: '已接收字节' },

    host: { en: 'host', zh: '主机' },
    literal: { en: 'given as an address', zh: '主机本身就是地址' },
    addresses: { en: 'addresses found', zh: '查到的地址' },
    families: { en: 'address families', zh: '地址族' },

    port: { en: 'port', zh: '端口' },
    address: { en: 'address', zh: '地址' },
    tried: { en: 'addresses tried', zh: '尝试过的地址' },
    localAddress: { en: 'local address', zh: '本地地址' },
    localPort: { en: 'local port', zh: '本地端口' },

    queuedMs: { en: 'waited for its turn (ms)', zh: '排队等待 (毫秒)' },
    path: { en: 'Unix socket', zh: 'Unix 套接字' },

    proxy: { en: 'proxy', zh: '代理' },
    namedBy: { en: 'named by', zh: '由何处指定' },
    target: { en: 'tunnel to', zh: '隧道通往' },
    authentication: { en: 'identified to the proxy by', zh: '向代理证明身份的方式' },

    servername: { en: 'server name asked for', zh: '请求的服务器名' },
    protocol: { en: 'TLS version', zh: 'TLS 版本' },
    cipher: { en: 'cipher suite', zh: '密码套件' },
    alpn: { en: 'agreed by ALPN', zh: 'ALPN 商定结果' },
    subject: { en: 'certificate of', zh: '证书主体' },
    issuer: { en: 'issued by', zh: '签发者' },
    names: { en: 'names it is good for', zh: '证书适用的名称' },
    validFrom: { en: 'valid from', zh: '生效时间' },
    validTo: { en: 'valid until', zh: '失效时间' },
    chain: { en: 'certificates sent', zh: '发送的证书链' },
    authorized: { en: 'certificate verified', zh: '证书已通过验证' },
    authorizationError: { en: 'why it is not', zh: '未通过的原因' },

    status: { en: 'status of the reply', zh: '响应状态码' },
    through: { en: 'came through', zh: '途经' },
    rewritten: { en: 'rewritten by the tap', zh: '由 tap 改写' },
    interim: { en: 'replies before it', zh: '此前的临时响应' },
    subprotocol: { en: 'subprotocol', zh: '子协议' },
    extensions: { en: 'extensions', zh: '扩展' },

    end: { en: 'how it ended', zh: '结束方式' },
    code: { en: 'status code', zh: '状态码' },
    reason: { en: 'reason', zh: '原因' },
    cause: { en: 'what ended it', zh: '结束的起因' },
    initiator: { en: 'begun by', zh: '发起方' },
    sent: { en: 'code sent', zh: '发送的状态码' },
    received: { en: 'code received', zh: '收到的状态码' },
    violation: { en: 'rule broken', zh: '违反的规则' },
    silenceMs: { en: 'silent before it (ms)', zh: '此前静默 (毫秒)' },
    firstFin: { en: 'first FIN from', zh: '首先发送 FIN 的一方' },
    error: { en: 'error', zh: '错误' },
  }),
)

/** Values that are words of the engine's, told in words of people's. */
const valueWords: ReadonlyMap<string, Text> = new Map(
  Object.entries({
    true: { en: 'yes', zh: '是' },
    false: { en: 'no', zh: '否' },
    // Also of a connection that was only looked at: there, neither is "this side".
    local: { en: 'the client', zh: '客户端' },
    remote: { en: 'the server', zh: '服务器' },
  }),
)

/** Facts whose values are such words; of the others a value is told as it is. */
const worded: ReadonlySet<string> = new Set(['literal', 'authorized', 'initiator', 'firstFin'])

/** A fact's name in words; the name itself for one that is not known. */
export function factWord(name: string): Text {
  return factWords.get(name) ?? { en: name, zh: name }
}

/** A fact's value in words. */
export function factValue(name: string, value: StageFacts[string]): Text {
  const plain = typeof value === 'object' ? value.join(', ') : String(value)
  return (worded.has(name) ? valueWords.get(plain) : undefined) ?? { en: plain, zh: plain }
}
