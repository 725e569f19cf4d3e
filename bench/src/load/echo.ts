import type { LoadCount, LoadPlan } from '../measure/plan.ts'
import { openConnection } from './connection.ts'
import { buildFrame, headerLength, samplePayload } from './frames.ts'
import { LatencyHistogram } from './latency.ts'
import type { Load } from './load.ts'

/**
 * Each connection writes one burst in one write, and the next as soon as all of it has come back. Replies are told by
 * their length alone: what they hold is the tests' concern.
 */
export async function echoLoad(plan: LoadPlan): Promise<Load> {
  const { payload, burst, framed } = plan
  const message = samplePayload(payload)
  const one = framed ? buildFrame(message, { text: plan.text, masked: true }) : message
  const out = Buffer.concat(Array.from({ length: burst }, () => one))
  const back = burst * (payload + (framed ? headerLength(payload, false) : 0))
  const latencies = new LatencyHistogram()

  let running = false
  let bursts = 0
  let inFlight = 0
  let quiet: (() => void) | undefined

  const idle: (() => void)[] = []
  const starts = await Promise.all(
    Array.from({ length: plan.connections }, async () => {
      const connection = await openConnection(plan)
      let missing = 0
      let sentAt = 0
      connection.receive = (_bytes, length) => {
        missing -= length
        if (missing > 0) return
        bursts++
        latencies.add((performance.now() - sentAt) * 1000)
        inFlight--
        if (running) next()
        else if (inFlight === 0) quiet?.()
      }
      return start

      function start(): void {
        inFlight++
        missing = back
        sentAt = performance.now()
        connection.socket.write(out)
      }

      // With more connections than are busy at a time, each waits for its turn after the others.
      function next(): void {
        if (idle.length === 0) return start()
        idle.push(start)
        idle.shift()?.()
      }
    }),
  )

  return {
    async measure(milliseconds: number): Promise<LoadCount> {
      latencies.clear()
      bursts = 0
      running = true
      const began = performance.now()
      const busy = plan.busy ?? starts.length
      idle.splice(0, idle.length, ...starts.slice(busy))
      for (const start of starts.slice(0, busy)) start()
      await new Promise<void>((resolve) => {
        quiet = resolve
        setTimeout(() => (running = false), milliseconds)
      })
      const took = performance.now() - began
      return { messages: bursts * burst, milliseconds: took, latency: burst === 1 ? percentiles(latencies) : undefined }
    },
  }
}

export function percentiles(latencies: LatencyHistogram): LoadCount['latency'] {
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => latencies.quantile(share))
  return p50 === undefined || p99 === undefined || p999 === undefined ? undefined : { p50, p99, p999 }
}
