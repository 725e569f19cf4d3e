import type { Text } from 'centouno/telling'
import type { DerivedBytes, Layer, Party } from '../wire/rung.ts'

/** What the layers and the parties of a ladder are called at its head. */

export const layerNames: Readonly<Record<Layer, string>> = {
  tcp: 'TCP',
  proxy: 'PROXY',
  tls: 'TLS',
  http: 'HTTP',
  websocket: 'WS',
}

export const partyNames: Readonly<Record<Party, Text>> = {
  client: { en: 'Client', zh: '客户端' },
  proxy: { en: 'Proxy', zh: '代理' },
  server: { en: 'Server', zh: '服务器' },
}

export const derivedNames: Readonly<Record<DerivedBytes['kind'], Text>> = {
  payload: { en: 'Payload, as the receiver reads it', zh: '接收方读到的载荷' },
  message: { en: 'The whole message, joined', zh: '拼接后的完整消息' },
  inflated: { en: 'The message, inflated', zh: '解压后的消息' },
}
