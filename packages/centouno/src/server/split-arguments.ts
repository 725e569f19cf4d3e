import { Endpoint } from './endpoint.ts'

/** Options, which may be left out, and the endpoints behind them. */
export function splitArguments<Options extends object>(
  rest: readonly Endpoint[] | readonly [Options, ...(readonly Endpoint[])],
): { readonly options: Partial<Options>; readonly endpoints: readonly Endpoint[] } {
  const [first, ...others] = rest
  // Whether the others are endpoints is looked at by whoever serves them.
  return first === undefined || first instanceof Endpoint
    ? { options: {}, endpoints: rest as readonly Endpoint[] }
    : { options: first, endpoints: others as readonly Endpoint[] }
}
