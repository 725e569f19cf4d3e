import type { CodeRow } from '../code-row.ts'
import { rowsOf } from './row.ts'

const row = rowsOf('upgrade')

/** The reply is a 101 that breaks a rule of the opening handshake; `details.rule` names it. */
export const handshakeCodes: readonly CodeRow[] = [
  row(
    'UPGRADE_NO_UPGRADE',
    'remote',
    {
      en: 'The server answered 101 without an Upgrade field that names websocket[: it says "{received}"] ({rule}).',
      zh: '服务器返回了 101，却没有写明 websocket 的 Upgrade 字段[：收到的是“{received}”]（{rule}）。',
    },
    {
      en: 'A proxy in between may have removed or changed the field; otherwise the server is at fault: it must send "Upgrade: websocket".',
      zh: '可能是中间的代理去掉或修改了该字段；否则就是服务器的错误：它必须发送“Upgrade: websocket”。',
    },
  ),
  row(
    'UPGRADE_NO_CONNECTION',
    'remote',
    {
      en: 'The server answered 101 without a Connection field that has Upgrade[: it says "{received}"] ({rule}).',
      zh: '服务器返回了 101，却没有包含 Upgrade 的 Connection 字段[：收到的是“{received}”]（{rule}）。',
    },
    {
      en: 'Proxies remove Connection unless they are told to pass it on. If there is none, the server must send "Connection: Upgrade".',
      zh: '除非另行配置，代理会去掉 Connection。如果没有代理，服务器必须发送“Connection: Upgrade”。',
    },
  ),
  row(
    'UPGRADE_ACCEPT_MISSING',
    'remote',
    {
      en: 'The server answered 101 without Sec-WebSocket-Accept, so it did not prove that it understood WebSocket ({rule}).',
      zh: '服务器返回了 101，却没有 Sec-WebSocket-Accept，因此没有证明它理解 WebSocket（{rule}）。',
    },
    {
      en: 'The server must answer the key with Sec-WebSocket-Accept: {expected}.',
      zh: '服务器必须对密钥作出回应：Sec-WebSocket-Accept: {expected}。',
    },
  ),
  row(
    'UPGRADE_ACCEPT_WRONG',
    'remote',
    {
      en: 'The server answered with the wrong Sec-WebSocket-Accept: "{received}" instead of "{expected}" ({rule}).',
      zh: '服务器返回的 Sec-WebSocket-Accept 不对：是“{received}”，应为“{expected}”（{rule}）。',
    },
    {
      en: "The value is base64(SHA-1(key + GUID)), the key taken as text, exactly as sent. A reply to another connection's key, as from a cache, looks like this, too.",
      zh: '该值应为 base64(SHA-1(密钥 + GUID))，密钥按发送的文本原样参与计算。如果缓存返回了另一个连接的回复，也会如此。',
    },
  ),
  row(
    'UPGRADE_ACCEPT_REPEATED',
    'remote',
    {
      en: 'The server sent Sec-WebSocket-Accept {count} times ({rule}).',
      zh: '服务器发送了 {count} 次 Sec-WebSocket-Accept（{rule}）。',
    },
    {
      en: 'It must come once. Two layers of the server probably both answer the handshake.',
      zh: '它只能出现一次。很可能服务器中有两层程序都回应了握手。',
    },
  ),
  row(
    'UPGRADE_EXTENSION_NOT_OFFERED',
    'remote',
    {
      en: 'The server chose an extension this client did not offer: {received} ({rule}).',
      zh: '服务器选择了本客户端没有提出的扩展：{received}（{rule}）。',
    },
    {
      en: 'The server must choose from the offer only, and leave the field out when there is none.',
      zh: '服务器只能从客户端提出的扩展中选择；没有可选的就不应发送该字段。',
    },
  ),
  row(
    'UPGRADE_EXTENSION_MALFORMED',
    'remote',
    {
      en: 'The Sec-WebSocket-Extensions field of the reply cannot be read: {received} ({rule}).',
      zh: '无法解读回复中的 Sec-WebSocket-Extensions 字段：{received}（{rule}）。',
    },
    {
      en: 'The server must write it as name; parameter=value, separated by commas.',
      zh: '服务器应将其写成“名称; 参数=值”的形式，并以逗号分隔。',
    },
  ),
  row(
    'UPGRADE_EXTENSION_PARAMETER',
    'remote',
    {
      en: 'The server agreed to an extension with parameters that are not allowed: {received} ({rule}).',
      zh: '服务器同意的扩展带有不允许的参数：{received}（{rule}）。',
    },
    {
      en: "Correct the extension's parameters on the server, or turn the extension off there.",
      zh: '请在服务器上改正该扩展的参数，或关闭该扩展。',
    },
  ),
  row(
    'UPGRADE_SUBPROTOCOL_NOT_OFFERED',
    'remote',
    {
      en: 'The server chose the subprotocol "{received}", which this client did not offer ({rule}).',
      zh: '服务器选择了本客户端没有提出的子协议“{received}”（{rule}）。',
    },
    {
      en: '[Offered: {offered}. ]Offer what the server speaks, or have it choose from the offer, or none.',
      zh: '[本客户端提出的是：{offered}。]请提出服务器使用的子协议；或让服务器从中选择，否则不选。',
    },
  ),
  row(
    'UPGRADE_SUBPROTOCOL_MISSING',
    'remote',
    {
      en: 'The server accepted none of the offered subprotocols[: {offered}] ({rule}).',
      zh: '服务器没有接受任何一个提出的子协议[：{offered}]（{rule}）。',
    },
    {
      en: 'Offer one the server knows. To go on without one, set requireSubprotocol to false.',
      zh: '请提出服务器支持的子协议。如果可以不使用子协议，请将 requireSubprotocol 设为 false。',
    },
  ),
  row(
    'UPGRADE_SUBPROTOCOL_REPEATED',
    'remote',
    {
      en: 'The server chose more than one subprotocol: {received} ({rule}).',
      zh: '服务器选择了不止一个子协议：{received}（{rule}）。',
    },
    { en: 'The server must choose one, in one field.', zh: '服务器只能在一个字段中选择一个子协议。' },
  ),
  row(
    'UPGRADE_HTTP_VERSION',
    'remote',
    {
      en: 'The server answered 101 in HTTP/{received}; switching protocols needs HTTP/1.1 ({rule}).',
      zh: '服务器以 HTTP/{received} 返回了 101；切换协议需要 HTTP/1.1（{rule}）。',
    },
    {
      en: 'A proxy that speaks HTTP/1.0 to its backend is the usual reason (nginx: proxy_http_version 1.1).',
      zh: '常见原因是代理用 HTTP/1.0 与后端通信（nginx：proxy_http_version 1.1）。',
    },
  ),
  row(
    'UPGRADE_MALFORMED',
    'remote',
    {
      en: 'The 101 of the server is not valid HTTP[: {received}] ({rule}).',
      zh: '服务器的 101 响应不是有效的 HTTP[：{received}]（{rule}）。',
    },
    {
      en: 'The server, or something before it, writes a malformed response head. The report has it word for word.',
      zh: '服务器或其前面的程序写出了格式错误的响应头。报告中有其原文。',
    },
  ),
  row(
    'UPGRADE_RULE_BROKEN',
    'remote',
    {
      en: 'The 101 of the server breaks rule {rule} of the opening handshake.',
      zh: '服务器的 101 响应违反了开场握手的规则 {rule}。',
    },
    {
      en: 'Correct the server, or relax this rule by its id.',
      zh: '请改正服务器，或按编号放宽该规则。',
    },
  ),
]
