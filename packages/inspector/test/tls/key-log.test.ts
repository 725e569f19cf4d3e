import { expect, test } from 'vitest'
import { KeyLog } from '../../src/tls/key-log.ts'

const random = 'ab'.repeat(32)
const randomBytes = Buffer.from(random, 'hex')

test('takes lines, and no others', () => {
  const log = new KeyLog()
  log.add('# a comment')
  log.add('')
  log.add(`CLIENT_RANDOM ${random.slice(2)} 00`)
  log.add(`CLIENT_RANDOM ${random} nothex`)
  expect(log.find('CLIENT_RANDOM', randomBytes)).toBeUndefined()
  log.add(`CLIENT_RANDOM ${random.toUpperCase()} 0011FF\n`)
  expect(log.find('CLIENT_RANDOM', randomBytes)).toEqual(Buffer.from('0011ff', 'hex'))
  expect(log.find('SERVER_TRAFFIC_SECRET_0', randomBytes)).toBeUndefined()
})

test('takes a file with any line ends', () => {
  const log = new KeyLog()
  log.addFile(`# OpenSSL\r\nCLIENT_RANDOM ${random} 01\r\nEXPORTER_SECRET ${random} 02\n`)
  expect(log.find('CLIENT_RANDOM', randomBytes)).toEqual(Buffer.from([1]))
  expect(log.find('EXPORTER_SECRET', randomBytes)).toEqual(Buffer.from([2]))
})

test('tells its readers that it has grown, and when it is complete', () => {
  const log = new KeyLog()
  let told = 0
  const stop = log.onGrowth(() => (told += 1))
  log.add('not a line')
  expect(told).toBe(0)
  log.addFile(`CLIENT_RANDOM ${random} 01\nEXPORTER_SECRET ${random} 02`)
  expect(told).toBe(1)
  expect(log.complete).toBe(false)
  log.finish()
  expect([told, log.complete]).toEqual([2, true])
  stop()
  log.add(`CLIENT_RANDOM ${random} 03`)
  expect(told).toBe(2)
})
