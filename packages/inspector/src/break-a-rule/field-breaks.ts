import type { Text } from 'centouno/telling'
import type { Break, BreakPart } from './break.ts'
import { requestText, withField } from './opening-request.ts'

/** One field with other values; without any it is left out. */
function field(
  id: string,
  rule: string,
  part: BreakPart,
  name: Text,
  [fieldName, ...values]: readonly [name: string, ...values: readonly string[]],
  allowed?: Text,
): Break {
  const falsify: Break['falsify'] = (valid) => requestText(withField(valid, fieldName, ...values))
  return { id, rule, part, name, falsify, ...(allowed && { allowed }) }
}

const upgrade = 'Upgrade'
const connection = 'Connection'
const key = 'Sec-WebSocket-Key'
const version = 'Sec-WebSocket-Version'
const subprotocol = 'Sec-WebSocket-Protocol'
const extensions = 'Sec-WebSocket-Extensions'
/** The key of RFC 6455 §1.3. */
const sampleKey = 'dGhlIHNhbXBsZSBub25jZQ=='

/** Breaks of the fields that make a request an opening handshake. */
export const fieldBreaks: readonly Break[] = [
  field('no-upgrade', 'H-REQ-06', 'upgrade', { en: 'no Upgrade', zh: '没有 Upgrade' }, [upgrade]),
  field('upgrade-h2c', 'H-REQ-06', 'upgrade', { en: 'Upgrade: h2c', zh: 'Upgrade: h2c' }, [upgrade, 'h2c']),
  field('upgrade-with-version', 'H-REQ-06', 'upgrade', { en: 'Upgrade: websocket/13', zh: 'Upgrade: websocket/13' }, [
    upgrade,
    'websocket/13',
  ]),
  field('no-connection', 'H-REQ-07', 'upgrade', { en: 'no Connection', zh: '没有 Connection' }, [connection]),
  field(
    'connection-keep-alive',
    'H-REQ-07',
    'upgrade',
    { en: 'Connection: keep-alive', zh: 'Connection: keep-alive' },
    [connection, 'keep-alive'],
  ),

  field('no-key', 'H-REQ-08', 'key', { en: 'no key', zh: '没有密钥' }, [key]),
  field('empty-key', 'H-REQ-08', 'key', { en: 'an empty key', zh: '密钥为空' }, [key, '']),
  field('short-key', 'H-REQ-08', 'key', { en: 'a key of 8 bytes', zh: '密钥只有 8 字节' }, [key, 'AAAAAAAAAAA=']),
  field('key-not-base64', 'H-REQ-08', 'key', { en: 'a key that is no base64', zh: '密钥不是 base64' }, [
    key,
    '!!! 16 bytes? No. !!!!!',
  ]),
  field('key-without-padding', 'H-REQ-08', 'key', { en: 'a key without its ==', zh: '密钥末尾缺少 ==' }, [
    key,
    sampleKey.replace('==', ''),
  ]),
  field('two-keys', 'H-REQ-10', 'key', { en: 'the key twice', zh: '密钥出现两次' }, [key, sampleKey, sampleKey]),

  field('no-websocket-version', 'H-REQ-12', 'version', { en: 'no version', zh: '没有版本' }, [version]),
  field('version-12', 'H-REQ-12', 'version', { en: 'version 12', zh: '版本 12' }, [version, '12']),
  field('version-8', 'H-REQ-12', 'version', { en: 'version 8, a draft', zh: '版本 8（草案）' }, [version, '8'], {
    en: 'RFC 6455 §4.4 lets a server speak other versions beside 13, and some still speak this draft.',
    zh: 'RFC 6455 §4.4 允许服务器在 13 之外还支持别的版本，有些服务器仍支持这个草案。',
  }),
  field('version-013', 'H-VER-02', 'version', { en: 'version 013', zh: '版本 013' }, [version, '013']),
  field('two-versions', 'H-REQ-13', 'version', { en: 'version 13, 8', zh: '版本 13, 8' }, [version, '13, 8']),

  field('subprotocol-empty', 'H-REQ-14', 'offers', { en: 'an empty list of subprotocols', zh: '子协议列表为空' }, [
    subprotocol,
    '',
  ]),
  field('subprotocol-no-token', 'H-REQ-14', 'offers', { en: 'a subprotocol with a blank', zh: '子协议名含空格' }, [
    subprotocol,
    'chat v1',
  ]),
  field(
    'subprotocol-twice',
    'H-REQ-14',
    'offers',
    { en: 'a subprotocol twice', zh: '同一子协议出现两次' },
    [subprotocol, 'chat.v1, chat.v1'],
    {
      en: 'RFC 6455 §4.1(10) forbids it to clients; that servers refuse it is not said.',
      zh: 'RFC 6455 §4.1(10) 只禁止客户端这样写，没有要求服务器拒绝。',
    },
  ),
  field('extension-without-name', 'H-REQ-15', 'offers', { en: 'an extension without a name', zh: '扩展没有名称' }, [
    extensions,
    '; client_max_window_bits',
  ]),
  field(
    'extension-open-quote',
    'H-REQ-15',
    'offers',
    { en: 'an extension with an open quote', zh: '扩展的引号没有闭合' },
    [extensions, 'permessage-deflate; client_max_window_bits="15'],
  ),

  field(
    'foreign-origin',
    'H-SRV-06',
    'origin',
    { en: 'a page from elsewhere', zh: '来自其他站点的页面' },
    ['Origin', 'https://elsewhere.example'],
    {
      en: 'A server may admit pages from anywhere. Where cookies log users in, that lets other sites act for them.',
      zh: '服务器可以接纳任何来源的页面。但若靠 cookie 登录，其他网站便能冒用用户的身份。',
    },
  ),
  field('origin-null', 'H-SRV-06', 'origin', { en: 'Origin: null', zh: 'Origin: null' }, ['Origin', 'null'], {
    en: 'A server may admit pages from anywhere. `null` is what sandboxed pages of any site send.',
    zh: '服务器可以接纳任何来源的页面。任何网站的沙箱页面都会发送 `null`。',
  }),
]
