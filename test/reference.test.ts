import { expect, test } from 'vitest'
import { codesPage } from '../scripts/reference/codes-page.ts'
import { rulesPage } from '../scripts/reference/rules-page.ts'

/** The reference is what the tables say. `npm run docs` writes it anew. */

test.each([
  ['codes', codesPage],
  ['rules', rulesPage],
])('docs/reference/%s.md is what the tables say', async (name, write) => {
  await expect(write()).toMatchFileSnapshot(`../docs/reference/${name}.md`)
})
