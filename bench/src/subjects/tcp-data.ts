import { runSubject } from './subject.ts'
import { listenWithData } from './tcp.ts'

await runSubject(async () => ({ port: await listenWithData(), version: process.version }))
