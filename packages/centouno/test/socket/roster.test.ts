import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Roster } from '../../src/socket/roster.ts'

interface Named {
  readonly name: number
}

test('does what a Set does, in the same order, whoever comes and goes', () => {
  const steps = fc.array(fc.record({ comes: fc.boolean(), name: fc.nat(7) }), { maxLength: 60 })
  fc.assert(
    fc.property(steps, (walk) => {
      const people: readonly Named[] = Array.from({ length: 8 }, (_, name) => ({ name }))
      const roster = new Roster<Named>()
      const set = new Set<Named>()
      for (const { comes, name } of walk) {
        const member = people[name] as Named
        const left = comes ? undefined : roster.delete(member)
        const gone = comes ? undefined : set.delete(member)
        if (comes) {
          roster.add(member)
          set.add(member)
        }
        expect(left).toBe(gone)
        expect(roster.has(member)).toBe(set.has(member))
        expect([...roster]).toEqual([...set])
        expect([roster.size, roster.first]).toEqual([set.size, [...set][0]])
      }
    }),
  )
})

test('a member may be in several, and leaves each alone', () => {
  const member = { name: 1 }
  const [one, other] = [new Roster<Named>(), new Roster<Named>()]
  one.add(member)
  other.add(member)
  one.delete(member)
  expect([one.has(member), other.has(member)]).toEqual([false, true])
})

test('members may leave while all of them are gone through', () => {
  const roster = new Roster<Named>()
  for (let name = 0; name < 5; name++) roster.add({ name })
  const seen: number[] = []
  for (const member of roster.members) {
    seen.push(member.name)
    for (const other of roster.members) roster.delete(other)
  }
  expect(seen).toEqual([0, 1, 2, 3, 4])
  expect([roster.size, roster.first]).toEqual([0, undefined])
})
