import os from 'node:os'
import { canPin } from './child.ts'

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly system: string
  readonly pinned: boolean
}

export function thisMachine(): Machine {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    system: `${os.type()} ${os.release()}`,
    pinned: coresToUse().subject !== undefined,
  }
}

/** A core for whom we measure and another for the load, where there are two and processes can be held to them. */
export function coresToUse(): { readonly subject: number | undefined; readonly load: number | undefined } {
  const enough = canPin && os.availableParallelism() > 1
  return enough ? { subject: 0, load: 1 } : { subject: undefined, load: undefined }
}
