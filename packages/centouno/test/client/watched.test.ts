import { afterAll, describe, expect, vi } from 'vitest'
import type * as connecting from '../../src/client/connect.ts'
import type { ConnectOptions } from '../../src/client/connect-options.ts'

/*
 * Watching a connection changes nothing: the suites of the client, run once more with every connection watched. Its
 * streams are then others, in Node too: TLS over a stream is not the TLS over a socket.
 */

const seen = vi.hoisted(() => ({ bytes: 0, keys: 0 }))

vi.mock('../../src/client/connect.ts', async (original: () => Promise<typeof connecting>) => {
  const real = await original()
  const connect = (url: string | URL, options: ConnectOptions = {}): ReturnType<typeof real.connect> =>
    real.connect(url, {
      ...options,
      wire: {
        bytes: (_direction, { length }) => void (seen.bytes += length),
        keyLog: () => void (seen.keys += 1),
      },
    })
  return { ...real, connect }
})

describe('with a wire observer', async () => {
  await import('./connect.test.ts')
  await import('./client-socket.test.ts')
  await import('./redirect.test.ts')
  await import('./tls-probe.test.ts')
  await import('./stages/connect-tcp.test.ts')
  await import('./stages/connect-unix.test.ts')
  await import('./stages/proxy.test.ts')
  await import('./stages/secure.test.ts')
  await import('./stages/upgrade.test.ts')

  afterAll(() => {
    expect(seen.bytes).toBeGreaterThan(100_000)
    expect(seen.keys).toBeGreaterThan(100)
  })
})
