import type { Language, Text } from 'centouno/telling'

/** What listens. */
interface Listening {
  readonly port: number
}

const portsToTry = 20
const anyPort = 0

/**
 * Starts what listens: on the port that was asked for, or else on the preferred one, which gives way to the next free one.
 *
 * @throws Error, with words for the user, for a port that was asked for and is taken or refused.
 */
export async function onPort<Started extends Listening>(
  asked: number | undefined,
  preferred: number,
  language: Language,
  start: (port: number) => Promise<Started>,
): Promise<Started> {
  if (asked !== undefined) {
    return start(asked).catch((error: unknown) => {
      throw isTaken(error) ? new Error(portRefused(asked)[language], { cause: error }) : error
    })
  }
  for (let candidate = preferred; candidate < preferred + portsToTry; candidate += 1) {
    try {
      return await start(candidate)
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
  return start(anyPort)
}

/** What to say of a port that is another one than the user expects; undefined when it is the expected one. */
export function movedTo(
  { port }: Listening,
  asked: number | undefined,
  preferred: number,
  language: Language,
): string | undefined {
  const wanted = asked ?? preferred
  return wanted === anyPort || wanted === port ? undefined : portTaken(wanted, port)[language]
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}

function portRefused(port: number): Text {
  return {
    en: `Port ${port} cannot be had: it is taken, or not allowed. Choose another one, or leave --port out.`,
    zh: `无法使用端口 ${port}：已被占用或没有权限。请换一个端口，或去掉 --port。`,
  }
}

function portTaken(wanted: number, found: number): Text {
  return { en: `Port ${wanted} is taken; using ${found}.`, zh: `端口 ${wanted} 已被占用，改用 ${found}。` }
}
