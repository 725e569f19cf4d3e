import { shownValue } from '../protocol/shown-value.ts'
import { compressionShape } from '../socket/deflate/compression-options.ts'
import {
  callback,
  flag,
  isRecord,
  number,
  optionFault,
  type OptionShape,
  type OptionShapes,
  record,
  text,
  textArray,
} from '../socket/option-shapes.ts'
import type { AttachOptions } from './attach.ts'
import type { DrainOptions } from './drain.ts'
import type { EndpointDeclarations, EndpointHandlers } from './endpoint.ts'
import type { ListenOptions } from './listen.ts'
import { ServerInputError } from './server-errors.ts'
import type { ServiceOptions } from './service-options.ts'

/*
 * What `listen`, `attach` and `endpoint` are given is checked at once, so that a wrong type is not found by the first
 * client, in the middle of its handshake.
 */

const serviceShapes: OptionShapes<ServiceOptions> = {
  limits: record,
  proxies: textArray,
  ownOrigin: text,
  origins: { named: "an array of strings, or 'any'", fits: (value) => value === 'any' || textArray.fits(value) },
  requireOrigin: flag,
  compression: compressionShape,
  relaxed: textArray,
  onRefused: callback,
  onError: callback,
}

const listenShapes: OptionShapes<Omit<ListenOptions, keyof ServiceOptions>> = {
  // Its range is looked at where it is used.
  port: { named: 'anything', fits: () => true },
  path: { named: 'a path', fits: (value) => typeof value === 'string' && value !== '' && !value.includes('\0', 1) },
  host: text,
  tls: record,
  handshakeTimeout: number,
}

const attachShapes: OptionShapes<Omit<AttachOptions, keyof ServiceOptions>> = { pass: flag }

const drainShapes: OptionShapes<DrainOptions> = { within: number, over: number, code: number, reason: text }

const declaration: OptionShape = {
  named: 'an object of kinds, or a Standard Schema',
  fits: (value) => isRecord(value) || typeof value === 'function',
}

type Definition = EndpointDeclarations<unknown, unknown, unknown, unknown> & EndpointHandlers

const endpointShapes: OptionShapes<Definition> = {
  params: declaration,
  query: declaration,
  headers: declaration,
  cookies: declaration,
  bearer: {
    named: "an object such as { from: ['authorization', { cookie: 'name' }] }",
    fits: (value) => isRecord(value) && Array.isArray(value['from']) && value['from'].every(isSource),
  },
  streamFrom: number,
  outgoing: record,
  compression: compressionShape,
  subprotocols: {
    named: 'an array of strings, or a function',
    fits: (value) => typeof value === 'function' || textArray.fits(value),
  },
  authorize: callback,
  open: callback,
  message: callback,
  stream: callback,
  ping: callback,
  pong: callback,
  dropped: callback,
  close: callback,
}

/** @throws ServerInputError (`OPTION`) */
export function checkService(options: ServiceOptions): void {
  check(optionFault(options, serviceShapes))
}

/** @throws ServerInputError (`OPTION`) */
export function checkListen(options: ListenOptions): void {
  check(optionFault(options, listenShapes))
}

/** @throws ServerInputError (`OPTION`) */
export function checkAttach(httpServer: unknown, options: AttachOptions): void {
  check(optionFault(options, attachShapes))
  if (isRecord(httpServer) && callback.fits(httpServer['on']) && callback.fits(httpServer['listeners'])) return
  throw wrong(`The first argument must be a server of node:http or node:https, not ${shownValue(httpServer)}.`)
}

/** What is wrong with the types of a drain's options; undefined when nothing is. */
export function drainFault(options: DrainOptions): string | undefined {
  return optionFault(options, drainShapes)
}

/** @throws ServerInputError (`OPTION`, `PATH_PATTERN`) */
export function checkEndpoint(path: unknown, definition: object): void {
  if (typeof path !== 'string') {
    throw new ServerInputError(
      'PATH_PATTERN',
      `The path of an endpoint must be a string, such as "/rooms/:room", not ${shownValue(path)}.`,
    )
  }
  check(optionFault<Definition>(definition, endpointShapes, 'What an endpoint does'))
}

function isSource(value: unknown): boolean {
  return typeof value === 'string' || (isRecord(value) && Object.values(value).every(text.fits))
}

function check(fault: string | undefined): void {
  if (fault !== undefined) throw wrong(fault)
}

function wrong(why: string): ServerInputError {
  return new ServerInputError('OPTION', why)
}
