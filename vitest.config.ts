import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

// Tests run against the sources, so that a failing line is the line one edits.
const conditions = ['source', ...defaultServerConditions]

/** What measures memory, or how long others wait, has the machine to itself: file after file, when all others are through. */
const alone = [
  'packages/centouno/test/abuse/{advisories-memory,deflate-bomb,figures,handshake-storm,soak}.test.ts',
  'packages/centouno/test/socket/large-message.test.ts',
]

/** What needs modules or a process of its own: it mocks modules, runs other suites, waits, or looks at all that is held. */
const apart = [
  'packages/centouno/test/abuse/kept-waiting.test.ts',
  // Counts the timers of its process: sockets that another file has left open would set theirs meanwhile.
  'packages/centouno/test/client/check-options.test.ts',
  'packages/centouno/test/client/watched.test.ts',
  'packages/centouno/test/socket/inbox.test.ts',
  'packages/centouno/test/socket/memory.test.ts',
]

/** What has to take every branch of the protocol by itself. */
const protocol = ['packages/centouno/test/protocol/**/*.test.ts']

/** A process for each file would cost more than most files take: each worker keeps its modules and runs many. */
const sharing = { isolate: false }

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Only a test that hangs takes so long: a machine may be slow, and busy with others.
    setupFiles: process.env['PLAIN_PATHS'] === undefined ? [] : ['packages/centouno/test/support/plain-paths.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // One more than there are cores, on two of them: many tests wait, for a browser, a process or a time.
    maxWorkers: '150%',
    coverage: {
      provider: 'v8',
      include: ['packages/centouno/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'bench/test/**/*.test.ts'],
          exclude: [...alone, ...apart, ...protocol],
          ...sharing,
        },
      },
      { extends: true, test: { name: 'protocol', include: protocol, ...sharing } },
      { extends: true, test: { name: 'apart', include: apart } },
      {
        extends: true,
        test: { name: 'alone', include: alone, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
