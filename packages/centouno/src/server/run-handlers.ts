import { isPromiseLike } from '../socket/delivery.ts'
import type { Message } from '../socket/inbox.ts'
import type { MessageStream } from '../socket/message-stream.ts'
import type { EndpointHandlers } from './endpoint.ts'
import type { ServerSocket } from './server-socket.ts'
import type { UpgradeService } from './upgrade-service.ts'

/**
 * Runs an endpoint's handlers on a fresh socket. They are called as methods, so that `this` is the object of handlers.
 * `finished` is called when the last of them has returned.
 */
export function runHandlers(
  service: UpgradeService,
  handlers: EndpointHandlers,
  socket: ServerSocket,
  finished: () => void,
): void {
  const failed = (error: unknown): void => service.handlerFailed(error, { request: socket.request, socket })
  socket.consume({
    open: () => handlers.open?.(socket),
    ...(handlers.message && { message: (data: Message) => handlers.message?.(socket, data) }),
    ...(handlers.stream && { stream: (message: MessageStream) => handlers.stream?.(socket, message) }),
    ping: (payload) => handlers.ping?.(socket, payload),
    pong: (payload) => handlers.pong?.(socket, payload),
    dropped: (count) => handlers.dropped?.(socket, count),
    closed: (closing) => {
      // Before the handler, which may want to tell those who are left.
      service.sockets.delete(socket)
      let pending: unknown
      try {
        pending = handlers.close?.(socket, closing)
      } finally {
        if (isPromiseLike(pending)) pending.then(finished, (error: unknown) => (failed(error), finished()))
        else finished()
      }
    },
    failed,
  })
}
