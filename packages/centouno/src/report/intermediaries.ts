import { fieldValues } from '../protocol/http/field-lookup.ts'
import type { Field } from '../protocol/http/head.ts'
import type { StageFacts } from './connection-report.ts'

/** Something that stands between a client and a server and speaks HTTP to both, and how it is recognised. */
export interface Intermediary {
  /** What people call it; changes to its configuration are looked up by it. */
  readonly name: IntermediaryName
  /** How `Server` begins in replies that it makes or passes on, in lower case. */
  readonly servers?: readonly string[]
  /** What stands in `Via` (RFC 9110 §7.6.3), in lower case. */
  readonly via?: string
  /** Words that only its own pages have, in lower case: such a reply is not the server's. */
  readonly pages?: readonly string[]
}

export type IntermediaryName =
  | 'nginx'
  | 'HAProxy'
  | 'Apache'
  | 'Caddy'
  | 'Envoy'
  | 'Varnish'
  | 'Squid'
  | 'Cloudflare'
  | 'AWS load balancer'

/** Those that are recognised. Each of them can also be the server itself: only its own pages tell that it answered. */
export const intermediaries: readonly Intermediary[] = [
  // OpenResty and Tengine are nginx, and are set up like it.
  { name: 'nginx', servers: ['nginx', 'openresty', 'tengine'], pages: ['<hr><center>nginx', '<hr><center>openresty'] },
  {
    // It names itself nowhere. These are its built-in pages.
    name: 'HAProxy',
    pages: [
      '</h1>\nyour browser sent an invalid request.',
      '</h1>\nrequest forbidden by administrative rules.',
      '</h1>\nthe resource could not be found.',
      "</h1>\nyour browser didn't send a complete request in time.",
      '</h1>\nyou have sent too many requests in a given amount of time.',
      '</h1>\nan internal server error occurred.',
      '</h1>\nthe server returned an invalid or incomplete response.',
      '</h1>\nno server is available to handle this request.',
      "</h1>\nthe server didn't respond in time.",
    ],
  },
  { name: 'Apache', servers: ['apache'], pages: ['<address>apache/'] },
  { name: 'Caddy', servers: ['caddy'], via: 'caddy' },
  {
    name: 'Envoy',
    servers: ['envoy', 'istio-envoy'],
    pages: [
      'upstream connect error or disconnect/reset before headers',
      'no healthy upstream',
      'upstream request timeout',
    ],
  },
  { name: 'Varnish', servers: ['varnish'], via: 'varnish' },
  { name: 'Squid', servers: ['squid'], via: 'squid' },
  { name: 'Cloudflare', servers: ['cloudflare'] },
  { name: 'AWS load balancer', servers: ['awselb/'] },
]

/** Who has probably made a reply, or passed it on. */
export interface Recognised {
  readonly name: IntermediaryName
  /** True when it is a page of its own: the server behind it has not answered. */
  readonly own: boolean
}

/** Looks who is between, in what they say of themselves. Undefined when nothing is recognised, which proves nothing. */
export function recognise(fields: readonly Field[], body: string): Recognised | undefined {
  const page = body.toLowerCase()
  const maker = intermediaries.find(({ pages }) => pages?.some((words) => page.includes(words)))
  if (maker !== undefined) return { name: maker.name, own: true }
  const [server = ''] = fieldValues(fields, 'server').map((value) => value.toLowerCase())
  const via = fieldValues(fields, 'via').join(', ').toLowerCase()
  const passer = intermediaries.find(
    (row) =>
      row.servers?.some((start) => server.startsWith(start)) === true ||
      (row.via !== undefined && via.includes(row.via)),
  )
  return passer && { name: passer.name, own: false }
}

/** What a stage learns of who stands between, from the reply to its request. */
export function throughFacts(fields: readonly Field[], body: string): StageFacts {
  const between = recognise(fields, body)
  return between === undefined ? {} : { through: between.name }
}
