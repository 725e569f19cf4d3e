import { getCurrentScope, onScopeDispose, shallowRef, watch } from 'vue'
import type { Ref, ShallowRef } from 'vue'

/**
 * Follows a value that changes with every drawing, but is costly to draw: `leastMs` tells, of the new value and of the one
 * that is shown, how much time there must be between two changes. The last one is always shown in the end.
 */
export function paced<Value>(
  source: Readonly<Ref<Value>>,
  leastMs: (next: Value, shown: Value) => number,
): Readonly<ShallowRef<Value>> {
  const shown = shallowRef(source.value)
  let shownAt = performance.now()
  let timer: ReturnType<typeof setTimeout> | undefined

  function show(): void {
    clearTimeout(timer)
    timer = undefined
    shownAt = performance.now()
    shown.value = source.value
  }

  watch(source, (next) => {
    const left = shownAt + leastMs(next, shown.value) - performance.now()
    if (left <= 0) show()
    else timer ??= setTimeout(show, left)
  })
  if (getCurrentScope() !== undefined) onScopeDispose(() => clearTimeout(timer))
  return shown
}
