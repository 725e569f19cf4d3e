import { echoModes } from './echo-modes.ts'
import type { Mode } from './mode.ts'

/** Every mode, in the order it is run and shown. */
export const modes: readonly Mode[] = [...echoModes]
