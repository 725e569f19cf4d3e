import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeRequest, defaultRequestPolicy, refuseFault } from '../../src/protocol/handshake/judge-request.ts'
import { encodeLatin1 } from '../../src/protocol/encoding/latin1.ts'
import { parseRequestHead } from '../../src/protocol/http/request-head.ts'
import { hidden } from '../../src/report/hiding.ts'
import {
  redactField,
  redactHead,
  redactHeadText,
  redactor,
  redactRefusal,
  redactSentence,
  redactTarget,
  redactVerdicts,
  secretPlaces,
} from '../../src/report/redaction.ts'

describe('fields', () => {
  test.each(['Authorization', 'proxy-authorization', 'COOKIE', 'Set-Cookie', 'X-Api-Key'])(
    'of %s only the name',
    (name) => {
      expect(redactField({ name, value: 'top-secret' })).toEqual({ name, value: hidden })
      expect(redactField({ name, value: '' })).toEqual({ name, value: '' })
    },
  )

  test('others as sent', () => {
    expect(redactField({ name: 'Sec-WebSocket-Key', value: 'x==' }).value).toBe('x==')
  })

  test('entries of subprotocols that carry a token', () => {
    const field = { name: 'Sec-WebSocket-Protocol', value: 'chat.v1, bearer.abc.def , eyJhbGciOi.J9,token-of.x' }
    expect(redactField(field).value).toBe(`chat.v1, bearer.${hidden} , ${hidden},token-of.x`)
    expect(redactField(field, secretPlaces([], ['token-of.'])).value).toContain(`token-of.${hidden}`)
  })

  test('targets that a proxy or a page tells of', () => {
    expect(redactField({ name: 'Referer', value: 'https://h/?ticket=abc&x=1' }).value).toBe(
      `https://h/?ticket=${hidden}&x=1`,
    )
  })
})

test.each([
  ['/chat?token=abc', `/chat?token=${hidden}`],
  ['/chat?a=1&Access_Token=abc&b=2', `/chat?a=1&Access_Token=${hidden}&b=2`],
  // Whoever serves it decodes the name.
  ['/chat?t%6Fken=abc', `/chat?t%6Fken=${hidden}`],
  ['/chat?token=abc&token=def', `/chat?token=${hidden}&token=${hidden}`],
  ['/chat?token=', '/chat?token='],
  ['/chat?mytoken=abc&%=1&=2', '/chat?mytoken=abc&%=1&=2'],
  ['ws://h/chat?token=abc#top', `ws://h/chat?token=${hidden}#top`],
])('the target %s is told as %s', (target, told) => {
  expect(redactTarget(target)).toBe(told)
})

test('a query parameter that the application names', () => {
  expect(redactTarget('/?Key=abc&k=1', secretPlaces(['KEY']))).toBe(`/?Key=${hidden}&k=1`)
})

describe('the text of a head', () => {
  test('keeps every other character', () => {
    const head = 'GET /?token=s HTTP/1.1\r\nHost: h\r\ncookie:a=b\r\nX:  y\r\nSec-WebSocket-Protocol: bearer.s\r\n\r\n'
    expect(redactHeadText(head)).toBe(
      `GET /?token=${hidden} HTTP/1.1\r\nHost: h\r\ncookie: ${hidden}\r\nX:  y\r\nSec-WebSocket-Protocol: bearer.${hidden}\r\n\r\n`,
    )
  })

  test('hides a secret that goes on in folded lines, and one with a blank before the colon', () => {
    const head = 'HTTP/1.1 200 OK\nSet-Cookie : a\n  b=secret\nX: 1\n y\n'
    expect(redactHeadText(head)).toBe(`HTTP/1.1 200 OK\nSet-Cookie : ${hidden}\n ${hidden}\nX: 1\n y\n`)
  })

  test('hides a token with blanks in a start line that is none', () => {
    expect(redactHeadText('GET /?token=to p s HTTP/1.1\r\n')).toBe(`GET /?token=${hidden} HTTP/1.1\r\n`)
  })
})

test('a sentence with a URL, or with a subprotocol, in it', () => {
  expect(redactSentence('ws://h/?token=abc answered 404')).toBe(`ws://h/?token=${hidden}`)
  expect(redactSentence('offered were `bearer.abc`, `x`.')).toBe(`offered were \`bearer.${hidden}\`, \`x\`.`)
})

const secret = 'S3cr3t-Token-0123456789'
const places = secretPlaces(['key'], ['app.'])

/** Everything that is told of a request that is refused, as one text. */
function toldOf(text: string): string {
  const head = parseRequestHead(encodeLatin1(text))
  const redact = redactor(head, places)
  const judgement = judgeRequest(head, defaultRequestPolicy)
  const verdicts = redactVerdicts(judgement.verdicts, redact)
  const refusal = judgement.ok ? undefined : redactRefusal(judgement.refusal, redact)
  const late = redactRefusal(refuseFault({ rule: 'H-SRV-25', found: text.slice(0, 60) }), redact)
  return JSON.stringify([redactHead(head, places), verdicts, refusal, late])
}

test.each([
  ['in Authorization', 'GET / HTTP/1.1\r\nAuthorization: Bearer §\r\n\r\n'],
  ['in a Cookie with a control character behind it', 'GET / HTTP/1.1\r\nCookie: a=§\x01b\r\n\r\n'],
  ['in a Cookie with a control character before it', 'GET / HTTP/1.1\r\nCookie: \x01=§\r\n\r\n'],
  ['in the query of a target that is none', 'GET http:/?token=§ HTTP/1.1\r\n\r\n'],
  ['in a named parameter', 'GET x?key=§ HTTP/1.1\r\n\r\n'],
  ['in a subprotocol twice', 'GET / HTTP/1.1\r\nSec-WebSocket-Protocol: app.§, app.§\r\n\r\n'],
  ['in a subprotocol that is no token', 'GET / HTTP/1.1\r\nSec-WebSocket-Protocol: app.§/x\r\n\r\n'],
  ['in a head that never ends', 'GET /?key=§'],
  ['in a field that never ends', 'GET / HTTP/1.1\r\nAuthorization: Bearer §'],
])('a token %s is in nothing that is told', (_where, text) => {
  const sent = text.replaceAll('§', secret)
  expect(sent).toContain(secret)
  expect(toldOf(sent)).not.toMatch(/S3cr3t|Token-0|0123456789/)
})

test('wherever a quotation is cut, fewer than six characters of a secret are left in a row', () => {
  const token = fc.string({ unit: fc.constantFrom(...'abcdefghij'), minLength: 12, maxLength: 40 })
  const filler = fc.string({ unit: fc.constantFrom('X', 'Y'), maxLength: 80 })
  fc.assert(
    fc.property(token, filler, filler, (value, before, after) => {
      const redact = redactor({ fields: [{ name: 'Cookie', value: `${before}${value}${after}` }] })
      const text = `${before}${value}${after}`
      for (let from = 0; from < text.length; from += 7) {
        const told = redact(`\`…${text.slice(from, from + 30)}\``)
        for (let index = 0; index + 6 <= value.length; index += 1) {
          expect(told).not.toContain(value.slice(index, index + 6))
        }
      }
    }),
  )
})

test('no text makes it slow', () => {
  // Of the CPU: what else the machine does is not this text's doing.
  const began = process.cpuUsage()
  for (const piece of ['?', '&a', 'a', 'Cookie:', '`', ' eyJ', '?token=']) {
    const text = piece.repeat(Math.ceil(16_384 / piece.length))
    redactor({ fields: [{ name: 'Cookie', value: text }], target: text }, places)(text.slice(0, 400))
    redactHeadText(`GET ${text} HTTP/1.1\r\n\r\n`, places)
  }
  expect(process.cpuUsage(began).user).toBeLessThan(2_000_000)
})
