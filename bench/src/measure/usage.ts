import { readdirSync, readFileSync } from 'node:fs'
import type { Child } from './child.ts'

/**
 * Microseconds of CPU, user and system, that a process has used with all its threads.
 *
 * Linux counts nanoseconds per thread (`schedstat`), and hundredths of a second per process (`stat`), which serves where
 * the former is not compiled in. Elsewhere the process is asked, which costs it next to nothing.
 */
export async function cpuMicroseconds(child: Child): Promise<number> {
  if (process.platform !== 'linux') {
    const { user, system } = (await child.order({ do: 'usage' })) as { user: number; system: number }
    return user + system
  }
  return scheduled(child.pid) ?? ticked(child.pid)
}

/** Bytes resident, or undefined where the system does not tell. */
export function residentBytes(child: Child): number | undefined {
  if (process.platform !== 'linux') return undefined
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

function scheduled(pid: number): number | undefined {
  let nanoseconds = 0
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const onCpu = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]
      nanoseconds += Number(onCpu)
    }
  } catch {
    return undefined
  }
  return nanoseconds / 1000
}

function ticked(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name of the process stands in brackets and may hold blanks: fields are counted from behind it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticksPerSecond = 100
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / ticksPerSecond
}
