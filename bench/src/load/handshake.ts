import type { LoadPlan } from '../measure/plan.ts'
import { latin1, openTcp, type Receiver, upgradeRequest } from './connection.ts'
import { Exchange, type Exchanger } from './exchange.ts'
import { closeFrame } from './frames.ts'
import type { Load } from './load.ts'

const addresses = 100

/** Connects, upgrades, closes with a closing handshake, and comes again: so many at a time. */
export function handshakeLoad(plan: LoadPlan): Load {
  return new Exchange(
    Array.from({ length: plan.connections }, (_, index) => visitor(plan, index)),
    1,
  )
}

function visitor({ port }: LoadPlan, index: number): Exchanger {
  const request = upgradeRequest()
  const close = closeFrame()
  let visits = index
  const exchanger: Exchanger = {
    send() {
      // A port that was used a moment ago cannot be used for the same pair of addresses: there are many addresses.
      const localAddress = `127.0.0.${2 + (visits++ % addresses)}`
      let head = ''
      let upgraded = false
      const receive: Receiver = (bytes, length) => {
        if (upgraded) return
        head += latin1(bytes, length)
        upgraded = head.includes('\r\n\r\n')
        if (upgraded) socket.write(close)
      }
      const socket = openTcp({ port, tls: false, framed: true, localAddress }, receive)
      socket.write(request)
      // Some peers reset a connection that is closed already; the visit is over either way.
      socket.on('error', () => {})
      socket.on('close', () => {
        if (!head.startsWith('HTTP/1.1 101')) throw new Error(`The peer refused: ${head}`)
        exchanger.whenAnswered()
      })
    },
    whenAnswered() {},
  }
  return exchanger
}
