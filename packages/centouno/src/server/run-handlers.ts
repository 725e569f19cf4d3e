import { isPromiseLike } from '../socket/delivery.ts'
import type { EndpointHandlers } from './endpoint.ts'
import type { ServerSocket } from './server-socket.ts'
import type { UpgradeService } from './upgrade-service.ts'

/** The status code that says an endpoint met something unexpected (RFC 6455 §7.4.1). */
const internalError = 1011

/** Runs an endpoint's handlers on a fresh socket: `open` first, and messages only once it has settled. */
export function runHandlers(service: UpgradeService, handlers: EndpointHandlers, socket: ServerSocket): void {
  const failed = (error: unknown): void => service.handlerFailed(error, { request: socket.request, socket })
  const start = (message: NonNullable<EndpointHandlers['message']>): void => {
    socket.consume({
      message: (data) => message(socket, data),
      ping: (payload) => handlers.ping?.(socket, payload),
      pong: (payload) => handlers.pong?.(socket, payload),
      closed: (closing) => {
        service.sockets.delete(socket)
        const pending = handlers.close?.(socket, closing)
        if (isPromiseLike(pending)) pending.then(undefined, failed)
      },
      failed,
    })
  }
  // Called as a method, so that `this` is the object of handlers.
  const deliver = (): void => start((_, data) => handlers.message?.(socket, data))
  const openFailed = (error: unknown): void => {
    failed(error)
    void socket.close(internalError)
    start(() => undefined)
  }
  try {
    const pending = handlers.open?.(socket)
    if (isPromiseLike(pending)) pending.then(deliver, openFailed)
    else deliver()
  } catch (error) {
    openFailed(error)
  }
}
