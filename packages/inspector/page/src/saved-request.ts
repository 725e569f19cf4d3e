import { hidden, redactField, redactTarget } from 'centouno/telling'
import type { ConnectOrder } from '../../src/agent/agent-message.ts'
import type { SavedRequest } from '../../src/request-file/request-file.ts'
import { emptyForm } from './connect-form.ts'
import type { ConnectForm } from './connect-form.ts'

/** What of an order is saved. Certificates, keys and compression have no place in the file. */
export function requestFrom(order: ConnectOrder, name: string, conversation: readonly string[] = []): SavedRequest {
  const { url, fields, subprotocols, origin, skipVerification, proxy } = order
  return {
    name,
    url,
    fields,
    subprotocols,
    origin,
    settings: { insecure: skipVerification, proxy: typeof proxy === 'string' ? proxy : undefined },
    conversation,
  }
}

/** The form that makes the request. */
export function formFrom({ url, fields, subprotocols, origin, settings }: SavedRequest): ConnectForm {
  const { proxy } = settings
  return {
    ...emptyForm(),
    url,
    subprotocols: subprotocols.join(', '),
    origin,
    fields: fields.map(([name, value]) => ({ name, value })),
    skipVerification: settings.insecure,
    ...(proxy === undefined ? {} : { proxy: { way: 'proxy', url: proxy } }),
  }
}

/** Further names that say that the value is a secret: what is stored for long errs on the safe side. */
const tellingName = /auth|cookie|credential|key|passw|secret|session|signature|token/i

/** The request with each of its secrets replaced by what `replace` makes of it and of the name of its place. */
export function replaceSecrets(
  request: SavedRequest,
  replace: (place: string, secret: string) => string,
): SavedRequest {
  const { proxy } = request.settings
  return {
    ...request,
    url: replaceInUrl(request.url, replace),
    fields: request.fields.map(
      ([name, value]) => [name, isSecretField(name, value) ? replace(name, value) : value] as const,
    ),
    subprotocols: request.subprotocols.map((entry) =>
      redactField({ name: 'Sec-WebSocket-Protocol', value: entry }).value === entry
        ? entry
        : replace('subprotocol', entry),
    ),
    settings: { ...request.settings, proxy: proxy === undefined ? undefined : replaceInUrl(proxy, replace) },
  }
}

/** The request as the history keeps it: of secrets only the place is left. */
export function withoutSecrets(request: SavedRequest): SavedRequest {
  return replaceSecrets(request, () => hidden)
}

function isSecretField(name: string, value: string): boolean {
  return value !== '' && (tellingName.test(name) || redactField({ name, value }).value !== value)
}

function replaceInUrl(url: string, replace: (place: string, secret: string) => string): string {
  const [head = '', query] = url.split(/\?(.*)/s, 2)
  const [scheme, userInformation, rest] = [
    /^\w+:\/\//.exec(head)?.[0] ?? '',
    /^\w+:\/\/([^/@]*)@/.exec(head)?.[1],
    head.replace(/^\w+:\/\/(?:[^/@]*@)?/, ''),
  ]
  const before = userInformation === undefined ? head : `${scheme}${replace('user', userInformation)}@${rest}`
  if (query === undefined) return before
  const parameters = query.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2)
    const isSecret = value !== '' && (tellingName.test(name) || redactTarget(`/?${pair}`) !== `/?${pair}`)
    return isSecret ? `${name}=${replace(name, value)}` : pair
  })
  return `${before}?${parameters.join('&')}`
}
