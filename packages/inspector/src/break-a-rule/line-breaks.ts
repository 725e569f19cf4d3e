import type { Break } from './break.ts'
import { requestText, withField } from './opening-request.ts'
import type { OpeningRequest } from './opening-request.ts'

/** Beyond what any usual server takes of a request line: 8 KiB (nginx, Apache), 16 KiB (Node). */
const hugeTarget = 20_000

/** Breaks of the request line, and of `Host`. */
export const lineBreaks: readonly Break[] = [
  {
    id: 'post',
    rule: 'H-REQ-02',
    part: 'line',
    name: { en: 'POST instead of GET', zh: '用 POST 代替 GET' },
    falsify: (valid) => requestText({ ...valid, method: 'POST' }),
  },
  {
    id: 'lower-case-method',
    rule: 'H-REQ-02',
    part: 'line',
    name: { en: 'get in lower case', zh: '方法写成小写 get' },
    falsify: (valid) => requestText({ ...valid, method: 'get' }),
  },
  {
    id: 'http-1.0',
    rule: 'H-REQ-03',
    part: 'line',
    name: { en: 'HTTP/1.0', zh: 'HTTP/1.0' },
    falsify: (valid) => requestText({ ...valid, version: 'HTTP/1.0' }),
  },
  {
    id: 'no-version',
    rule: 'H-REQ-01',
    part: 'line',
    name: { en: 'no HTTP version', zh: '不写 HTTP 版本' },
    falsify: (valid) => requestText(valid).replace(' HTTP/1.1\r\n', '\r\n'),
  },
  {
    id: 'no-request-line',
    rule: 'H-REQ-01',
    part: 'line',
    name: { en: 'no request line at all', zh: '根本没有请求行' },
    falsify: () => 'websocket please\r\n\r\n',
  },
  {
    id: 'target-asterisk',
    rule: 'H-REQ-04',
    part: 'line',
    name: { en: 'the target *', zh: '请求目标为 *' },
    falsify: (valid) => requestText({ ...valid, target: '*' }),
  },
  {
    id: 'target-authority',
    rule: 'H-REQ-04',
    part: 'line',
    name: { en: 'a target of host and port', zh: '请求目标为主机加端口' },
    falsify: (valid) => requestText({ ...valid, target: 'elsewhere.example:80' }),
  },
  {
    id: 'target-elsewhere',
    rule: 'H-REQ-04',
    part: 'line',
    name: { en: 'a target on another host', zh: '请求目标指向另一台主机' },
    allowed: {
      en: 'RFC 9112 §3.2.2 has a server that is given a whole URI pass over `Host`.',
      zh: 'RFC 9112 §3.2.2：目标是完整 URI 时，服务器不看 `Host`。',
    },
    falsify: (valid) => requestText({ ...valid, target: 'http://elsewhere.example/' }),
  },
  {
    id: 'long-target',
    rule: 'H-H1-11',
    part: 'size',
    name: { en: 'a target of 20,000 bytes', zh: '两万字节的请求目标' },
    allowed: {
      en: 'How long a request line may be is for each server to say.',
      zh: '请求行可以多长，由各服务器自行决定。',
    },
    falsify: (valid) => requestText({ ...valid, target: longTarget(valid) }),
  },
  {
    id: 'no-host',
    rule: 'H-REQ-05',
    part: 'host',
    name: { en: 'no Host', zh: '没有 Host' },
    falsify: (valid) => requestText(withField(valid, 'Host')),
  },
  {
    id: 'empty-host',
    rule: 'H-REQ-05',
    part: 'host',
    name: { en: 'an empty Host', zh: 'Host 为空' },
    falsify: (valid) => requestText(withField(valid, 'Host', '')),
  },
  {
    id: 'two-hosts',
    rule: 'H-H1-03',
    part: 'host',
    name: { en: 'Host twice', zh: 'Host 出现两次' },
    falsify: (valid) => requestText(withField(valid, 'Host', valid.host, valid.host)),
  },
  {
    id: 'host-with-blank',
    rule: 'H-H1-03',
    part: 'host',
    name: { en: 'a Host with a blank inside', zh: 'Host 中间有空格' },
    falsify: (valid) => requestText(withField(valid, 'Host', 'no host')),
  },
]

function longTarget({ target }: OpeningRequest): string {
  const query = target.includes('?') ? '&' : '?'
  return `${target}${query}${'a'.repeat(hugeTarget)}`
}
