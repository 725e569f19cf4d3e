import type { WebSocketEventMap } from './events.ts'

/** What an `on…` attribute takes. */
export type EventHandler<Type extends keyof WebSocketEventMap> = ((event: WebSocketEventMap[Type]) => unknown) | null

/**
 * The handlers behind the attributes `onopen`, `onmessage`, `onerror` and `onclose`. A handler keeps its place among the
 * listeners when it is replaced, as the HTML standard asks: the listener added the first time calls whatever is set.
 */
export class EventHandlers {
  readonly #target: EventTarget
  readonly #handlers = new Map<string, (event: never) => unknown>()
  readonly #listening = new Set<string>()

  constructor(target: EventTarget) {
    this.#target = target
  }

  get<Type extends keyof WebSocketEventMap>(type: Type): EventHandler<Type> {
    return (this.#handlers.get(type) as EventHandler<Type> | undefined) ?? null
  }

  set<Type extends keyof WebSocketEventMap>(type: Type, handler: EventHandler<Type>): void {
    if (typeof handler !== 'function') {
      this.#handlers.delete(type)
      return
    }
    this.#handlers.set(type, handler)
    if (this.#listening.has(type)) return
    this.#listening.add(type)
    this.#target.addEventListener(type, (event) => {
      this.#handlers.get(type)?.call(this.#target, event as never)
    })
  }
}
