import type { CompressionOptions } from 'centouno'
import { tlsVersions } from './route-settings.ts'
import type { RouteSettings, TlsVersion } from './route-settings.ts'

/** The members of a JSON object, none of them looked at yet. */
export type Parts = Readonly<Record<string, unknown>>

// A chain of certificates takes a few KiB each; a bundle of authorities, as systems have it, some 200 KiB.
const bounds = { pem: 1024 * 1024, proxy: 4096, milliseconds: 2_147_483_647 }

/** How to reach the server; undefined when a member cannot be what it was given as. */
export function readRoute(parts: Parts): RouteSettings | undefined {
  const { skipVerification, proxy, ca, cert, key, minVersion, timeout } = parts
  if (typeof skipVerification !== 'boolean') return undefined
  if (!isLeftOutOr(proxy, isProxy) || !isLeftOutOr(minVersion, isTlsVersion)) return undefined
  if (!isLeftOutOr(ca, isPem) || !isLeftOutOr(cert, isPem) || !isLeftOutOr(key, isPem)) return undefined
  if (!isLeftOutOr(timeout, isMilliseconds)) return undefined
  return { skipVerification, proxy, ca, cert, key, minVersion, timeout }
}

/** What of compression can be asked for. Whether a number will do is for the engine to say. */
export type CompressionRequest = boolean | Partial<CompressionOptions>

const numbers = ['threshold', 'level', 'memoryLevel', 'windowBits', 'peerWindowBits'] as const
const flags = ['takeover', 'peerTakeover'] as const

export function isCompression(value: unknown): value is CompressionRequest {
  if (typeof value === 'boolean') return true
  if (!isParts(value)) return false
  return Object.entries(value).every(([name, each]) => {
    if (numbers.some((known) => known === name)) return Number.isInteger(each)
    return flags.some((known) => known === name) && typeof each === 'boolean'
  })
}

export function isLeftOutOr<Value>(value: unknown, is: (value: unknown) => value is Value): value is Value | undefined {
  return value === undefined || is(value)
}

export function isParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isProxy(value: unknown): value is string | false {
  return value === false || (isString(value) && value !== '' && value.length <= bounds.proxy)
}

function isPem(value: unknown): value is string {
  return isString(value) && value !== '' && value.length <= bounds.pem
}

function isTlsVersion(value: unknown): value is TlsVersion {
  return tlsVersions.some((version) => version === value)
}

function isMilliseconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= bounds.milliseconds
}
