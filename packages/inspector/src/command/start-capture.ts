import { lookup } from 'node:dns/promises'
import type { Language } from 'centouno/telling'
import { CaptureError } from '../capture/capture-error.ts'
import { startLiveCapture } from '../capture/live-capture.ts'
import type { LiveCapture } from '../capture/live-capture.ts'
import type { Endpoint } from '../tcp/tcp-packet.ts'
import { span } from '../telling/styled-line.ts'
import type { ConnectionFlags } from './connection-flags.ts'
import type { Shell } from './shell.ts'
import type { Terminal } from './terminal.ts'

/** Captures what will be connected; undefined when that is not possible, which has been told then. */
export async function startCapture(
  url: string,
  flags: ConnectionFlags & { readonly lang: Language },
  { terminal, environment }: Pick<Shell, 'terminal' | 'environment'>,
): Promise<LiveCapture | undefined> {
  const failed = (error: CaptureError): void => tellCaptureError(error, flags.lang, terminal)
  try {
    return await startLiveCapture(await endpointsOf(url, flags, environment), { failed })
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    failed(error)
    return undefined
  }
}

export function tellCaptureError({ code, sentence, hint }: CaptureError, language: Language, terminal: Terminal): void {
  terminal.remark([span('! ', 'note'), span(code, 'note'), span(`  ${sentence[language]}`)])
  terminal.remark([span(`  ${hint[language]}`, 'faint')])
}

const proxyVariables = ['http_proxy', 'https_proxy', 'all_proxy']
const defaultPorts: ReadonlyMap<string, number> = new Map([
  ['ws:', 80],
  ['http:', 80],
  ['wss:', 443],
  ['https:', 443],
  ['socks5:', 1080],
])

/** The server's addresses, and those of every proxy that may be taken. None, for all there is, when it may lead elsewhere. */
export async function endpointsOf(
  url: string,
  { proxy, redirects = 0 }: Pick<ConnectionFlags, 'proxy' | 'redirects'>,
  environment: Shell['environment'],
): Promise<Endpoint[]> {
  if (redirects > 0) return []
  const variables = proxyVariables.flatMap((name) => [environment[name], environment[name.toUpperCase()]])
  const proxies = typeof proxy === 'string' ? [proxy] : proxy === false ? [] : variables
  const named = [url, ...proxies.filter((each) => each !== undefined && each !== '')]
  const endpoints = await Promise.all(named.map((each) => addressesOf(each ?? '')))
  return endpoints.flat()
}

/** What cannot be resolved has nothing to capture: the attempt will say why. */
async function addressesOf(url: string): Promise<Endpoint[]> {
  if (!URL.canParse(url)) return []
  const { hostname, port, protocol } = new URL(url)
  if (hostname === '') return []
  try {
    const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true })
    return found.map(({ address }) => ({
      address,
      port: port === '' ? (defaultPorts.get(protocol) ?? 0) : Number(port),
    }))
  } catch {
    return []
  }
}
