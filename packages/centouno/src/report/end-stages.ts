import type { Closing } from '../protocol/connection/closing.ts'
import { closingCode } from './closing-text.ts'
import { codeRow } from './codes.ts'
import type { Recorder, StageWriter } from './recorder.ts'

/** Which side said first that it will send no more. */
export type FirstFin = 'local' | 'remote' | 'none'

/** Ends the stage `close` and writes the stage `disconnect`, which begins at `closedAt` and ends now. */
export function writeEnd(
  recorder: Recorder,
  close: StageWriter,
  closing: Closing,
  { closedAt, firstFin }: { readonly closedAt: number; readonly firstFin: FirstFin },
): void {
  const { code, reason, clean, cause, initiator, sent, received, violation, error } = closing
  const end = closingCode(closing)
  close.fact('end', end)
  close.fact('code', code)
  if (reason !== '') close.fact('reason', reason)
  close.fact('cause', cause)
  close.fact('initiator', initiator)
  if (sent !== undefined) close.fact('sent', sent.code)
  if (received !== undefined) close.fact('received', received.code)
  if (violation !== undefined) close.fact('violation', violation)
  close.end(clean, closedAt)
  const facts = { firstFin, ...(error === undefined ? {} : { error: error.message }) }
  const disconnect = recorder.begin('disconnect', facts, closedAt)
  if (codeRow(end).stage === 'disconnect') disconnect.fact('end', end)
  if (closing.silence !== undefined) disconnect.fact('silenceMs', Math.round(closing.silence))
  disconnect.end(error === undefined && cause !== 'peer-reset')
}
