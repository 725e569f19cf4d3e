import { readdir, readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

/** One file of the page, ready to be sent. */
interface StaticFile {
  readonly bytes: Uint8Array
  readonly type: string
}

/** The page's files by their path from the root, such as `/assets/index-1a2b.js`. */
export type StaticFiles = ReadonlyMap<string, StaticFile>

const types: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.txt', 'text/plain; charset=utf-8'],
])

/**
 * Reads a folder once. Requests are answered from this map only, so that no path, however it is written, leads
 * outside the folder. An absent folder is an empty one.
 */
export async function readStaticFiles(folder: string): Promise<StaticFiles> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return []
    throw error
  })
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = files.map(async (file): Promise<[string, StaticFile]> => {
    const path = file.slice(folder.length).split(sep).join('/')
    const type = types.get(extname(file)) ?? 'application/octet-stream'
    return [path.startsWith('/') ? path : `/${path}`, { bytes: await readFile(file), type }]
  })
  return new Map(await Promise.all(read))
}

/** Header fields of every answer over HTTP; what each is for stands beside it. */
export function securityFields(port: number): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': [
      "default-src 'self'",
      // Some browsers do not count ws: as 'self'.
      `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
      "img-src 'self' data:",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    // The page's address holds the token: it must not travel as a Referer.
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
