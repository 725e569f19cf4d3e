import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * Real reverse proxies, nginx and HAProxy, in the foreground and on loopback, with everything they write in a folder of
 * their own. No service is started, and none is touched.
 */

interface Running {
  readonly child: ChildProcess
  readonly folder: string
}

const running: Running[] = []

/** For `afterAll`. */
export async function stopReverseProxies(): Promise<void> {
  for (const { child, folder } of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
}

/** Ports of 127.0.0.1 on which nobody listens now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  const ports: number[] = []
  for (const server of servers) {
    if (!server.listening) await once(server, 'listening')
    ports.push((server.address() as AddressInfo).port)
  }
  for (const server of servers) {
    server.close()
    await once(server, 'close')
  }
  return ports
}

/** Makes a configuration; it may write files into the folder first. The first port is the one to wait for. */
type Configure = (ports: readonly number[], folder: string) => string | Promise<string>

const attempts = 3

async function run(
  command: (folder: string, file: string) => readonly [path: string, ...arguments_: string[]],
  count: number,
  configure: Configure,
): Promise<readonly number[]> {
  let said = ''
  // Between finding a port and listening on it somebody else may take it.
  for (let attempt = 0; attempt < attempts; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'centouno-proxy-'))
    const ports = await freePorts(count)
    const file = join(folder, 'proxy.conf')
    await writeFile(file, await configure(ports, folder))
    const [path, ...rest] = command(folder, file)
    const child = spawn(path, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
    running.push({ child, folder })
    said = ''
    const note = (chunk: Buffer): void => void (said += chunk.toString())
    child.stdout.on('data', note)
    child.stderr.on('data', note)
    if (await listens(child, ports[0] ?? 0)) return ports
  }
  throw new Error(`It does not start: ${said}`)
}

/** Milliseconds; both start within a few of them, and on a busy machine within some seconds. */
const lookEvery = 20
const looks = 1_500

/** True once the port takes connections; false when the process has ended instead. */
async function listens(child: ChildProcess, port: number): Promise<boolean> {
  const ended = once(child, 'exit').then(() => false)
  for (let look = 0; look < looks; look++) {
    if (child.exitCode !== null || child.signalCode !== null) return false
    const accepted = await Promise.race([ended, accepts(port)])
    if (accepted) return true
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, lookEvery))])
  }
  return false
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/**
 * Runs nginx.
 *
 * @param http What stands in its `http` block.
 * @returns The ports that the configuration was given.
 */
export function runNginx(path: string, count: number, http: Configure): Promise<readonly number[]> {
  return run(
    (folder, file) => [path, '-p', folder, '-e', 'stderr', '-c', file],
    count,
    async (ports, folder) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  types { text/html html; }
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
${await http(ports, folder)}
}
`,
  )
}

/** Runs HAProxy with this configuration. */
export function runHaproxy(path: string, count: number, configure: Configure): Promise<readonly number[]> {
  return run((_folder, file) => [path, '-db', '-f', file], count, configure)
}
