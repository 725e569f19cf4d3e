import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { Refusal } from '../../src/protocol/handshake/judgement.ts'
import { refusalOf } from '../../src/report/refusal.ts'
import { Admission, type ReachedLimit } from '../../src/server/admission.ts'
import { ClientAddresses } from '../../src/server/client-address.ts'
import { type AdmissionLimits, defaultServerLimits } from '../../src/server/server-limits.ts'

const refusal = refusalOf('SERVER_DRAINING')

function admissionWith(limits: Partial<AdmissionLimits>): Admission {
  return new Admission({ ...defaultServerLimits, ...limits }, new ClientAddresses([]))
}

/** Streams that are let in one after another, from one address or from one each. */
class Crowd {
  readonly admission: Admission
  readonly full: ReachedLimit[] = []

  constructor(limits: Partial<AdmissionLimits>) {
    this.admission = admissionWith(limits)
  }

  enter(address: string = '192.0.2.1'): { readonly stream: PassThrough; readonly reached: ReachedLimit | undefined } {
    const stream = new PassThrough()
    const reached = this.admission.enter(stream, address, (limit) => {
      this.full.push(limit)
      return refusal
    })
    return { stream, reached }
  }

  /** One that is let in and reads its request until it is turned away. */
  reads(address?: string): { readonly stream: PassThrough; readonly answers: Refusal[] } {
    const { stream, reached } = this.enter(address)
    expect(reached).toBeUndefined()
    const answers: Refusal[] = []
    this.admission.reads(stream, (answer) => {
      answers.push(answer)
      this.admission.linger(stream)
    })
    return { stream, answers }
  }

  get counts(): readonly number[] {
    return [this.admission.connections, this.admission.handshakes, this.admission.lingering]
  }
}

async function closed(stream: PassThrough): Promise<void> {
  stream.destroy()
  await once(stream, 'close')
}

describe('n are let in, one more is not', () => {
  test.each([
    ['connections', 'SERVER_FULL'],
    ['connectionsPerAddress', 'SERVER_FULL_FOR_ADDRESS'],
    ['handshakesPerAddress', 'SERVER_FULL_FOR_ADDRESS'],
  ] as const)('%s: %s, until somebody goes', async (limit, code) => {
    const crowd = new Crowd({ [limit]: 2 })
    const { stream } = crowd.enter()
    expect(crowd.enter().reached).toBeUndefined()
    expect(crowd.enter().reached).toEqual({ code, limit, value: 2 })
    await closed(stream)
    expect(crowd.enter().reached).toBeUndefined()
  })

  test('what is open counts as a connection and not as a handshake', () => {
    const crowd = new Crowd({ connectionsPerAddress: 3, handshakesPerAddress: 1 })
    for (let count = 0; count < 3; count += 1) {
      const { stream, reached } = crowd.enter()
      expect(reached).toBeUndefined()
      expect(crowd.admission.open(stream)).toBe(true)
    }
    expect(crowd.enter().reached?.limit).toBe('connectionsPerAddress')
    expect(crowd.enter('192.0.2.2').reached).toBeUndefined()
    expect(crowd.counts).toEqual([4, 1, 0])
  })

  test('Infinity lets in whoever comes', () => {
    const infinite = { connections: Infinity, connectionsPerAddress: Infinity, handshakes: Infinity }
    const crowd = new Crowd({ ...infinite, handshakesPerAddress: Infinity })
    for (let count = 0; count < 1_000; count += 1) expect(crowd.enter().reached).toBeUndefined()
  })
})

describe('too many handshakes', () => {
  test('the oldest whose request is not complete makes room, and is told', () => {
    const crowd = new Crowd({ handshakes: 2 })
    const oldest = crowd.reads()
    const second = crowd.reads()
    crowd.reads()
    expect([oldest.answers, second.answers]).toEqual([[refusal], []])
    expect(crowd.full).toEqual([{ code: 'SERVER_HANDSHAKES_FULL', limit: 'handshakes', value: 2 }])
    expect(crowd.counts).toEqual([2, 2, 1])
  })

  test('one that cannot be told, for want of TLS, is cut off', () => {
    const crowd = new Crowd({ handshakes: 1 })
    const { stream } = crowd.enter()
    expect(crowd.enter().reached).toBeUndefined()
    expect(stream.destroyed).toBe(true)
    expect(crowd.counts).toEqual([1, 1, 0])
  })

  test('those that are being decided on have done their part: then the new one has to go', () => {
    const crowd = new Crowd({ handshakes: 1 })
    const { stream } = crowd.enter()
    crowd.admission.decides(stream, () => {})
    expect(crowd.enter().reached?.code).toBe('SERVER_HANDSHAKES_FULL')
  })
})

describe('one answer for each handshake', () => {
  test('after it is refused it is not opened, and not refused again', () => {
    const crowd = new Crowd({})
    const { stream } = crowd.enter()
    expect(crowd.admission.linger(stream)).toBe('answer')
    expect(crowd.admission.open(stream)).toBe(false)
    expect(crowd.admission.linger(stream)).toBe('late')
  })

  test('after it is opened it is not refused; nor is one that is gone', async () => {
    const crowd = new Crowd({})
    const { stream } = crowd.enter()
    expect(crowd.admission.open(stream)).toBe(true)
    expect(crowd.admission.linger(stream)).toBe('late')
    const gone = crowd.enter().stream
    gone.destroy()
    expect(crowd.admission.linger(gone)).toBe('late')
    expect(crowd.admission.open(gone)).toBe(false)
    await once(gone, 'close')
    expect(crowd.counts).toEqual([1, 0, 0])
  })

  test('of the refused that do not go, n are answered and the next is cut', async () => {
    const crowd = new Crowd({ lingering: 2 })
    const streams = [0, 1, 2].map(() => crowd.enter().stream) as [PassThrough, PassThrough, PassThrough]
    expect(streams.map((stream) => crowd.admission.linger(stream))).toEqual(['answer', 'answer', 'cut'])
    await closed(streams[0])
    expect(crowd.admission.linger(new PassThrough())).toBe('answer')
  })
})

describe('TLS', () => {
  test('the stream over it takes the place of the one below', async () => {
    const crowd = new Crowd({ handshakes: 1 })
    const { stream } = crowd.enter()
    const secure = new PassThrough()
    crowd.admission.handOver(stream, secure)
    expect(crowd.counts).toEqual([1, 1, 0])
    expect(crowd.admission.open(secure)).toBe(true)
    await closed(stream)
    expect(crowd.counts).toEqual([1, 0, 0])
    await closed(secure)
    expect(crowd.counts).toEqual([0, 0, 0])
  })

  test('one that was kept out is counted once while it is told', () => {
    const crowd = new Crowd({ lingering: 1 })
    const raw = new PassThrough()
    const secure = new PassThrough()
    expect(crowd.admission.linger(raw)).toBe('answer')
    crowd.admission.handOver(raw, secure)
    expect(crowd.admission.linger(secure)).toBe('answer')
    expect(crowd.counts).toEqual([0, 0, 1])
  })
})

test('everybody who is not open can be turned away, and cut off', async () => {
  const crowd = new Crowd({})
  const reading = crowd.reads()
  const { stream: securing } = crowd.enter()
  const { stream: open } = crowd.enter()
  crowd.admission.open(open)
  crowd.admission.turnAllAway(() => refusal)
  expect(reading.answers).toEqual([refusal])
  expect(crowd.counts).toEqual([2, 1, 1])
  reading.stream.end('answer')
  crowd.admission.cutOff()
  expect(securing.destroyed).toBe(true)
  expect(open.destroyed).toBe(false)
  reading.stream.resume()
  await once(reading.stream, 'close')
  expect(reading.stream.writableFinished).toBe(true)
})
