import { describe, expect, test } from 'vitest'
import { Attempt } from '../../../src/client/attempt.ts'
import { resolveHost } from '../../../src/client/stages/resolve.ts'
import { readWebSocketUri, type WebSocketUri } from '../../../src/protocol/handshake/websocket-uri.ts'

function uri(text: string): WebSocketUri {
  const reading = readWebSocketUri(text)
  if (!reading.ok) throw new Error(`not a URI: ${text}`)
  return reading.uri
}

function begin(): Attempt {
  return new Attempt({ url: 'ws://h/', timeout: 10_000, signal: undefined, observe: undefined })
}

describe('the stage resolve', () => {
  test.each([
    ['ws://127.0.0.1/', '127.0.0.1', 4],
    ['ws://[::1]/', '::1', 6],
  ])('shows itself for the literal address in %s', async (text, address, family) => {
    const attempt = begin()
    expect(await resolveHost(attempt, uri(text))).toEqual([{ address, family }])
    attempt.succeed({})
    expect(attempt.recorder.report().stages).toMatchObject([
      {
        name: 'resolve',
        ok: true,
        facts: { host: address, literal: true, addresses: [address], families: [`IPv${family}`] },
      },
    ])
  })

  test('finds localhost', async () => {
    const attempt = begin()
    const addresses = await resolveHost(attempt, uri('ws://localhost/'))
    attempt.succeed({})
    expect(addresses.map(({ address }) => address)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:127\.0\.0\.1|::1)$/)]),
    )
    expect(attempt.recorder.report().stages[0]?.facts).toMatchObject({
      addresses: addresses.map(({ address }) => address),
    })
  })

  test('fails for a name that does not exist (RFC 6761 §6.4)', async () => {
    const attempt = begin()
    await expect(resolveHost(attempt, uri('ws://nowhere.invalid/'))).rejects.toMatchObject({
      name: 'StageFailure',
      code: expect.stringMatching(/^RESOLVE_(?:NOT_FOUND|TEMPORARY)$/) as string,
    })
    attempt.succeed({})
    expect(attempt.recorder.report().stages).toMatchObject([{ name: 'resolve', ok: false }])
  })
})
