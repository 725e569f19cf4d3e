import { writeFileSync } from 'node:fs'
import type { Session } from 'node:inspector/promises'
import type { Line } from '../measure/control-line.ts'
import { startedWith, takeOrders, tell } from '../measure/control-line.ts'
import type { SubjectPlan } from '../measure/plan.ts'

/** A subject that is ready: where it listens, if it does, and what it is. */
export interface Ready {
  readonly port?: number
  readonly version: string
}

/** What every measured process does beside its work. It does nothing between two orders. */
export async function runSubject(start: (plan: SubjectPlan) => Promise<Ready>): Promise<void> {
  const ready = await start(startedWith<SubjectPlan>())
  takeOrders(obey)
  tell({ ...ready })
}

let session: Session | undefined

async function obey(order: Line): Promise<Line | undefined> {
  switch (order['do']) {
    case 'usage':
      return { ...process.cpuUsage() }
    case 'collect':
      collectGarbage()
      return undefined
    case 'profile':
      session = await startProfile()
      return undefined
    case 'profiled':
      await writeProfile(String(order['file']))
      return undefined
    default:
      return { unknown: order['do'] }
  }
}

function collectGarbage(): void {
  // The last resort gives back what is free as well; without it V8 keeps it for what may come.
  const { gc, Bun } = globalThis as { gc?: (how: unknown) => void; Bun?: { gc(synchronous: boolean): void } }
  for (let time = 0; time < 3; time++) {
    gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    Bun?.gc(true)
  }
}

async function startProfile(): Promise<Session> {
  const { Session: InspectorSession } = await import('node:inspector/promises')
  const started = new InspectorSession()
  started.connect()
  await started.post('Profiler.enable')
  await started.post('Profiler.setSamplingInterval', { interval: 200 })
  await started.post('Profiler.start')
  return started
}

async function writeProfile(file: string): Promise<void> {
  const { profile } = (await session?.post('Profiler.stop')) ?? {}
  writeFileSync(file, JSON.stringify(profile))
}
