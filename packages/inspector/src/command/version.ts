import { readFileSync } from 'node:fs'

/** The version of this package. */
export const version: string = readVersion()

function readVersion(): string {
  // The same from the sources (src/command) and from the build (dist/command).
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : ''
}
