import { describe, expect, test } from 'vitest'
import { hidden, shownHead, shownValue, withoutSecrets } from '../../src/telling/secrets.ts'
import { openReport, verdict } from '../support/sample-report.ts'

test.each(['Authorization', 'proxy-authorization', 'COOKIE', 'Set-Cookie'])('the value of %s is not shown', (name) => {
  expect(shownValue({ name, value: 'top-secret' })).toBe(hidden)
})

test('other values are shown as sent', () => {
  expect(shownValue({ name: 'Sec-WebSocket-Key', value: 'x==' })).toBe('x==')
})

describe('shownHead', () => {
  test('replaces secrets and leaves every other byte as it is', () => {
    const head = 'GET / HTTP/1.1\r\nHost: h\r\ncookie:a=b\r\nX:  y\r\n\r\n'
    expect(shownHead(head)).toBe(`GET / HTTP/1.1\r\nHost: h\r\ncookie: ${hidden}\r\nX:  y\r\n\r\n`)
  })

  test('replaces a secret that goes on in folded lines, and a blank before the colon does not help it', () => {
    const head = 'HTTP/1.1 200 OK\nSet-Cookie : a\n  b=secret\nX: 1\n y\n'
    expect(shownHead(head)).toBe(`HTTP/1.1 200 OK\nSet-Cookie : ${hidden}\n ${hidden}\nX: 1\n y\n`)
  })
})

test('no secret is left anywhere in a report', () => {
  expect(JSON.stringify(openReport)).toContain('top-secret')
  const report = withoutSecrets(openReport)
  expect(JSON.stringify(report)).not.toContain('top-secret')
  expect(report.request?.fields.find(({ name }) => name === 'Cookie')?.value).toBe(hidden)
  expect(report.stages).toEqual(openReport.stages)
})

test('a user name and a password in the URL are not left in the details', () => {
  const details = { url: 'ws://ada:top-secret@h/', rule: 'H-URI-02' }
  const report = withoutSecrets({ ...openReport, url: 'ws://h/', verdict: verdict('URI_INVALID', 'resolve', details) })
  expect(report.verdict.details).toEqual({ url: 'ws://h/', rule: 'H-URI-02' })
})
