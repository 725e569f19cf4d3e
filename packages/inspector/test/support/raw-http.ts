import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** Sends a request, written out line by line, and resolves with all that came back until the server closed. */
export async function askRaw(port: number, lines: readonly string[]): Promise<string> {
  const stream = connect({ host: '127.0.0.1', port })
  stream.setTimeout(50_000, () => stream.destroy(new Error('No answer within 50 s.')))
  stream.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return text(stream)
}

/** Resolves with the start of what came back, up to the end of the head, and hangs up. */
export async function askRawHead(port: number, lines: readonly string[]): Promise<string> {
  const stream = connect({ host: '127.0.0.1', port })
  stream.setTimeout(50_000, () => stream.destroy(new Error('No answer within 50 s.')))
  stream.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  let received = ''
  for await (const chunk of stream) {
    received += String(chunk)
    if (received.includes('\r\n\r\n')) break
  }
  return received
}
