import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { page, plainText, table } from './markdown.ts'

/*
 * Limits are documented where they are declared: what each bounds stands in the docstring of its interface, its default
 * and the reason beside the value. This page is read from there.
 */

const sources = fileURLToPath(new URL('../../packages/centouno/src/', import.meta.url))

/** Where limits are declared, and where their defaults are. */
const places: readonly (readonly [title: string, words: string, ...files: readonly string[]])[] = [
  [
    'A message and its frames',
    'Of both sides: `limits` of `connect` and of `listen` or `attach`.',
    'protocol/connection/limits.ts',
  ],
  [
    'Time',
    'Milliseconds; of both sides, in `limits`, too. `false` switches those off that may be.',
    'protocol/connection/timing.ts',
  ],
  ['What waits', 'In `limits` of a server.', 'socket/flow-limits.ts'],
  [
    'What waits to be sent',
    'In `outgoing` of `connect` and of an endpoint. `wait`: `send` refuses more. `drop-oldest`: the oldest make room. `close`: the connection is failed with 1013.',
    'socket/outgoing-budget.ts',
  ],
  ['The head of a request', 'In `limits` of a server.', 'protocol/http/head.ts', 'protocol/http/head-limits.ts'],
  ['A server', 'In `limits` of a server.', 'server/server-limits.ts'],
]

/** Every limit with its default, what it bounds, and why it is as it is. */
export function limitsPage(): string {
  return page(
    '# Limits',
    'All are on by default, unless the default is `false`, and each names itself when it strikes: in the refusal, in the Close frame, in the code of the end.',
    ...places.flatMap(([title, words, ...files]) => {
      const source = files.map((file) => readFileSync(sources + file, 'utf8')).join('\n')
      return [`## ${title}`, words, table(['limit', 'default', 'what it bounds', 'why so much'], limitRows(source))]
    }),
    '## The process',
    "`memory.limit` (`import { memory } from 'centouno'`): bytes that all sockets together may hold for their peers, a quarter of the memory of the machine or its container. Over it, the connection with the largest incomplete message is failed with 1013 and `MEMORY_EXHAUSTED`, then the next; after those, the ones for which the most waits to be sent.",
    '`handshakeTimeout`, an option of `connect` and of `listen` besides `limits`: milliseconds for a whole opening handshake, 10,000.',
  )
}

function limitRows(source: string): string[][] {
  const defaults = defaultsIn(source)
  return [...source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+): /g)].flatMap(
    ([, words = '', name = '']) => {
      const found = defaults.get(name)
      return found === undefined ? [] : [[`\`${name}\``, figure(found.value), prose(words), prose(found.reason)]]
    },
  )
}

/** The defaults by name; a comment speaks for the lines below it, up to the next. */
function defaultsIn(source: string): Map<string, { readonly value: string; readonly reason: string }> {
  const found = new Map<string, { value: string; reason: string }>()
  let reason = ''
  let inComment = false
  for (const line of source.split('\n')) {
    const comment = /^ {2}\/\/ (.*)$/.exec(line)?.[1]
    if (comment !== undefined) reason = inComment ? `${reason} ${comment}` : comment
    inComment = comment !== undefined
    const [, name = '', value] = /^ {2}(\w+): ([^,]+),$/.exec(line) ?? []
    if (value !== undefined) found.set(name, { value, reason })
  }
  return found
}

/** A value as people write it: `131,072`, `256 × 1024`. */
function figure(value: string): string {
  return value.replaceAll('_', ',').replaceAll(' * ', ' × ')
}

function prose(comment: string): string {
  return plainText(comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim())
}
