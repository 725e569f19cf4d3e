import { connectBy, runClient } from './client.ts'

// The WebSocket that the runtime brings: Node's, Bun's or Deno's.
const {
  WebSocket: Global,
  Bun,
  Deno,
} = globalThis as {
  WebSocket?: new (url: string) => unknown
  Bun?: { readonly version: string }
  Deno?: { readonly version: { readonly deno: string } }
}

if (!Global) throw new Error('This runtime has no WebSocket of its own.')
await runClient(
  Bun ? `Bun ${Bun.version}` : Deno ? `Deno ${Deno.version.deno}` : `Node ${process.version}`,
  connectBy((url) => new Global(url)),
)
