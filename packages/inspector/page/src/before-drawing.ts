/** A page that is not looked at is not drawn: what waits for a drawing goes on after so long all the same. */
const longestMs = 100
/** About one drawing, where there is no screen. */
const drawingMs = 16

/** Calls back once: just before the page is drawn next, or after a moment when it is not drawn. */
export function beforeDrawing(callback: () => void): void {
  if (typeof requestAnimationFrame === 'undefined') {
    setTimeout(callback, drawingMs)
    return
  }
  const timer = setTimeout(() => {
    cancelAnimationFrame(frame)
    callback()
  }, longestMs)
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer)
    callback()
  })
}
