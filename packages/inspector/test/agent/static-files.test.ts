import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readStaticFiles, securityFields } from '../../src/agent/static-files.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'centouno-page-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<p>page</p>')
  await writeFile(join(folder, 'assets', 'a.js'), 'export {}')
  await symlink('/etc/hostname', join(folder, 'outside.txt'))
})

afterAll(() => rm(folder, { recursive: true }))

test('reads a folder into paths with their types', async () => {
  const files = await readStaticFiles(folder)
  expect([...files].map(([path, { type }]) => [path, type]).toSorted()).toEqual([
    ['/assets/a.js', 'text/javascript; charset=utf-8'],
    ['/index.html', 'text/html; charset=utf-8'],
  ])
  expect(new TextDecoder().decode(files.get('/index.html')?.bytes)).toBe('<p>page</p>')
})

test('a trailing slash of the folder changes nothing', async () => {
  expect([...(await readStaticFiles(`${folder}/`)).keys()].toSorted()).toEqual(['/assets/a.js', '/index.html'])
})

test('an absent folder is an empty one', async () => {
  expect(await readStaticFiles(join(folder, 'absent'))).toEqual(new Map())
})

test('scripts, connections and frames are bound to this agent, and no Referer leaves', () => {
  const fields = securityFields(10_101)
  expect(fields['Content-Security-Policy']).toMatch(
    /^default-src 'self'; connect-src 'self' ws:\/\/127\.0\.0\.1:10101 /,
  )
  expect(fields['Content-Security-Policy']).toMatch(/frame-ancestors 'none'/)
  expect(fields['Referrer-Policy']).toBe('no-referrer')
  expect(fields['X-Content-Type-Options']).toBe('nosniff')
})
