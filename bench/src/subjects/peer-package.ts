import { createRequire } from 'node:module'

const load = createRequire(new URL('../../peers/package.json', import.meta.url))

/** A package that is installed with the peers, and its version. They are no dependencies of the workspace. */
export function peerPackage(name: string): { readonly exports: unknown; readonly version: string } {
  const { name: trueName, version } = load(`${name}/package.json`) as { name: string; version: string }
  return { exports: load(name), version: `${trueName} ${version}` }
}
