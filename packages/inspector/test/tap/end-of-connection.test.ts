import { describe, expect, test } from 'vitest'
import { EndOfConnection } from '../../src/tap/end-of-connection.ts'

const goodbye = { code: 1000, reason: 'enough' }
const echo = { code: 1000, reason: '' }
const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })

describe('an end is told as the client would tell it', () => {
  test('by a closing handshake, whoever began it', () => {
    const end = new EndOfConnection()
    end.close('received', goodbye)
    end.close('sent', echo)
    end.close('sent', goodbye)
    end.fin('received')
    end.fin('sent')
    expect(end.firstFin).toBe('remote')
    expect(end.closing()).toMatchObject({
      code: 1000,
      reason: 'enough',
      clean: true,
      cause: 'closing-handshake',
      initiator: 'remote',
      sent: echo,
      received: goodbye,
    })
  })

  test('by a Close of the server that nobody answers', () => {
    const end = new EndOfConnection()
    end.close('received', { code: 1002, reason: 'FRAME_UNMASKED: …' })
    end.fin('received')
    expect(end.closing()).toMatchObject({ code: 1002, clean: false, cause: 'closing-handshake', initiator: 'remote' })
  })

  test('by a Close of the client that nobody answers', () => {
    const end = new EndOfConnection()
    end.close('sent', goodbye)
    end.fin('received')
    expect(end.closing()).toMatchObject({ code: 1006, clean: false, cause: 'peer-fin', initiator: 'local' })
  })

  test.each([
    ['peer-fin', 'remote', (end: EndOfConnection) => end.fin('received')],
    ['local-abort', 'local', (end: EndOfConnection) => end.fin('sent')],
    ['local-abort', 'local', (end: EndOfConnection) => end.broke('sent', reset)],
    ['peer-reset', 'remote', (end: EndOfConnection) => end.broke('received', reset)],
    ['peer-reset', 'remote', (end: EndOfConnection) => end.broke('received', undefined)],
    [
      'tls-alert',
      'remote',
      (end: EndOfConnection) => end.broke('received', Object.assign(new Error('alert'), { code: 'ERR_SSL_ALERT' })),
    ],
    [
      'transport-error',
      'remote',
      (end: EndOfConnection) => end.broke('received', Object.assign(new Error('gone'), { code: 'ETIMEDOUT' })),
    ],
  ])('by %s, from the %s side', (cause, initiator, happen) => {
    const end = new EndOfConnection()
    happen(end)
    // What follows is a consequence.
    end.broke('received', reset)
    end.fin('sent')
    expect(end.closing()).toMatchObject({ code: 1006, clean: false, cause, initiator })
  })
})
