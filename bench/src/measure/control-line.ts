import { createInterface } from 'node:readline'

/** One line of JSON between the command and a process it has started: an order one way, what became of it the other. */
export type Line = Readonly<Record<string, unknown>>

export type Order = (order: Line) => Line | undefined | Promise<Line | undefined>

/** Takes orders on standard input, one at a time, and ends the process when there are no more. */
export function takeOrders(obey: Order): void {
  let last: Promise<void> = Promise.resolve()
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (text) => {
    last = last.then(async () => tell((await obey(JSON.parse(text) as Line)) ?? {}))
  })
  lines.on('close', () => process.exit(0))
}

export function tell(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** What the process was started with. */
export function startedWith<Plan>(): Plan {
  return JSON.parse(process.argv[2] ?? '{}') as Plan
}
