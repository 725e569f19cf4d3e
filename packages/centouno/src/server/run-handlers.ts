import { isPromiseLike } from '../socket/delivery.ts'
import type { Message } from '../socket/inbox.ts'
import type { EndpointHandlers } from './endpoint.ts'
import type { ServerSocket } from './server-socket.ts'
import type { UpgradeService } from './upgrade-service.ts'

/** Runs an endpoint's handlers on a fresh socket. They are called as methods, so that `this` is the object of handlers. */
export function runHandlers(service: UpgradeService, handlers: EndpointHandlers, socket: ServerSocket): void {
  const failed = (error: unknown): void => service.handlerFailed(error, { request: socket.request, socket })
  socket.consume({
    open: () => handlers.open?.(socket),
    ...(handlers.message && { message: (data: Message) => handlers.message?.(socket, data) }),
    ping: (payload) => handlers.ping?.(socket, payload),
    pong: (payload) => handlers.pong?.(socket, payload),
    closed: (closing) => {
      // Before the handler, which may want to tell those who are left.
      service.sockets.delete(socket)
      const pending = handlers.close?.(socket, closing)
      if (isPromiseLike(pending)) pending.then(undefined, failed)
    },
    failed,
  })
}
