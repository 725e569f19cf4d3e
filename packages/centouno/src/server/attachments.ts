import type http from 'node:http'
import type https from 'node:https'
import type { Duplex } from 'node:stream'
import { type Endpoint, findEndpoint } from './endpoint.ts'
import { ServerInputError } from './server-errors.ts'

/** A server of `node:http` or `node:https`. */
export type HttpServer = http.Server | https.Server

/** What such a server calls for an upgrade. */
export type UpgradeListener = (incoming: http.IncomingMessage, stream: Duplex, early: Uint8Array) => void

/** What is known of an attachment: whom it serves, and whether it leaves the rest to others. */
export interface AttachedListener {
  readonly endpoints: readonly Endpoint[]
  readonly pass: boolean
  readonly upgraded: UpgradeListener
}

const attachments = new WeakMap<HttpServer, Set<AttachedListener>>()

/**
 * Notes an attachment, so that no other can answer the same requests.
 *
 * @throws ServerInputError (`ATTACHED_TWICE`) when it would answer what another attachment, or another listener, answers.
 */
export function enlist(server: HttpServer, newcomer: AttachedListener): void {
  const present = attachments.get(server) ?? new Set()
  for (const other of present) checkApart(other, newcomer)
  const foreign = foreignListeners(server)
  if (foreign > 0 && !newcomer.pass) {
    throw new ServerInputError(
      'ATTACHED_TWICE',
      `This HTTP server already has ${foreign === 1 ? "an 'upgrade' listener" : `${foreign} 'upgrade' listeners`} that ` +
        'centouno did not add, and both would answer every upgrade. Attach with { pass: true } to leave the paths that ' +
        'your endpoints do not serve to it, or remove the other WebSocket server.',
    )
  }
  present.add(newcomer)
  attachments.set(server, present)
}

export function dismiss(server: HttpServer, leaver: AttachedListener): void {
  attachments.get(server)?.delete(leaver)
}

/** How many `'upgrade'` listeners the server has that are not ours. */
export function foreignListeners(server: HttpServer): number {
  const ours = new Set<unknown>([...(attachments.get(server) ?? [])].map(({ upgraded }) => upgraded))
  return server.listeners('upgrade').filter((listener) => !ours.has(listener)).length
}

/** Whether anybody but this attachment may answer an upgrade for the path. */
export function someoneElse(server: HttpServer, path: string, asking: AttachedListener): boolean {
  if (foreignListeners(server) > 0) return true
  return [...(attachments.get(server) ?? [])].some(
    (other) => other !== asking && findEndpoint(other.endpoints, path) !== undefined,
  )
}

function checkApart(one: AttachedListener, other: AttachedListener): void {
  if (!one.pass || !other.pass) {
    throw new ServerInputError(
      'ATTACHED_TWICE',
      'Endpoints are attached to this HTTP server already, and both attachments would answer every upgrade: one with its ' +
        'endpoint, the other with 404. Serve all of them by one call, attach(server, first, second), or give { pass: true } ' +
        'to each call, or detach the first.',
    )
  }
  for (const { path } of other.endpoints) {
    if (!one.endpoints.some((endpoint) => endpoint.path === path)) continue
    throw new ServerInputError(
      'ATTACHED_TWICE',
      `The path ${path} is attached to this HTTP server already: the second endpoint could never be reached.`,
    )
  }
}
