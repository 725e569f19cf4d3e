/** What the browser remembers for this page. It may forbid storage, or have no room: the page then begins anew each time. */

/** What was stored under the name; null when nothing was. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

/** True when it will be there next time. */
export function remember(name: string, value: string): boolean {
  try {
    localStorage.setItem(name, value)
    return true
  } catch {
    return false
  }
}
