import type { Language } from 'centouno/telling'
import { startDemo } from '../demo/demo-server.ts'
import type { DemoMode } from '../demo/demo-server.ts'
import { span } from '../telling/styled-line.ts'
import { narrator } from './narrator.ts'
import type { Terminal } from './terminal.ts'
import { aborted } from './until-aborted.ts'

/** What `centouno serve` was asked for. */
export interface ServeOptions {
  /** 0 for any free one. */
  readonly port: number
  readonly mode: DemoMode
  readonly tls: boolean
  /** Bytes of one message at most; undefined for the demo server's own limit. */
  readonly maxMessage: number | undefined
  readonly language: Language
}

/** Runs the demo server until the signal is aborted: its URL on stdout, what happens on stderr. Resolves with 0. */
export async function serve(
  { port, mode, tls, maxMessage, language }: ServeOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const watcher = narrator(
    language,
    (line) => terminal.remark(line),
    () => performance.now(),
  )
  const server = await startDemo({ port, mode, tls, maxMessage, watcher })
  terminal.print([span(`${server.url}/`)])
  await aborted(signal)
  await server.close()
  return 0
}
