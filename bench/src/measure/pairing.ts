import { fileURLToPath } from 'node:url'
import type { Mode } from '../modes/mode.ts'
import type { Peer } from '../peers.ts'
import { Child } from './child.ts'
import type { Line } from './control-line.ts'
import { coresToUse } from './machine.ts'
import type { LoadCount, LoadPlan } from './plan.ts'
import type { Round } from './result.ts'
import { cpuMicroseconds } from './usage.ts'

export interface Runtimes {
  readonly node: string
  readonly bun: string
  readonly deno: string
}

/** A peer and its load, connected, ready for one round after another. */
export class Pairing {
  readonly peer: Peer
  readonly version: string
  readonly #subject: Child
  readonly #load: Child

  private constructor(peer: Peer, version: string, subject: Child, load: Child) {
    this.peer = peer
    this.version = version
    this.#subject = subject
    this.#load = load
  }

  /** Starts both. Returns why not, when this peer cannot be measured in this mode. */
  static async open(mode: Mode, peer: Peer, runtimes: Runtimes): Promise<Pairing | string> {
    const plan: LoadPlan = { ...mode.load, port: 0, framed: peer.role !== 'tcp' }
    const children: Child[] = []
    try {
      const subject = startSubject(mode, peer, runtimes)
      children.push(subject)
      const { port, version } = await subject.next()
      const load = startLoad({ ...plan, port: Number(port) }, runtimes)
      children.push(load)
      const { cannot } = await load.next()
      if (typeof cannot === 'string') throw new Error(cannot)
      return new Pairing(peer, String(version), subject, load)
    } catch (error) {
      await Promise.all(children.map((child) => child.end()))
      return error instanceof Error ? error.message : String(error)
    }
  }

  async round(milliseconds: number): Promise<Round> {
    const before = await this.#cpu()
    const began = performance.now()
    const count = (await this.#load.order({ do: 'measure', milliseconds })) as unknown as LoadCount
    const took = performance.now() - began
    const after = await this.#cpu()
    return {
      cpu: (after.subject - before.subject) / count.messages,
      messages: count.messages,
      perSecond: (count.messages / count.milliseconds) * 1000,
      subjectBusy: (after.subject - before.subject) / 1000 / took,
      loadBusy: (after.load - before.load) / 1000 / took,
      latency: count.latency,
      ratio: count.ratio,
    }
  }

  async profile(milliseconds: number, file: string): Promise<void> {
    await this.#subject.order({ do: 'profile' })
    await this.#load.order({ do: 'measure', milliseconds })
    await this.#subject.order({ do: 'profiled', file })
  }

  async end(): Promise<void> {
    await this.#load.end()
    await this.#subject.end()
  }

  async #cpu(): Promise<{ subject: number; load: number }> {
    return { subject: await cpuMicroseconds(this.#subject), load: await cpuMicroseconds(this.#load) }
  }
}

function startSubject(mode: Mode, peer: Peer, runtimes: Runtimes): Child {
  return new Child({
    command: runtimes[peer.runtime],
    arguments: [...switches[peer.runtime], script(`subjects/${peer.script}`), JSON.stringify(mode.subject)],
    core: coresToUse().subject,
  })
}

function startLoad(plan: LoadPlan, runtimes: Runtimes): Child {
  const line: Line = { ...plan }
  return new Child({
    command: runtimes.node,
    arguments: [script('load/main.js'), JSON.stringify(line)],
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
