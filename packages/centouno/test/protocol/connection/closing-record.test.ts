import { expect, test } from 'vitest'
import { ClosingRecord, undecided } from '../../../src/protocol/connection/closing-record.ts'

test('with nothing noted: 1006, and nobody else did it', () => {
  expect(new ClosingRecord().closing()).toEqual({
    code: 1006,
    reason: '',
    clean: false,
    cause: 'local-abort',
    initiator: 'local',
    sent: undefined,
    received: undefined,
    violation: undefined,
    error: undefined,
  })
})

test('the first cause decides, and what was told along with a later one is not mixed in', () => {
  const record = new ClosingRecord()
  record.note({ next: 'close-sent', actions: [], initiator: 'local' }, undecided, 0)
  record.note(
    { next: 'finishing', actions: [], cause: 'told' },
    { cause: 'over-limit', violation: 'MESSAGE_TOO_LONG' },
    0,
  )
  record.note({ next: 'closed', actions: [], cause: 'told' }, { cause: 'peer-reset', error: new Error('reset') }, 0)
  record.note({ next: 'closed', actions: [], cause: 'close-timeout' }, undecided, 0)
  expect(record.closing()).toMatchObject({
    cause: 'over-limit',
    violation: 'MESSAGE_TOO_LONG',
    error: undefined,
    initiator: 'local',
  })
})

test.each([
  ['peer-fin', 999, undefined],
  ['peer-fin', 1000, 1000],
  ['peer-reset', 60_000, 60_000],
  ['tls-alert', 60_000, undefined],
] as const)('%s after %i ms of silence tells %s', (cause, silence, told) => {
  const record = new ClosingRecord()
  record.note({ next: 'closed', actions: [], cause: 'told' }, { cause }, silence)
  expect(record.closing().silence).toBe(told)
})

test('H-CLS-05: the code and the reason are those that the peer sent', () => {
  const record = new ClosingRecord()
  record.sent = { code: 1000, reason: 'done' }
  record.received = { code: 4001, reason: 'moved' }
  record.note({ next: 'close-received', actions: [], cause: 'closing-handshake', initiator: 'remote' }, undecided, 0)
  expect(record.closing()).toMatchObject({ code: 4001, reason: 'moved', clean: true, initiator: 'remote' })
})
