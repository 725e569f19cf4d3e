import {
  abortSignal,
  callback,
  isRecord,
  number,
  optionFault,
  type OptionShape,
  type OptionShapes,
} from '../../socket/option-shapes.ts'
import { SocketInputError } from '../../socket/socket-errors.ts'
import type { ReconnectDelays } from './reconnect-delays.ts'
import type { ReconnectOptions } from './reconnect-options.ts'

const milliseconds: OptionShape = {
  named: 'a number of milliseconds, 0 or more',
  fits: (value) => number.fits(value) && (value as number) >= 0,
}

const delayShapes: OptionShapes<ReconnectDelays> = {
  first: milliseconds,
  factor: { named: 'a number, 1 or more', fits: (value) => number.fits(value) && (value as number) >= 1 },
  longest: milliseconds,
  settled: milliseconds,
  longestAsked: milliseconds,
}

const shapes: OptionShapes<ReconnectOptions> = {
  // What it holds is checked when an attempt is made with it: a function makes it anew each time.
  connect: {
    named: 'an object, or a function that makes one',
    fits: (value) => isRecord(value) || callback.fits(value),
  },
  // Each of them is looked at by itself, so that the sentence names it.
  delays: { named: 'an object', fits: isRecord },
  maxFailures: { named: 'a number, 0 or more', fits: (value) => number.fits(value) && (value as number) >= 0 },
  retries: callback,
  signal: abortSignal,
  watch: callback,
  clock: { named: 'an object with now, set and clear', fits: isRecord },
  random: callback,
}

/** @throws SocketInputError (`RECONNECT_OPTIONS`) for options of which nothing could be made, before anything is tried. */
export function checkReconnect(options: ReconnectOptions): void {
  const fault = optionFault(options, shapes) ?? optionFault<ReconnectDelays>(delaysOf(options), delayShapes, 'delays')
  if (fault === undefined) return
  throw new SocketInputError('RECONNECT_OPTIONS', `It cannot be kept connected like that: ${fault}`)
}

function delaysOf({ delays }: ReconnectOptions): ReconnectDelays {
  return { ...(delays as ReconnectDelays) }
}
