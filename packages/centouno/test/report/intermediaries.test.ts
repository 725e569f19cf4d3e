import { describe, expect, test } from 'vitest'
import type { Field } from '../../src/protocol/http/head.ts'
import { intermediaries, recognise } from '../../src/report/intermediaries.ts'

function server(value: string): Field[] {
  return [{ name: 'server', value }]
}

const nginxPage =
  '<html>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n'
const haproxyPage =
  '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n'

describe('recognise', () => {
  test.each([
    ['nginx/1.22.1', 'nginx'],
    ['openresty/1.25.3.1', 'nginx'],
    ['Apache/2.4.57 (Debian)', 'Apache'],
    ['envoy', 'Envoy'],
    ['cloudflare', 'Cloudflare'],
    ['awselb/2.0', 'AWS load balancer'],
  ])('by Server: %s is %s, which may have passed it on', (value, name) => {
    expect(recognise(server(value), 'Upgrade Required')).toEqual({ name, own: false })
  })

  test('by Via, where Server is that of the server', () => {
    const via = [...server('Kestrel'), { name: 'Via', value: '1.1 edge, 1.1 Caddy' }]
    expect(recognise(via, '')).toEqual({ name: 'Caddy', own: false })
  })

  test('by its own page, whatever Server says', () => {
    expect(recognise(server('mine'), nginxPage)).toEqual({ name: 'nginx', own: true })
    expect(recognise([], haproxyPage)).toEqual({ name: 'HAProxy', own: true })
  })

  test.each([
    [[], ''],
    [server('Kestrel'), 'No server is available.'],
    [server('my-nginx'), 'nginx'],
    [server(''), ''],
  ])('knows nobody in %j', (fields, body) => {
    expect(recognise(fields, body)).toBeUndefined()
  })
})

test('each has a mark, in lower case as it is compared', () => {
  for (const { servers = [], via, pages = [] } of intermediaries) {
    const marks = [...servers, ...pages, ...(via === undefined ? [] : [via])]
    expect(marks.length).toBeGreaterThan(0)
    for (const mark of marks) expect(mark).toBe(mark.toLowerCase())
  }
})
