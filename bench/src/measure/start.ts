import { fileURLToPath } from 'node:url'
import type { Peer } from '../peers.ts'
import { Child } from './child.ts'
import { coresToUse } from './machine.ts'
import type { LoadPlan, SubjectPlan } from './plan.ts'

/** The binaries that processes run on. */
export interface Runtimes {
  readonly node: string
  readonly bun: string
  readonly deno: string
}

/** A peer's process and the load's, both ready. */
export interface Pair {
  readonly subject: Child
  readonly load: Child
  readonly version: string
}

/** Starts both: first whoever listens, then whoever connects. @throws when one of them cannot, and leaves none behind. */
export async function startPair(
  peer: Peer,
  subjectPlan: SubjectPlan,
  loadPlan: Omit<LoadPlan, 'port' | 'framed'>,
  runtimes: Runtimes,
): Promise<Pair> {
  const plan = { ...subjectPlan, level: peer.level }
  const framed = peer.role !== 'tcp'
  const started: Child[] = []
  const start = async (child: Child): Promise<{ child: Child; said: Readonly<Record<string, unknown>> }> => {
    started.push(child)
    const said = await child.next()
    if (typeof said['cannot'] === 'string') throw new Error(said['cannot'])
    return { child, said }
  }
  try {
    if (peer.role === 'client') {
      const load = await start(startLoad({ ...loadPlan, port: 0, framed }, runtimes))
      const url = `ws://127.0.0.1:${String(load.said['port'])}/`
      const subject = await start(startSubject(peer, { ...plan, url }, runtimes))
      return { subject: subject.child, load: load.child, version: String(subject.said['version']) }
    }
    const subject = await start(startSubject(peer, plan, runtimes))
    const load = await start(startLoad({ ...loadPlan, port: Number(subject.said['port']), framed }, runtimes))
    return { subject: subject.child, load: load.child, version: String(subject.said['version']) }
  } catch (error) {
    await Promise.all(started.map((child) => child.end()))
    throw error
  }
}

export async function endPair({ subject, load }: Pair): Promise<void> {
  await load.end()
  await subject.end()
}

function startSubject(peer: Peer, plan: SubjectPlan, runtimes: Runtimes): Child {
  return new Child({
    command: runtimes[peer.runtime],
    arguments: [
      ...switches[peer.runtime],
      ...(peer.switches ?? []),
      script(`subjects/${peer.script}`),
      JSON.stringify(plan),
    ],
    core: coresToUse().subject,
  })
}

function startLoad(plan: LoadPlan, runtimes: Runtimes): Child {
  return new Child({
    command: runtimes.node,
    arguments: [script('load/main.js'), JSON.stringify(plan)],
    core: coresToUse().load,
  })
}

const switches: Readonly<Record<Peer['runtime'], readonly string[]>> = {
  node: ['--expose-gc', '--no-warnings'],
  bun: [],
  deno: ['run', '--quiet', '--no-lock', '-A', '--v8-flags=--expose-gc'],
}

function script(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url))
}
