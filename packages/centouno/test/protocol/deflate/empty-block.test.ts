import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { emptyBlockTail, emptyMessage, withoutTail } from '../../../src/protocol/deflate/empty-block.ts'
import { hex, join, toHex, utf8 } from '../wire.ts'

const flush = { finishFlush: constants.Z_SYNC_FLUSH }

test('RFC 7692 §7.2.3.1: a flushed stream loses its last four bytes', () => {
  expect(toHex(withoutTail(deflateRawSync('Hello', flush)))).toBe('f2 48 cd c9 c9 07 00')
})

test('RFC 7692 §7.2.2: with the bytes put back the message is there', () => {
  expect(inflateRawSync(join(hex('f2 48 cd c9 c9 07 00'), emptyBlockTail), flush)).toEqual(Buffer.from(utf8('Hello')))
})

test('RFC 7692 §7.2.3.6: an empty message is one byte', () => {
  expect(toHex(withoutTail(new Uint8Array(0)))).toBe('00')
  expect(inflateRawSync(join(emptyMessage, emptyBlockTail), flush)).toHaveLength(0)
})
