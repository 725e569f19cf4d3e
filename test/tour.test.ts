import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { connect } from 'centouno'
import { expect, test } from 'vitest'
import { startDemo } from '../packages/inspector/src/demo/demo-server.ts'
import { LiveLadder } from '../packages/inspector/src/ladder/live-ladder.ts'
import type { Rung } from '../packages/inspector/src/wire/rung.ts'

/** The tour was written from a real connection once (scripts/tour.mjs): what it tells is still what is told today. */

const tours = {
  en: readFileSync(fileURLToPath(new URL('../docs/tour.md', import.meta.url)), 'utf8'),
  zh: readFileSync(fileURLToPath(new URL('../docs/tour.zh.md', import.meta.url)), 'utf8'),
}

function arrows(tour: string): string[] {
  return [...tour.matchAll(/^### (.*)$/gm)].map(([, arrow = '']) => arrow)
}

function bytesOf(tour: string): string[] {
  return [...tour.matchAll(/^[0-9a-f]{4} {2}.*$/gm)].map(([line]) => line)
}

test('both languages tell the same bytes', () => {
  expect(bytesOf(tours.en).length).toBeGreaterThan(40)
  expect(bytesOf(tours.zh)).toEqual(bytesOf(tours.en))
})

test('a connection made now has the same arrows above TCP, in the same order, in both languages', async () => {
  const demo = await startDemo({ port: 0, mode: 'echo', tls: true })
  const rungs: Rung[] = []
  const ladder = new LiveLadder((rung) => rungs.push(rung))
  const socket = await connect(`wss://localhost:${new URL(demo.url).port}/echo?room=42`, {
    origin: 'https://example.com',
    proxy: false,
    tls: { rejectUnauthorized: false },
    wire: ladder,
    observe: (change) => ladder.change(change),
  })
  void socket.send('hello')
  await socket[Symbol.asyncIterator]().next()
  await socket.close(1000, 'goodbye')
  await demo.close()
  for (const language of ['en', 'zh'] as const) {
    const told = rungs
      .filter(({ layer, label }) => layer !== 'tcp' && !label.en.startsWith('Application data'))
      .map(({ from, label }) => `${from === 'client' ? '→' : '←'} ${label[language]}`)
    // Where the goodbyes of the two sides fall between each other is theirs.
    const opening = told.slice(
      0,
      told.findIndex((arrow) => arrow.startsWith('→ Close')),
    )
    const written = arrows(tours[language]).filter((arrow) => !/SYN|FIN|ACK/.test(arrow))
    expect(
      written.slice(
        0,
        written.findIndex((arrow) => arrow.startsWith('→ Close')),
      ),
    ).toEqual([...new Set(opening)])
    expect(arrows(tours[language]).filter((arrow) => arrow.endsWith('FIN'))).toHaveLength(2)
  }
})
