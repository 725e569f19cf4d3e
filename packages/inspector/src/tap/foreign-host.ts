import type { Field } from 'centouno/telling'
import { ownAuthorities } from './head-rewriting.ts'
import type { TapTarget } from './tap-target.ts'

/**
 * The name by which a stranger's page reached the tap, or undefined. A page of any site can have its name point at this
 * machine (DNS rebinding); requests to itself would then go to the target, and their replies could be read. Names that were
 * allowed, the tap's own, and the target's are no strangers; nor is a request without one clear `Host`, which no browser
 * sends: such requests break a rule, and it is for the target to say so.
 */
export function foreignHost(
  fields: readonly Field[],
  target: TapTarget,
  port: number,
  allowed: readonly string[],
): string | undefined {
  const [host, ...more] = fields.filter(({ name }) => name.toLowerCase() === 'host').map(({ value }) => value)
  if (host === undefined || host === '' || more.length > 0) return undefined
  const known = [...ownAuthorities(port), target.authority, ...allowed.flatMap((name) => [name, `${name}:${port}`])]
  return known.some((name) => name.toLowerCase() === host.toLowerCase()) ? undefined : host
}
