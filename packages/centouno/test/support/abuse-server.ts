import { closingCode } from '../../src/report/closing-text.ts'
import { endpoint } from '../../src/server/endpoint.ts'
import { listen, type ListenOptions } from '../../src/server/listen.ts'
import { answerQuestions } from './answering.ts'
import { countDescriptors, countHandles } from './figures.ts'
import { busy, LoopWatch } from './loop-watch.ts'

/**
 * The naive echo server that is attacked: default options (but for those it is started with), no error handler, the
 * promise of `send` ignored. It keeps count of how requests and connections ended, and nothing else.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as Partial<ListenOptions>
const refusals: Record<string, number> = {}
const ends: Record<string, number> = {}
let loop: LoopWatch | undefined

const server = await listen(
  {
    port: 0,
    host: '127.0.0.1',
    ...options,
    onRefused: ({ refusal }) => count(refusals, refusal.code),
  },
  endpoint('/', {
    message: (socket, data) => {
      void socket.send(data)
    },
    close: (_socket, closing) => count(ends, closingCode(closing)),
  }),
)

answerQuestions({
  port: () => server.port,
  sockets: () => server.sockets.size,
  counts: () => ({ refusals, ends }),
  handles: () => countHandles(),
  descriptors: () => countDescriptors(),
  busy: () => busy(),
  watchLoop: () => {
    loop?.stop()
    loop = new LoopWatch()
  },
  longestRound: () => loop?.longest,
})

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}
