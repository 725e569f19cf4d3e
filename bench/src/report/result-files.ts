import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Result } from '../measure/result.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = 'bench/results'

/** Results of Node's versions stand beside each other: `latest` is the oldest that is supported, which most are on. */
export function resultName(node: string): string {
  const major = /^v?(\d+)/.exec(node)?.[1] ?? ''
  return major === '20' ? 'latest' : `latest-node-${major}`
}

export function writeResult(name: string, result: Result, markdown: string): string {
  mkdirSync(`${root}${folder}`, { recursive: true })
  writeJson(`${root}${folder}/${name}.json`, result)
  writeFileSync(`${root}${folder}/${name}.md`, markdown)
  return `${folder}/${name}.md`
}

export function writeJson(file: string, result: Result): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(result, undefined, 1)}\n`)
}

/** The result that was committed last, if there is one that can be compared. */
export function committedResult(name: string): Result | undefined {
  const text = git('show', `HEAD:${folder}/${name}.json`)
  const result = text === undefined ? undefined : (JSON.parse(text) as Result)
  return result?.format === 1 ? result : undefined
}

/** The commit that is measured, and whether something was changed since. */
export function currentCommit(): string {
  const commit = git('rev-parse', '--short', 'HEAD')?.trim() ?? 'unknown'
  return git('status', '--porcelain', 'packages/centouno/src') ? `${commit} with changes` : commit
}

function git(...words: string[]): string | undefined {
  try {
    return execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return undefined
  }
}
