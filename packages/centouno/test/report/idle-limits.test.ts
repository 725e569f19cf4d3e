import { describe, expect, test } from 'vitest'
import { idleCutText, silenceSeconds, usualLimits } from '../../src/report/idle-limits.ts'

describe('usualLimits', () => {
  test.each([
    [60, ['nginx', 'AWS Application Load Balancer']],
    [62, ['nginx', 'AWS Application Load Balancer']],
    [59.4, []],
    [62.6, []],
    [50, ['HAProxy']],
    [240.3, ['Azure Load Balancer']],
    [2, []],
  ])('%d s: %j', (seconds, who) => {
    expect(usualLimits(seconds).map((limit) => limit.who)).toEqual(who)
  })
})

describe('idleCutText', () => {
  test('names whose limit it usually is, and the hop', () => {
    const hint = idleCutText(60_012, 'en')
    expect(hint).toMatch(/^A proxy in between \(client → proxy ✗ server\) has probably cut it off as idle/)
    expect(hint).toContain('usual limit of nginx (proxy_read_timeout) or AWS Application Load Balancer (idle timeout).')
    expect(hint).toContain('heartbeatInterval below 60 s')
  })

  test('otherwise those that are set by hand, and only as what may be', () => {
    expect(idleCutText(2_013, 'en')).toContain(
      'that of nginx (proxy_read_timeout) or HAProxy (timeout tunnel, or timeout client and timeout server).',
    )
    expect(idleCutText(2_013, 'zh')).toMatch(/时限可能是 nginx（proxy_read_timeout）、HAProxy（.*小于 2 秒/)
    expect(idleCutText(2_013, 'en')).toMatch(/^Perhaps a proxy .* if it happens again after the same silence/)
  })
})

test.each([
  [1_000, 1],
  [2_013, 2],
  [9_949, 9.9],
  [60_400, 60],
])('silenceSeconds(%i) is %d', (milliseconds, seconds) => {
  expect(silenceSeconds(milliseconds)).toBe(seconds)
})
