/*
 * Assembles packages/centouno/src/native/masking.wat into masking-module.ts beside it. With `--check` nothing is
 * written, and the exit code says whether the two still belong together.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import wabt from 'wabt'

const source = new URL('../packages/centouno/src/native/masking.wat', import.meta.url)
const target = new URL('../packages/centouno/src/native/masking-module.ts', import.meta.url)
const lineLength = 100

const { parseWat } = await wabt()
const { buffer } = parseWat('masking.wat', readFileSync(source, 'utf8'), { simd: true }).toBinary({})
const lines = Buffer.from(buffer)
  .toString('base64')
  .match(new RegExp(`.{1,${lineLength}}`, 'g'))
  .map((line) => `  '${line}'`)
const text = `// Assembled from masking.wat by \`npm run kernel\`.

/** A WebAssembly module, in base64. */
export const maskingModule: string =
${lines.join(' +\n')}
`

if (process.argv.includes('--check')) {
  process.exitCode = readFileSync(target, 'utf8') === text ? 0 : 1
} else {
  writeFileSync(target, text)
}
