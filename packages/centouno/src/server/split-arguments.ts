import { Endpoint } from './endpoint.ts'

/** Options, which may be left out, and the endpoints behind them. */
export function splitArguments<Options extends object>(
  rest: readonly Endpoint[] | readonly [Options, ...(readonly Endpoint[])],
): { readonly options: Partial<Options>; readonly endpoints: readonly Endpoint[] } {
  const items: readonly (Options | Endpoint)[] = rest
  const [first] = items
  return {
    options: first === undefined || first instanceof Endpoint ? {} : first,
    endpoints: items.filter((item): item is Endpoint => item instanceof Endpoint),
  }
}
