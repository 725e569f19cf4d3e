import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Result } from '../src/measure/result.ts'

/** The built command. `npm test` builds it first; run `npx tsc -b bench` before running these alone. */
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

async function bench(...words: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout, stderr }
}

test('a short run measures us, ws and plain TCP, and writes it down', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'centouno-bench-'))
  const file = join(folder, 'result.json')
  try {
    const peers = ['centouno', 'ws', 'tcp-onread', 'tcp-data']
    const words = ['--quick', '--rounds', '1', '--only', 'echo-20x64', '--peers', peers.join(','), '--json', file]
    const { status, stdout, stderr } = await bench(...words)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('echo-20x64: echo, 20 B, bursts of 64, 16 connections')
    const result = JSON.parse(await readFile(file, 'utf8')) as Result
    expect(result.omissions).toEqual([])
    expect(result.time.map(({ peer }) => peer)).toEqual(peers)
    for (const { rounds } of result.time) {
      expect(rounds).toHaveLength(1)
      expect(rounds[0]?.messages).toBeGreaterThan(0)
      expect(rounds[0]?.cpu).toBeGreaterThan(0)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a mode that does not exist is told, with those that do', async () => {
  const { status, stderr } = await bench('--only', 'ping')
  expect(status).toBe(2)
  expect(stderr).toMatch(/^There is no mode ping\. There are: echo-20, /)
})
