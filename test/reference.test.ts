import { expect, test } from 'vitest'
import { codesPage } from '../scripts/reference/codes-page.ts'
import { limitsPage } from '../scripts/reference/limits-page.ts'
import { rulesPage } from '../scripts/reference/rules-page.ts'

/** The reference is what the tables say. `npm run docs` writes it anew. */

test.each([
  ['codes', codesPage],
  ['rules', rulesPage],
  ['limits', limitsPage],
])('docs/reference/%s.md is what the tables say', async (name, write) => {
  await expect(write()).toMatchFileSnapshot(`../docs/reference/${name}.md`)
})

test('no limit is without its words and its reason', () => {
  const rows = limitsPage()
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  expect(rows.length).toBeGreaterThan(20)
  for (const row of rows) expect(row).toMatch(/^(?:\| \S.* ){4}\|$/)
})
