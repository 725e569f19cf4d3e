import process from 'node:process'
import { runCommand } from './program.ts'
import { Terminal } from './terminal.ts'

// The first signal asks for a clean end; should that hang, the second ends the process the usual way.
const end = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort())

// The reader of a pipe may leave early (`centouno inspect … | head`): then there is nobody left to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: Error & { readonly code?: string }) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
}

const terminal = new Terminal(process.stdout, process.stderr, process.env)
process.exitCode = await runCommand(process.argv.slice(2), terminal, end.signal)
