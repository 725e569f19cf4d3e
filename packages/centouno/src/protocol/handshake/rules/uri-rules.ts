import type { UriReading } from '../websocket-uri.ts'
import type { Text } from '../../text.ts'
import type { UriRule } from '../rule-row.ts'
import { faultText } from './head-faults.ts'

/** Section 1 of the table: the URI, judged before a single byte is sent. */
export const uriRules: readonly UriRule[] = [
  {
    id: 'H-URI-01',
    clause: 'RFC 6455 §3',
    level: 'must',
    side: 'client',
    subject: 'uri',
    sentence: {
      en: 'The scheme is `ws` or `wss`, in upper or lower case; a port that is not given is 80 or 443.',
      zh: '协议名是 `ws` 或 `wss`，不分大小写；没有写端口时分别取 80 和 443。',
    },
    ...readBy('H-URI-01'),
  },
  {
    id: 'H-URI-02',
    clause: 'RFC 6455 §4.1(1)',
    level: 'must',
    side: 'client',
    subject: 'uri',
    sentence: {
      en: 'With a host, port or resource name that is not valid, the attempt ends before any byte is sent.',
      zh: '主机、端口或资源名无效时，在发出任何字节之前就放弃连接。',
    },
    ...readBy('H-URI-02'),
  },
  {
    id: 'H-URI-03',
    clause: 'RFC 6455 §3',
    level: 'must',
    side: 'client',
    subject: 'uri',
    sentence: {
      en: 'There is no fragment; a `#` that is part of the name is written `%23`.',
      zh: '没有片段（`#` 及其后的部分）；名字里本来就有的 `#` 要写成 `%23`。',
    },
    ...readBy('H-URI-03'),
  },
  {
    id: 'H-URI-04',
    clause: 'RFC 6455 §3',
    level: 'must',
    side: 'client',
    subject: 'uri',
    sentence: {
      en: 'The resource name is the path, `/` when it is empty, followed by `?` and the query when there is one.',
      zh: '资源名就是路径（为空时取 `/`）；如果有查询，再接上 `?` 和查询部分。',
    },
    ...readBy('H-URI-04'),
  },
  {
    id: 'H-URI-05',
    clause: 'RFC 6455 §11.1.1',
    level: 'must',
    side: 'client',
    subject: 'uri',
    sentence: {
      en: 'Characters beyond ASCII are encoded: in the host by IDNA, elsewhere as percent-encoded UTF-8.',
      zh: '非 ASCII 字符要先编码：主机名按 IDNA，其余部分按 UTF-8 百分号编码。',
    },
    ...readBy('H-URI-05'),
  },
]

/** Reading a URI ends at its first fault: that rule is broken, and nothing is known of the others. */
function readBy(id: string): {
  applies: (reading: UriReading) => boolean
  check: (reading: UriReading) => Text | undefined
} {
  return {
    applies: (reading) => reading.ok || reading.rule === id,
    check: (reading) => (reading.ok ? undefined : faultText(reading)),
  }
}
