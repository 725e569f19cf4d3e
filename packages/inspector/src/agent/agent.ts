import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { attach, endpoint, refuse } from 'centouno'
import type { Endpoint, ServerSocket } from 'centouno'
import type { Text } from 'centouno/telling'
import type { AgentNews } from './agent-message.ts'
import { agentPath, Guard, tokenParameter } from './guard.ts'
import { PageSession } from './page-session.ts'
import { messageBytes } from './remote-connection.ts'
import { securityFields } from './static-files.ts'
import type { StaticFiles } from './static-files.ts'
import type { TapFeed } from './tap-feed.ts'
import { troubles } from './troubles.ts'

/** What an agent is started with. */
export interface AgentOptions {
  /** 0 for any free one. */
  readonly port: number
  readonly files: StaticFiles
  /** The demo server's addresses and our version, for the page. */
  readonly hello: Omit<Extract<AgentNews, { news: 'hello' }>, 'news'>
  /** What a tap tells, for every page. */
  readonly feed?: TapFeed
}

/** A running agent. */
export interface Agent {
  readonly port: number
  /** The page's address, with the token that opens it. */
  readonly address: string
  /** Ends every page and every connection made for one, and then the server. */
  close(): Promise<void>
}

const host = '127.0.0.1'
// Base64 makes four characters of three bytes, and JSON adds a little.
const orderBytes = Math.ceil((messageBytes * 4) / 3) + 1024 * 1024

/** Starts the agent on loopback. Rejects with the system's error when the port cannot be had. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const httpServer = createServer()
  const port = await listenOn(httpServer, options.port)
  const guard = new Guard(port)
  const sessions = new Set<Promise<void>>()
  httpServer.on('request', (request, response) => answer(request, response, guard, options.files, port))
  const attachment = attach(
    httpServer,
    { limits: { messageBytes: orderBytes } },
    pageEndpoint(guard, options, sessions),
  )
  return {
    port,
    address: `http://${host}:${port}/?${tokenParameter}=${guard.token}`,
    async close() {
      const released = new Promise((resolve) => httpServer.close(resolve))
      await attachment.close()
      await Promise.all(sessions)
      httpServer.closeAllConnections()
      await released
    },
  }
}

/** The page's WebSocket. Nothing is carried out for anyone whom the guard does not let in. */
function pageEndpoint(guard: Guard, { hello, feed }: AgentOptions, ends: Set<Promise<void>>): Endpoint {
  const sessions = new Map<ServerSocket, PageSession>()
  const unfollow = new Map<ServerSocket, () => void>()
  return endpoint(agentPath, {
    authorize(request) {
      const { host: name, origin, searchParams } = request
      const denial = guard.deny({ host: name, origin, token: searchParams.get(tokenParameter) })
      return denial === undefined ? undefined : refuse(403, denial.en)
    },
    open(socket) {
      // A page that has gone away cannot be told any more, which is no failure.
      const tell = (news: AgentNews): Promise<void> => socket.send(JSON.stringify(news)).catch(() => {})
      sessions.set(socket, new PageSession(tell))
      void tell({ news: 'hello', ...hello })
      if (feed === undefined) return
      const code = 'TAP_BEHIND'
      const behind = (): void => void tell({ news: 'trouble', id: '', code, sentence: troubles[code].en })
      unfollow.set(socket, feed.follow(tell, behind))
    },
    message: (socket, data) => sessions.get(socket)?.receive(data),
    close(socket) {
      const session = sessions.get(socket)
      sessions.delete(socket)
      unfollow.get(socket)?.()
      unfollow.delete(socket)
      const end = session?.end()
      if (end === undefined) return
      ends.add(end)
      void end.then(() => ends.delete(end))
    },
  })
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard,
  files: StaticFiles,
  port: number,
): void {
  request.resume()
  for (const [name, value] of Object.entries(securityFields(port))) response.setHeader(name, value)
  const { path, token } = readTarget(request.url ?? '')
  const isPage = path === '/' || path === '/index.html'
  const guarded = { host: request.headers.host, origin: request.headers.origin, token }
  // Scripts and styles hold no secret and are asked for by the page without its token.
  const denial = isPage ? guard.deny(guarded) : guard.denyStranger(guarded)
  if (denial !== undefined) return say(response, 403, denial)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return say(response, 405, wrongMethod)
  }
  const file = files.get(isPage ? '/index.html' : path)
  if (file === undefined) return say(response, isPage ? 503 : 404, isPage ? notBuilt : notFound)
  response.setHeader('Content-Type', file.type)
  response.setHeader('Content-Length', file.bytes.byteLength)
  response.end(request.method === 'HEAD' ? undefined : file.bytes)
}

function readTarget(target: string): { path: string; token: string | null } {
  const [path = '', query = ''] = target.split('?', 2)
  return { path, token: new URLSearchParams(query).get(tokenParameter) }
}

function say(response: ServerResponse, status: number, text: Text): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.end(`${text.en}\n${text.zh}\n`)
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

const wrongMethod: Text = { en: 'Only GET and HEAD are answered here.', zh: '这里只回应 GET 和 HEAD。' }
const notFound: Text = { en: 'There is no such file.', zh: '没有这个文件。' }
const notBuilt: Text = {
  en: 'The page has not been built yet. Run "npm run build" and start again.',
  zh: '页面还没有构建。请运行 npm run build 后重新启动。',
}
