import { describe, expect, test } from 'vitest'
import { ruleRows } from '../src/protocol/handshake/rule-table.ts'
import type { Proofs } from './opening-handshake/proofs.ts'
import { requestProofs } from './opening-handshake/request-proofs.ts'
import { responseProofs } from './opening-handshake/response-proofs.ts'
import { serverProofs } from './opening-handshake/server-proofs.ts'

const proofs: Proofs = { ...requestProofs, ...serverProofs, ...responseProofs }

/** Rules of conduct that only a connection can show, with a network and a clock: their tests stand where it is made. */
const shownByConnections =
  'H-CON-01 H-CON-02 H-CON-03 H-CON-04 H-CON-05 H-CON-06 H-CON-07 H-CON-08 H-CON-09 H-CON-10 H-CON-11 H-CON-12 ' +
  'H-REQ-18 H-REQ-19 H-SRV-03 H-SRV-04 H-SRV-05 H-SRV-08 H-SRV-21 H-RES-01 H-RES-13 H-RES-14 H-RES-17 ' +
  'H-VER-03 H-VER-04 H-EXT-01 H-EXT-02 H-EXT-03 H-EXT-04 H-EXT-05 H-EXT-06 H-EXT-07 H-TRAP-05 H-TRAP-06'

const shownHere = ruleRows.flatMap(({ id, sentence }) => {
  const proof = proofs[id]
  return proof === undefined ? [] : [{ id, sentence: sentence.en, proof }]
})

describe('RFC 6455 §4, rule by rule', () => {
  test.each(shownHere)('$id: $sentence', ({ proof }) => {
    expect.hasAssertions()
    proof()
  })

  test('every rule is shown here, or is one of conduct that only a connection can show', () => {
    const connectionIds = shownByConnections.split(' ')
    const ids = ruleRows.map(({ id }) => id)
    expect([...Object.keys(proofs), ...connectionIds].toSorted()).toEqual(ids.toSorted())
    const judged = new Set(ruleRows.filter(({ subject }) => subject !== 'conduct').map(({ id }) => id))
    expect(connectionIds.filter((id) => judged.has(id))).toEqual([])
  })
})
