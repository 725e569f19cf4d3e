import { execFileSync } from 'node:child_process'

const hasShell = process.platform !== 'win32'

/** What a process is started through to have as many descriptors as it may: each connection takes one. */
export const withMostDescriptors: readonly string[] = hasShell
  ? ['/bin/sh', '-c', 'ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$0" "$@"']
  : []

/** Descriptors that a process started that way has. */
export function mostDescriptors(): number {
  if (!hasShell) return Infinity
  const [shell = '', ...words] = withMostDescriptors
  const limit = execFileSync(shell, [...words, shell, '-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  return limit === 'unlimited' ? Infinity : Number(limit)
}

/** What a process has open beside its connections. */
const others = 200

/** The numbers of connections with those that are out of reach brought down to what is not. */
export function withinReach(steps: readonly number[], descriptors: number): number[] {
  return [...new Set(steps.map((step) => Math.min(step, descriptors - others)))]
}
