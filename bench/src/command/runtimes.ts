import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Runtimes } from '../measure/start.ts'

/** Where the peers are installed, apart from the workspace. */
const folder = fileURLToPath(new URL('../../peers/', import.meta.url))

/** Installs the peers if that has not been done, which takes a minute and half a gigabyte. */
export function installPeers(needed: readonly string[], say: (line: string) => void): void {
  if (needed.every((name) => existsSync(`${folder}node_modules/${name}/package.json`))) return
  say('Installing the peers into bench/peers …')
  execFileSync('npm', ['install', '--no-fund', '--no-audit', '--no-package-lock', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

export function findRuntimes(node: string | undefined): Runtimes {
  return {
    node: node === undefined ? process.execPath : shippedNode(node),
    bun: `${folder}node_modules/.bin/bun`,
    deno: `${folder}node_modules/.bin/deno`,
  }
}

function shippedNode(asked: string): string {
  return /^\d+$/.test(asked) ? `${folder}node_modules/node-${asked}/bin/node` : asked
}
