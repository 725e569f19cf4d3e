import { describe, expect, test } from 'vitest'
import { formatRules, ruleById, ruleRows, rules } from '../../../src/protocol/handshake/rule-table.ts'
import { requestTellingOrder, responseTellingOrder } from '../../../src/protocol/handshake/telling-order.ts'

const companions = ruleRows.flatMap((row) => {
  const { id, subject } = row
  return row.subject === 'conduct' || row.sameFaultAs === undefined
    ? []
    : [{ id, subject, sameFaultAs: row.sameFaultAs }]
})

function refusing(subject: string): string[] {
  // Traps are tolerated, and so is H-SRV-18.
  const ids = ruleRows.filter((row) => row.subject === subject).map(({ id }) => id)
  return ids.filter((id) => !id.startsWith('H-TRAP') && id !== 'H-SRV-18').toSorted()
}

function sectionOf(id: string): string {
  return id.slice(0, -'-00'.length)
}

describe('the table of rules', () => {
  test('ids are unique and well-formed', () => {
    const ids = rules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^H-(?:URI|CON|REQ|SRV|RES|VER|EXT|H1|TRAP)-\d\d$/.test(id))).toEqual([])
  })

  test('within a section the rows stand in the order of their numbers', () => {
    const ids = rules.map(({ id }) => id)
    const sections = [...new Set(ids.map(sectionOf))]
    expect(sections).toEqual(['H-URI', 'H-CON', 'H-REQ', 'H-SRV', 'H-RES', 'H-VER', 'H-EXT', 'H-H1', 'H-TRAP'])
    expect(ids).toEqual(sections.flatMap((section) => ids.filter((id) => sectionOf(id) === section).toSorted()))
  })

  test('every row cites a clause and says what it asks in both languages', () => {
    for (const { clause, sentence } of rules) {
      expect(clause).toMatch(/^RFC \d{4} §\d+(?:\.\d+)*/)
      expect(sentence.en).toMatch(/^[A-Z`3-4].*\.$/)
      expect(sentence.zh).toMatch(/[\u4e00-\u9fff].*。$/)
    }
  })

  test('a rule that judges another one’s fault names a rule of the same message', () => {
    const subjects = new Map(ruleRows.map(({ id, subject }) => [id, subject]))
    expect(companions.length).toBeGreaterThan(0)
    expect(companions.filter(({ subject, sameFaultAs }) => subjects.get(sameFaultAs) !== subject)).toEqual([])
  })

  test('every rule that can refuse has its place in the telling order', () => {
    expect(requestTellingOrder.toSorted()).toEqual(refusing('request'))
    expect(responseTellingOrder.toSorted()).toEqual(refusing('response'))
  })

  test('a rule stands before those that tell its fault by another clause', () => {
    const order = [...requestTellingOrder, ...responseTellingOrder]
    expect(companions.filter(({ id, sameFaultAs }) => order.indexOf(sameFaultAs) > order.indexOf(id))).toEqual([])
  })

  test('ruleById gives the row, and throws for an id that is none', () => {
    expect(ruleById('H-REQ-07').clause).toBe('RFC 6455 §4.1(6), §4.2.1(4)')
    expect(() => ruleById('H-REQ-99')).toThrow(RangeError)
    expect(() => ruleById('__proto__')).toThrow(RangeError)
  })

  test('the seven format rules sum up the rows of a valid request', () => {
    expect(Object.fromEntries(formatRules.map(({ id, ruleIds }) => [id, ruleIds]))).toMatchObject({
      F2: ['H-REQ-02', 'H-REQ-03'],
      F3: ['H-REQ-05', 'H-H1-02', 'H-H1-03'],
      F4: ['H-REQ-06', 'H-REQ-07'],
      F5: ['H-REQ-08', 'H-REQ-09', 'H-REQ-10'],
      F6: ['H-REQ-12', 'H-REQ-13', 'H-VER-02'],
      F7: ['H-REQ-11', 'H-SRV-06'],
    })
    expect(formatRules.map(({ id }) => id)).toEqual(['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7'])
  })
})
