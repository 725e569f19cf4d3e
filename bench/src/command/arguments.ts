import { parseArgs } from 'node:util'

/** What the command was asked for. */
export interface BenchArguments {
  readonly quick: boolean
  /** Names of modes; empty for all. */
  readonly only: readonly string[]
  /** Names of peers; empty for all. */
  readonly peers: readonly string[]
  /** The mode to take a CPU profile of. */
  readonly profile: string | undefined
  /** Only tell what levels and windows of compression cost and save. */
  readonly compression: boolean
  /** Where to write the result, beside what is shown. */
  readonly json: string | undefined
  /** The Node binary for everything that runs on Node, or 20, 24 or 26 for the one that comes with the peers. */
  readonly node: string | undefined
  readonly rounds: number | undefined
  readonly help: boolean
}

export const usage = `npm run bench -- [options]

  --quick          the modes and peers that matter most, in under three minutes
  --only MODES     these modes only, separated by commas; each may end in * (echo-*)
  --peers PEERS    these peers only, separated by commas
  --profile MODE   leave a CPU profile of centouno in this mode
  --compression    what levels and windows of compression cost and save, as a table
  --rounds N       rounds of each peer in each mode
  --json FILE      write the result there as well
  --node BINARY    run servers, clients and load on this Node; 20, 24 or 26 for one of those that come with the peers
  --help           this`

/** @throws TypeError for what is no option; its message can be shown. */
export function readArguments(words: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      peers: { type: 'string' },
      profile: { type: 'string' },
      compression: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      json: { type: 'string' },
      node: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    quick: values.quick,
    only: list(values.only),
    peers: list(values.peers),
    profile: values.profile,
    compression: values.compression,
    json: values.json,
    node: values.node,
    rounds: values.rounds === undefined ? undefined : count(values.rounds),
    help: values.help,
  }
}

/** Those that were asked for by name, `*` at the end standing for anything. @throws TypeError for a name nobody has. */
export function named<Thing extends { readonly name: string }>(
  things: readonly Thing[],
  names: readonly string[],
  what: string,
): readonly Thing[] {
  const fits = (name: string, thing: Thing): boolean =>
    name.endsWith('*') ? thing.name.startsWith(name.slice(0, -1)) : thing.name === name
  for (const name of names) {
    if (things.some((thing) => fits(name, thing))) continue
    throw new TypeError(`There is no ${what} ${name}. There are: ${things.map((thing) => thing.name).join(', ')}.`)
  }
  return things.filter((thing) => names.some((name) => fits(name, thing)))
}

function list(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',').filter((name) => name !== '')
}

function count(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new TypeError(`--rounds takes a whole number above zero, not ${text}.`)
}
