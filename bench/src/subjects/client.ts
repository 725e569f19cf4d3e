import type { SubjectPlan } from '../measure/plan.ts'
import { runSubject } from './subject.ts'

/** Sends bytes as one binary message. */
export type Send = (bytes: Uint8Array<ArrayBuffer>) => void

/** Connects, calls back for each message, and resolves once open. */
export type Connect = (url: string, received: () => void) => Promise<Send>

/** A client that acknowledges each burst it receives, or sends one whenever it is asked. */
export async function runClient(version: string, connect: Connect): Promise<void> {
  await runSubject(async (plan) => {
    await Promise.all(Array.from({ length: plan.connections ?? 1 }, () => openOne(plan, connect)))
    return { version }
  })
}

async function openOne({ role, url = '', payload, burst = 1 }: SubjectPlan, connect: Connect): Promise<void> {
  const message = new Uint8Array(payload).fill(0x61)
  const acknowledgement = new Uint8Array(1).fill(0x61)
  let count = 0
  const send = await connect(
    url,
    role === 'client-receive'
      ? () => {
          if (++count % burst === 0) send(acknowledgement)
        }
      : () => {
          for (let sent = 0; sent < burst; sent++) send(message)
        },
  )
}

// As much of the standard's class as is used here: five peers have it, each with types of its own.
interface StandardSocket {
  binaryType: string
  onopen: unknown
  onmessage: unknown
  onerror: unknown
  send(bytes: Uint8Array<ArrayBuffer>): void
}

/** For every client that is the standard's class. */
export function connectBy(open: (url: string) => unknown): Connect {
  return (url, received) =>
    new Promise((resolve, reject) => {
      const socket = open(url) as StandardSocket
      socket.binaryType = 'arraybuffer'
      socket.onmessage = received
      socket.onerror = () => reject(new Error('The client could not connect.'))
      socket.onopen = () => resolve((bytes) => socket.send(bytes))
    })
}
