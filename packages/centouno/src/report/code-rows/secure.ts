import type { CodeRow } from '../code-row.ts'
import { rowsOf } from './row.ts'

const row = rowsOf('secure')

/** TLS: the certificate first, then the handshake. */
export const secureCodes: readonly CodeRow[] = [
  row(
    'SECURE_SELF_SIGNED',
    'remote',
    {
      en: '{host} showed a self-signed certificate: nobody but the server itself vouches for it.',
      zh: '{host} 出示的是自签名证书：除了服务器自己，没有人为它担保。',
    },
    {
      en: 'If the server is yours, trust its certificate (tls.ca). To look without trusting, set tls.rejectUnauthorized to false. In production, use a certificate of a public authority.',
      zh: '如果服务器是您自己的，请信任它的证书（tls.ca）。只想查看而不信任时，可将 tls.rejectUnauthorized 设为 false。生产环境请使用公共机构签发的证书。',
    },
  ),
  row(
    'SECURE_UNKNOWN_AUTHORITY',
    'remote',
    {
      en: 'The certificate of {host} was issued by an authority this machine does not know[: {issuer}].',
      zh: '{host} 的证书由本机不认识的机构签发[：{issuer}]。',
    },
    {
      en: "If it is your own authority, or a proxy's that inspects TLS, give its root certificate as tls.ca or in NODE_EXTRA_CA_CERTS.",
      zh: '如果是您自己的机构，或是检查 TLS 流量的代理，请通过 tls.ca 或 NODE_EXTRA_CA_CERTS 提供其根证书。',
    },
  ),
  row(
    'SECURE_EXPIRED',
    'remote',
    {
      en: 'The certificate of {host} has expired[: it was valid until {validTo}].',
      zh: '{host} 的证书已过期[：有效期至 {validTo}]。',
    },
    {
      en: 'Renew it on the server, or on the proxy that ends TLS for it, and reload that: a new file alone changes nothing. If it looks valid, check the clock of this machine.',
      zh: '请在服务器或为它终止 TLS 的代理上续期证书并重新加载配置：只更换文件不会生效。如果证书看起来有效，请检查本机时钟。',
    },
  ),
  row(
    'SECURE_NOT_YET_VALID',
    'remote',
    {
      en: 'The certificate of {host} is not valid yet[: it begins on {validFrom}].',
      zh: '{host} 的证书尚未生效[：自 {validFrom} 起有效]。',
    },
    {
      en: 'Check the clock of this machine, then the date the certificate was issued for.',
      zh: '请先检查本机时钟，再检查证书的生效日期。',
    },
  ),
  row(
    'SECURE_WRONG_NAME',
    'remote',
    {
      en: 'The certificate is not for {host}[: it names {names}].',
      zh: '该证书不是颁发给 {host} 的[：它写的是 {names}]。',
    },
    {
      en: 'Connect with a name the certificate has, or issue one that has this name. A default certificate often means that the server, or the proxy that ends TLS for it, does not know this host (nginx: no server_name fits and the default server answered).',
      zh: '请用证书中的名称连接，或重新签发包含该名称的证书。如果出示的是默认证书，往往说明服务器或为它终止 TLS 的代理没有配置这个主机名（nginx：没有匹配的 server_name，由默认 server 应答）。',
    },
  ),
  row(
    'SECURE_CHAIN_INCOMPLETE',
    'remote',
    {
      en: 'The certificate of {host} cannot be traced to an authority this machine knows[; the certificate of {issuer} is missing].',
      zh: '无法把 {host} 的证书追溯到本机认识的机构[；缺少 {issuer} 的证书]。',
    },
    {
      en: 'Have the server, or the proxy that ends TLS for it, send the whole chain: fullchain.pem, not cert.pem (nginx: ssl_certificate; HAProxy: crt, with the chain behind the certificate). If the authority is private, give its root as tls.ca.',
      zh: '请让服务器或为它终止 TLS 的代理发送完整的证书链：使用 fullchain.pem 而不是 cert.pem（nginx：ssl_certificate；HAProxy：crt，证书之后接上中间证书）。如果是私有机构，请通过 tls.ca 提供其根证书。',
    },
  ),
  row(
    'SECURE_CERTIFICATE_REJECTED',
    'remote',
    {
      en: 'The certificate of {host} did not pass verification: {reason}.',
      zh: '{host} 的证书没有通过验证：{reason}。',
    },
    { en: 'Have a new certificate issued for the server.', zh: '请为服务器重新签发证书。' },
  ),
  row(
    'SECURE_NOT_TLS',
    'remote',
    {
      en: 'What answers at {address} does not speak TLS.',
      zh: '{address} 上应答的程序使用的不是 TLS。',
    },
    {
      en: 'Try ws:// instead of wss://, or the port on which the server does speak TLS. If this port should: nginx takes TLS where `listen` has `ssl`, HAProxy where `bind` has `ssl crt`.',
      zh: '请把 wss:// 换成 ws:// 再试，或改用服务器提供 TLS 的端口。如果这个端口本应使用 TLS：nginx 需要在 `listen` 上加 `ssl`，HAProxy 需要在 `bind` 上加 `ssl crt`。',
    },
  ),
  row(
    'SECURE_PROTOCOL_VERSION',
    'remote',
    {
      en: 'The server and this client have no TLS version in common.',
      zh: '服务器与本客户端没有共同支持的 TLS 版本。',
    },
    {
      en: 'Enable TLS 1.2 or 1.3 on the server. TLS 1.0 and 1.1 are obsolete (RFC 8996).',
      zh: '请在服务器上启用 TLS 1.2 或 1.3。TLS 1.0 和 1.1 已被废弃（RFC 8996）。',
    },
  ),
  row(
    'SECURE_NO_SHARED_CIPHER',
    'remote',
    {
      en: 'The server ended the TLS handshake with the alert "handshake failure": it could not agree on the terms with this client.',
      zh: '服务器以警报 handshake failure 中止了 TLS 握手：无法与本客户端就参数达成一致。',
    },
    {
      en: 'Compare the ciphers, curves and key types of both sides. Some servers say this, too, when a client certificate is missing or the host name is not theirs.',
      zh: '请比较双方的加密套件、曲线和密钥类型。有些服务器在缺少客户端证书或主机名不对时也会这样回应。',
    },
  ),
  row(
    'SECURE_CLIENT_CERTIFICATE',
    'remote',
    {
      en: 'The server asks for a client certificate and did not get one it accepts.',
      zh: '服务器要求客户端证书，但没有得到它认可的证书。',
    },
    {
      en: 'Give a certificate and its key (tls.cert and tls.key, or tls.pfx) from an authority this server accepts.',
      zh: '请提供由服务器认可的机构签发的证书和密钥（tls.cert 与 tls.key，或 tls.pfx）。',
    },
  ),
  row(
    'SECURE_NAME_UNKNOWN',
    'remote',
    {
      en: 'The TLS server does not know the host name {host} (alert "unrecognized name").',
      zh: 'TLS 服务器不认识主机名 {host}（警报 unrecognized name）。',
    },
    {
      en: 'The address leads to a server that serves other names. Check DNS, and the virtual hosts of the server or proxy.',
      zh: '该地址上的服务器服务于其他主机名。请检查 DNS 以及服务器或代理的虚拟主机设置。',
    },
  ),
  row(
    'SECURE_ALERT',
    'remote',
    {
      en: 'The server ended the TLS handshake with an alert: {alert}.',
      zh: '服务器以警报中止了 TLS 握手：{alert}。',
    },
    {
      en: "The server's log says more. Compare the TLS settings of both sides.",
      zh: '服务器日志中会有更多信息。请比较双方的 TLS 设置。',
    },
  ),
  row(
    'SECURE_ENDED',
    'remote',
    {
      en: '{address} closed the connection in the middle of the TLS handshake.',
      zh: '{address} 在 TLS 握手途中关闭了连接。',
    },
    {
      en: 'The port may not be for TLS, or the server refuses this host name or address. Try ws://, and look at the server log.',
      zh: '该端口可能不提供 TLS，或者服务器拒绝此主机名或来源地址。请试试 ws://，并查看服务器日志。',
    },
  ),
  row(
    'SECURE_RESET',
    'transport',
    {
      en: 'The connection to {address} was reset in the middle of the TLS handshake.',
      zh: '到 {address} 的连接在 TLS 握手途中被重置。',
    },
    {
      en: 'Often a firewall that objects to the host name, or a server that crashed. Try from another network.',
      zh: '常见原因是防火墙拦截了该主机名，或服务器崩溃。请换一个网络再试。',
    },
  ),
  row(
    'SECURE_TIMEOUT',
    'transport',
    {
      en: '{address} accepted the connection but did not finish the TLS handshake within {timeout} ms.',
      zh: '{address} 接受了连接，但没有在 {timeout} 毫秒内完成 TLS 握手。',
    },
    {
      en: 'A server that waits for plain text stays silent like this: try ws://. Otherwise the server is stuck or the path loses packets.',
      zh: '等待明文的服务器会这样保持沉默：请试试 ws://。否则可能是服务器卡住，或网络丢包。',
    },
  ),
  row(
    'SECURE_OPTIONS',
    'local',
    {
      en: 'TLS could not begin, because an option under tls cannot be used: {reason}.',
      zh: 'tls 中有一个选项无法使用，TLS 握手没有开始：{reason}。',
    },
    {
      en: 'Check the format of ca, cert, key and pfx (PEM or PKCS #12), and the passphrase.',
      zh: '请检查 ca、cert、key、pfx 的格式（PEM 或 PKCS #12）以及口令。',
    },
  ),
  row(
    'SECURE_FAILED',
    'transport',
    { en: 'The TLS handshake with {address} failed: {reason}.', zh: '与 {address} 的 TLS 握手失败：{reason}。' },
    {
      en: 'Compare the TLS settings of both sides; the cause has the words of the TLS library.',
      zh: '请比较双方的 TLS 设置；cause 中有 TLS 库的原始说明。',
    },
  ),
]
