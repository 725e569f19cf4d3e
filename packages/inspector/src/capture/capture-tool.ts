import { isIP } from 'node:net'
import type { Endpoint } from '../tcp/tcp-packet.ts'

/** A program that captures packets and writes them to its output. */
export interface CaptureTool {
  readonly name: string
  /** The command, and what it may be called where the search path lacks the system's own programs. */
  readonly commands: readonly string[]
  readonly arguments: (order: CaptureOrder) => readonly string[]
  /** What it writes to its error output once it captures: every packet from then on is seen. */
  readonly ready: RegExp
}

/** What to capture. */
export interface CaptureOrder {
  /** The name of the interface; undefined for the tool's own choice. */
  readonly interface: string | undefined
  /** In the language of pcap-filter(7). */
  readonly filter: string
  /** Bytes to keep of each packet; undefined for all. */
  readonly keep?: number
}

/**
 * What the kernel may hold until the tool comes round to it. By default it is 2 MiB, which is eight packets when all of
 * each is kept: a busy machine loses the rest of the connection.
 */
const bufferMiB = 32
const kibibytes = 1024

/** The tools in the order in which they are tried. */
export const captureTools: readonly CaptureTool[] = [
  {
    name: 'tcpdump',
    commands: ['tcpdump', '/usr/sbin/tcpdump', '/sbin/tcpdump'],
    // No promiscuous mode and no names; each packet is handed on at once, by the kernel as by the tool.
    arguments: (order) => [
      ...interfaceOf(order),
      ...keepOf(order),
      '-B',
      String(bufferMiB * kibibytes),
      '-p',
      '-n',
      '--immediate-mode',
      '-U',
      '-w',
      '-',
      order.filter,
    ],
    ready: /listening on /,
  },
  {
    name: 'dumpcap',
    commands: ['dumpcap', '/Applications/Wireshark.app/Contents/MacOS/dumpcap'],
    arguments: (order) => [
      ...interfaceOf(order),
      ...keepOf(order),
      '-B',
      String(bufferMiB),
      '-p',
      '-q',
      '-f',
      order.filter,
      '-w',
      '-',
    ],
    ready: /^File: /m,
  },
]

function interfaceOf(order: CaptureOrder): readonly string[] {
  return order.interface === undefined ? [] : ['-i', order.interface]
}

function keepOf({ keep }: CaptureOrder): readonly string[] {
  return keep === undefined ? [] : ['-s', String(keep)]
}

/** A filter for TCP with these endpoints. What is no address is left to its port alone. */
export function filterFor(endpoints: readonly Endpoint[]): string {
  const terms = endpoints.map(({ address, port }) => {
    // The zone of a link-local address is no part of what crosses.
    const [plain = ''] = address.split('%')
    return isIP(plain) === 0 ? `port ${Math.trunc(port)}` : `(host ${plain} and port ${Math.trunc(port)})`
  })
  return terms.length === 0 ? 'tcp' : `tcp and (${[...new Set(terms)].join(' or ')})`
}

/** The interface to capture on: all of them on Linux; elsewhere loopback for its own addresses, or the tool's choice. */
export function interfaceFor(endpoints: readonly Endpoint[], platform: NodeJS.Platform): string | undefined {
  if (platform === 'linux') return 'any'
  const loopback = endpoints.every(({ address }) => address === '::1' || address.startsWith('127.'))
  return loopback && endpoints.length > 0 && platform !== 'win32' ? 'lo0' : undefined
}
