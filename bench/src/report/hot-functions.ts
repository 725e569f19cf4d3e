/** As much of a CPU profile as is read here (`Profiler.Profile` of the inspector). */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples?: readonly number[]
}

export interface HotFunction {
  readonly name: string
  readonly place: string
  /** Of all samples at work, those in which it was itself at work, not what it called. */
  readonly share: number
}

/** The functions that most samples were taken in, the hottest first. */
export function hotFunctions({ nodes, samples = [] }: CpuProfile, count: number): HotFunction[] {
  const byNode = new Map<number, number>()
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id))
  const atWork = samples.filter((id) => !idle.has(id))
  for (const id of atWork) byNode.set(id, (byNode.get(id) ?? 0) + 1)
  const byFunction = new Map<string, { name: string; place: string; samples: number }>()
  for (const { id, callFrame } of nodes) {
    const file = callFrame.url.split('/').slice(-2).join('/')
    const place = file === '' ? '' : `${file}:${callFrame.lineNumber + 1}`
    const name = callFrame.functionName === '' ? '(anonymous)' : callFrame.functionName
    const key = `${name} ${callFrame.url}:${callFrame.lineNumber}`
    const known = byFunction.get(key) ?? { name, place, samples: 0 }
    known.samples += byNode.get(id) ?? 0
    byFunction.set(key, known)
  }
  return [...byFunction.values()]
    .sort((one, other) => other.samples - one.samples)
    .slice(0, count)
    .filter((hot) => hot.samples > 0)
    .map(({ name, place, samples: own }) => ({ name, place, share: own / atWork.length }))
}
