import { expect, test } from 'vitest'
import { inRequest } from './found.ts'

/** What the rules on the version say: H-REQ-12, H-REQ-13, H-VER-02. */
function told(version: string | readonly string[] | undefined): string[] {
  const changes = { fields: { 'Sec-WebSocket-Version': version } }
  return ['H-REQ-12', 'H-REQ-13', 'H-VER-02'].map((id) => inRequest(id, changes).replace(/^idle$/, 'kept'))
}

const several = (shown: string): string => `broken: \`Sec-WebSocket-Version\` is ${shown}: more than one version.`

test.each([
  ['13', ['kept', 'kept', 'kept']],
  [undefined, ['broken: There is no `Sec-WebSocket-Version` field.', 'kept', 'kept']],
  ['8', ['broken: `Sec-WebSocket-Version` is `8`, a draft of the protocol.', 'kept', 'kept']],
  ['14', ['broken: `Sec-WebSocket-Version` is `14`.', 'kept', 'kept']],
  [
    ['13', '8'],
    ['kept', several('`13`, `8`'), 'kept'],
  ],
  [
    ['8', '13'],
    ['kept', several('`8`, `13`'), 'kept'],
  ],
  ['13, 8', ['kept', several('`13, 8`'), 'kept']],
  ['013', ['kept', 'kept', 'broken: `Sec-WebSocket-Version` is `013`: no number from 0 to 255 without leading zeros.']],
  ['256', ['kept', 'kept', 'broken: `Sec-WebSocket-Version` is `256`: no number from 0 to 255 without leading zeros.']],
])('%j is told once: %j', (version, sentences) => {
  expect(told(version)).toEqual(sentences)
})
