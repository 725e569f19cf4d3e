import type { SavedRequest } from '../../src/request-file/request-file.ts'
import { flag, list, member, object, optional, text } from '../../src/session-file/shape.ts'
import type { ShapeReader } from '../../src/session-file/shape.ts'
import type { ConnectionView } from './connection-model.ts'
import { withoutSecrets } from './saved-request.ts'

/** One attempt of earlier, without its secrets. */
export interface PastAttempt {
  /** ISO 8601. */
  readonly at: string
  readonly request: SavedRequest
  /** It opened. */
  readonly ok: boolean
  /** The code of its verdict; of the trouble, when it was not made. */
  readonly code: string
}

/** Attempts that are kept: the newest. */
export const pastAttempts = 100

/** The history with one attempt more, the newest first. The same request, made again with the same result, moves to the top. */
export function remembering(past: readonly PastAttempt[], attempt: PastAttempt): readonly PastAttempt[] {
  const same = JSON.stringify([attempt.request, attempt.code])
  const others = past.filter(({ request, code }) => JSON.stringify([request, code]) !== same)
  return [attempt, ...others].slice(0, pastAttempts)
}

/** An attempt that has come to its result, as the history keeps it. */
export function pastAttempt(request: SavedRequest, connection: ConnectionView, at: string): PastAttempt {
  const { verdict, trouble } = connection
  return {
    at,
    request: withoutSecrets(request),
    ok: verdict?.ok === true,
    code: verdict?.code ?? trouble?.code ?? '',
  }
}

/** What the browser stored. Whatever it is: nothing that is not a history is taken for one. */
export function readPast(stored: string | null): readonly PastAttempt[] {
  try {
    return list(readAttempt, pastAttempts)(JSON.parse(stored ?? '[]'), 'history')
  } catch {
    return []
  }
}

const readPair: ShapeReader<readonly [string, string]> = (value, path) => {
  const [name = '', told = ''] = list(text, 2)(value, path)
  return [name, told]
}

function readAttempt(value: unknown, path: string): PastAttempt {
  const members = object(value, path)
  return {
    at: member(members, 'at', path, text),
    request: member(members, 'request', path, readRequest),
    ok: member(members, 'ok', path, flag),
    code: member(members, 'code', path, text),
  }
}

function readRequest(value: unknown, path: string): SavedRequest {
  const members = object(value, path)
  return {
    name: member(members, 'name', path, text),
    url: member(members, 'url', path, text),
    fields: member(members, 'fields', path, list(readPair)),
    subprotocols: member(members, 'subprotocols', path, list(text)),
    origin: member(members, 'origin', path, text),
    settings: member(members, 'settings', path, (settings, at) => ({
      insecure: member(object(settings, at), 'insecure', at, flag),
      proxy: member(object(settings, at), 'proxy', at, optional(text)),
    })),
    conversation: [],
  }
}
