import { lookup } from 'node:dns'
import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import type { StageFacts } from '../../report/connection-report.ts'
import type { HostAndPort } from '../address.ts'
import type { Attempt } from '../attempt.ts'
import { resolveFailure } from '../failure-codes.ts'

/**
 * From a host name to its addresses, as the system's resolver gives them (hosts file, DNS).
 *
 * @param facts Told before the look-up, such as whose name it is when it is a proxy's.
 */
export function resolveHost(
  attempt: Attempt,
  { host }: HostAndPort,
  facts: StageFacts = {},
): Promise<readonly LookupAddress[]> {
  return attempt.walk('resolve', async (stage) => {
    for (const [name, value] of Object.entries(facts)) stage.fact(name, value)
    stage.fact('host', host)
    const family = isIP(host)
    const addresses = family === 0 ? await lookUp(attempt, host) : [{ address: host, family }]
    if (family !== 0) stage.fact('literal', true)
    stage.fact(
      'addresses',
      addresses.map(({ address }) => address),
    )
    stage.fact('families', [...new Set(addresses.map((address) => `IPv${address.family}`))])
    return addresses
  })
}

// A look-up cannot be called off: what it still brings after an interruption is ignored.
function lookUp(attempt: Attempt, host: string): Promise<readonly LookupAddress[]> {
  return attempt.wait((resolve, reject) => {
    lookup(host, { all: true }, (error, addresses) => {
      if (error) reject(resolveFailure(error))
      else if (addresses.length === 0) reject(resolveFailure(new Error('the answer has no address')))
      else resolve(addresses)
    })
    return () => {}
  })
}
