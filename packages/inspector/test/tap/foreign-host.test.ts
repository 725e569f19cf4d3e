import { expect, test } from 'vitest'
import { foreignHost } from '../../src/tap/foreign-host.ts'
import { readTapTarget } from '../../src/tap/tap-target.ts'

const target = readTapTarget('wss://example.com')

function stranger(...hosts: readonly string[]): string | undefined {
  const fields = hosts.map((value) => ({ name: 'HOST', value }))
  return foreignHost(fields, target, 8101, ['dev.test'])
}

test('a name that was pointed at this machine is a stranger', () => {
  expect(stranger('evil.example:8101')).toBe('evil.example:8101')
  expect(stranger('localhost:8102')).toBe('localhost:8102')
  expect(stranger('localhost.evil.example:8101')).toBe('localhost.evil.example:8101')
})

test('the tap, the target, and names that were allowed are none', () => {
  for (const host of ['127.0.0.1:8101', 'LocalHost:8101', '[::1]:8101', 'example.com', 'dev.test', 'dev.test:8101']) {
    expect(stranger(host)).toBeUndefined()
  }
})

test('no browser sends none, an empty one, or two: the target is to judge it', () => {
  expect(stranger()).toBeUndefined()
  expect(stranger('')).toBeUndefined()
  expect(stranger('evil.example', 'example.com')).toBeUndefined()
})
