import { fieldValues, listElements } from '../protocol/http/field-lookup.ts'
import { quote } from '../protocol/http/quote.ts'
import type { Recognised } from './intermediaries.ts'
import { recognise } from './intermediaries.ts'
import { troubles, type TroubleName } from './path-troubles.ts'
import type { AskedFor, OrdinaryReply } from './reply-code.ts'

/** What a reply shows of the way it came, as details of a failure; what is not known is left out. */
export interface ReplyPath {
  /** Who made the reply or passed it on, probably. */
  readonly by?: string
  readonly trouble?: TroubleName
  /** The title of an HTML page, where one came instead of a WebSocket. */
  readonly page?: string
  /** The host that a redirect leads to, where it is another one. */
  readonly destination?: string
}

interface Signs {
  readonly status: number
  readonly version: string | undefined
  readonly code: string
  /** What a server of ours names as its reason. */
  readonly refusal: string
  readonly by: Recognised | undefined
  /** True for a page of the intermediary's own. */
  readonly own: boolean
  readonly html: boolean
  readonly asksUpgrade: boolean
  readonly leads: 'away' | 'https' | 'elsewhere' | undefined
}

const lostUpgrade: ReadonlySet<string> = new Set(['SERVER_UPGRADE_STRIPPED', 'H-REQ-06', 'H-REQ-07', 'H-H1-07'])
const oldVersion: ReadonlySet<string> = new Set(['H-REQ-03', 'H-H1-01'])
/** What servers answer that take a request for an ordinary one. */
const ordinary: ReadonlySet<number> = new Set([200, 204, 400, 404, 405, 426, 501])

/** By what each trouble is known. The first that fits is told, so those that are certain come first. */
const signs: readonly (readonly [trouble: TroubleName, fits: (signs: Signs) => boolean])[] = [
  ['upgrade-lost', ({ refusal, asksUpgrade }) => asksUpgrade && lostUpgrade.has(refusal)],
  ['http-1.0', ({ refusal }) => oldVersion.has(refusal)],
  ['proxy-protocol', ({ refusal }) => refusal === 'SERVER_PROXY_PROTOCOL'],
  ['tls-expected', ({ code, by }) => code === 'UPGRADE_TLS_EXPECTED' && by !== undefined],
  ['to-https', ({ leads }) => leads === 'https'],
  ['led-away', ({ leads }) => leads === 'away'],
  ['upstream-failed', ({ status, by }) => status === 502 && by !== undefined],
  ['upstream-silent', ({ status, by }) => status === 504 && by !== undefined],
  // nginx answers 502 when it has no server left; HAProxy and others 503.
  ['no-server', ({ status, by, own }) => status === 503 && own && by?.name !== 'nginx'],
  ['limited', ({ status, own }) => (status === 503 || status === 429) && own],
  ['denied', ({ status, own }) => status === 403 && own],
  ['no-place', ({ status, own }) => status === 404 && own],
  ['unreadable', ({ status, own }) => status === 400 && own],
  ['page', ({ status, html }) => status >= 200 && status <= 299 && html],
  // RFC 9110 §6.2: a server answers in the highest version that it conforms to.
  ['answers-in-1.0', ({ status, version }) => version === '1.0' && ordinary.has(status)],
  [
    'upgrade-perhaps-lost',
    ({ status, refusal, by, own, asksUpgrade }) =>
      asksUpgrade && refusal === '' && !own && ordinary.has(status) && passesOnlyWhenTold(by),
  ],
]

function passesOnlyWhenTold(by: Recognised | undefined): boolean {
  return by !== undefined && Object.hasOwn(troubles['upgrade-perhaps-lost'].change, by.name)
}

/** Reads off a reply who stands between, and what went wrong there. */
export function replyPath(reply: OrdinaryReply, request: AskedFor, code: string, refusal: string): ReplyPath {
  const { status, version, fields } = reply.head
  const by = recognise(fields, reply.body)
  const html = isHtml(reply)
  const asksUpgrade =
    listElements(request.fields, 'upgrade').some((name) => name.toLowerCase() === 'websocket') &&
    listElements(request.fields, 'connection').some((option) => option.toLowerCase() === 'upgrade')
  const { leads, destination } = redirection(reply, request)
  const all = { status, version, code, refusal, by, own: by?.own === true, html, asksUpgrade, leads }
  const trouble = signs.find(([, fits]) => fits(all))?.[0]
  const page = trouble === 'page' ? titleOf(reply.body) : ''
  return {
    ...(by !== undefined && { by: by.name }),
    ...(trouble !== undefined && { trouble }),
    ...(page !== '' && { page }),
    ...(trouble === 'led-away' && { destination }),
  }
}

function isHtml({ head, body }: OrdinaryReply): boolean {
  const type = (fieldValues(head.fields, 'content-type')[0] ?? '').trimStart().toLowerCase()
  return type.startsWith('text/html') || /^\s*<(?:!doctype html|html)/i.test(body)
}

// A title is short; looking no farther bounds the work, whatever a page is.
const longestTitle = 200

function titleOf(body: string): string {
  const start = /<title[^<>]{0,100}>/i.exec(body)
  if (start === null) return ''
  const rest = body.slice(start.index + start[0].length, start.index + start[0].length + longestTitle)
  const end = rest.indexOf('<')
  return quote((end === -1 ? rest : rest.slice(0, end)).replaceAll(/\s+/g, ' ').trim())
}

function redirection(
  { head: { status, fields } }: OrdinaryReply,
  { target, fields: asked, secure }: AskedFor,
): { readonly leads: Signs['leads']; readonly destination: string } {
  const [location] = fieldValues(fields, 'location')
  const [host] = fieldValues(asked, 'host')
  if (status < 300 || status > 399 || location === undefined || host === undefined) {
    return { leads: undefined, destination: '' }
  }
  const from = urlOf(`${secure ? 'https' : 'http'}://${host}`)
  const to = urlOf(location, from)
  if (from === undefined || to === undefined) return { leads: undefined, destination: '' }
  // Where ws: and wss: are meant, a WebSocket is: that is no page.
  if (to.protocol !== 'http:' && to.protocol !== 'https:') return { leads: 'elsewhere', destination: '' }
  // The same place on another host is where the service has moved to.
  if (to.hostname !== from.hostname && to.pathname + to.search !== target)
    return { leads: 'away', destination: quote(to.host) }
  return {
    leads: to.hostname === from.hostname && !secure && to.protocol === 'https:' ? 'https' : 'elsewhere',
    destination: '',
  }
}

function urlOf(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base) : undefined
}
