import type { Closing } from '../protocol/connection/closing.ts'
import type { Consumer } from '../socket/consumer.ts'
import { isPromiseLike } from '../socket/handler-outcome.ts'
import type { Message } from '../socket/inbox.ts'
import type { MessageStream } from '../socket/message-stream.ts'
import type { EndpointHandlers } from './endpoint.ts'
import type { ServerSocket } from './server-socket.ts'
import type { UpgradeService } from './upgrade-service.ts'

/**
 * Runs an endpoint's handlers on a fresh socket. They are called as methods, so that `this` is the object of handlers.
 * The service is told when the last of them has returned.
 */
export function runHandlers(service: UpgradeService, handlers: EndpointHandlers, socket: ServerSocket): void {
  try {
    socket.consume(new HandlerRun(service, handlers, socket))
  } catch (error) {
    service.finished(socket)
    throw error
  }
}

/** A class, so that a socket does not hold a closure for each handler: most sockets are idle, and there are many. */
class HandlerRun implements Consumer {
  // Where these are missing, messages go elsewhere.
  readonly message?: (data: Message) => void | Promise<void>
  readonly stream?: (message: MessageStream) => void | Promise<void>
  readonly #service: UpgradeService
  readonly #handlers: EndpointHandlers
  readonly #socket: ServerSocket

  constructor(service: UpgradeService, handlers: EndpointHandlers, socket: ServerSocket) {
    this.#service = service
    this.#handlers = handlers
    this.#socket = socket
    if (handlers.message) this.message = this.#message
    if (handlers.stream) this.stream = this.#stream
  }

  #message(data: Message): void | Promise<void> {
    return this.#handlers.message?.(this.#socket, data)
  }

  #stream(message: MessageStream): void | Promise<void> {
    return this.#handlers.stream?.(this.#socket, message)
  }

  open(): void | Promise<void> {
    return this.#handlers.open?.(this.#socket)
  }

  ping(payload: Uint8Array): void {
    return this.#handlers.ping?.(this.#socket, payload)
  }

  pong(payload: Uint8Array): void {
    return this.#handlers.pong?.(this.#socket, payload)
  }

  dropped(count: number): void {
    return this.#handlers.dropped?.(this.#socket, count)
  }

  ended(closing: Closing): void {
    this.#service.ended(this.#socket, closing)
  }

  closed(closing: Closing): void {
    let pending: unknown
    try {
      pending = this.#handlers.close?.(this.#socket, closing)
    } finally {
      if (isPromiseLike(pending)) this.#finishAfter(pending)
      else this.#service.finished(this.#socket)
    }
  }

  failed(error: unknown): void {
    this.#service.handlerFailed(error, { request: this.#socket.request, socket: this.#socket })
  }

  #finishAfter(pending: PromiseLike<unknown>): void {
    const finished = (): void => this.#service.finished(this.#socket)
    pending.then(finished, (error: unknown) => {
      this.failed(error)
      finished()
    })
  }
}
