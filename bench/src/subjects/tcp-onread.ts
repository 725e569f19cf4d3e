import { runSubject } from './subject.ts'
import { listenWithOnread } from './tcp.ts'

await runSubject(async () => ({ port: await listenWithOnread(), version: process.version }))
