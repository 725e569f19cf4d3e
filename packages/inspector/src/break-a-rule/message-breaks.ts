import type { Break } from './break.ts'
import { requestText, withField } from './opening-request.ts'
import type { OpeningRequest } from './opening-request.ts'

/** Beyond what any usual server takes of one field: 8 KiB (nginx, Apache), 16 KiB (Node). */
const hugeValue = 20_000
/** Beyond what usual servers take: Apache 100 fields, Node 2,000. */
const manyFields = 2_100

/** Breaks of HTTP's grammar, of its sizes, and of what follows the head. */
export const messageBreaks: readonly Break[] = [
  {
    id: 'blank-before-colon',
    rule: 'H-H1-04',
    part: 'syntax',
    name: { en: 'a blank before a colon', zh: '冒号前有空格' },
    falsify: (valid) => requestText(valid).replace('\r\nUpgrade:', '\r\nUpgrade :'),
  },
  {
    id: 'folded-field',
    rule: 'H-H1-05',
    part: 'syntax',
    name: { en: 'a field folded over two lines', zh: '一个字段折成两行' },
    allowed: {
      en: 'RFC 9112 §5.2 lets a server put blanks in place of the line break instead.',
      zh: 'RFC 9112 §5.2 允许服务器改为把换行替换成空格。',
    },
    falsify: (valid) => withLines(valid, 'X-Folded: one\r\n two\r\n'),
  },
  {
    id: 'nul-in-value',
    rule: 'H-H1-06',
    part: 'syntax',
    name: { en: 'a NUL in a value', zh: '字段值中有 NUL' },
    allowed: {
      en: 'RFC 9110 §5.5 lets a server put a blank in its place instead.',
      zh: 'RFC 9110 §5.5 允许服务器改为用空格替换它。',
    },
    falsify: (valid) => withLines(valid, 'X-Note: a\0b\r\n'),
  },
  {
    id: 'cr-in-value',
    rule: 'H-H1-06',
    part: 'syntax',
    name: { en: 'a lone CR in a value', zh: '字段值中有单独的 CR' },
    allowed: {
      en: 'RFC 9112 §2.2 lets a server put a blank in its place instead.',
      zh: 'RFC 9112 §2.2 允许服务器改为用空格替换它。',
    },
    falsify: (valid) => withLines(valid, 'X-Note: a\rb\r\n'),
  },
  {
    id: 'name-with-blank',
    rule: 'H-H1-09',
    part: 'syntax',
    name: { en: 'a field name with a blank', zh: '字段名含空格' },
    falsify: (valid) => withLines(valid, 'X Note: a\r\n'),
  },
  {
    id: 'line-without-colon',
    rule: 'H-H1-09',
    part: 'syntax',
    name: { en: 'a field without a colon', zh: '字段没有冒号' },
    falsify: (valid) => withLines(valid, 'X-Note\r\n'),
  },
  {
    id: 'lone-lf',
    rule: 'H-H1-10',
    part: 'syntax',
    name: { en: 'lines that end with LF alone', zh: '行尾只有 LF' },
    allowed: {
      en: 'RFC 9112 §2.2 lets a server take a lone LF for a line end.',
      zh: 'RFC 9112 §2.2 允许服务器把单独的 LF 当作行尾。',
    },
    falsify: (valid) => requestText(valid).replaceAll('\r\n', '\n'),
  },

  {
    id: 'large-field',
    rule: 'H-H1-11',
    part: 'size',
    name: { en: 'a field of 20,000 bytes', zh: '两万字节的字段' },
    allowed: {
      en: 'How large a field may be is for each server to say.',
      zh: '字段可以多大，由各服务器自行决定。',
    },
    falsify: (valid) => requestText(withField(valid, 'X-Large', 'a'.repeat(hugeValue))),
  },
  {
    id: 'many-fields',
    rule: 'H-H1-11',
    part: 'size',
    name: { en: '2,100 fields', zh: '2,100 个字段' },
    allowed: {
      en: 'How many fields there may be is for each server to say.',
      zh: '可以有多少个字段，由各服务器自行决定。',
    },
    falsify: (valid) => withLines(valid, 'X: 1\r\n'.repeat(manyFields)),
  },

  {
    id: 'body',
    rule: 'H-SRV-23',
    part: 'body',
    name: { en: 'a body of 5 bytes', zh: '带 5 字节的请求体' },
    allowed: {
      en: 'RFC 9110 §7.8 lets a server switch once it has read the body.',
      zh: 'RFC 9110 §7.8 允许服务器读完请求体之后再切换。',
    },
    falsify: (valid) => requestText(withField(valid, 'Content-Length', '5'), 'hello'),
  },
  {
    id: 'chunked-body',
    rule: 'H-SRV-23',
    part: 'body',
    name: { en: 'a chunked body', zh: '分块的请求体' },
    allowed: {
      en: 'RFC 9110 §7.8 lets a server switch once it has read the body.',
      zh: 'RFC 9110 §7.8 允许服务器读完请求体之后再切换。',
    },
    falsify: (valid) => requestText(withField(valid, 'Transfer-Encoding', 'chunked'), '5\r\nhello\r\n0\r\n\r\n'),
  },
  {
    id: 'two-lengths',
    rule: 'H-H1-08',
    part: 'body',
    name: { en: 'a length, and chunks', zh: '既有长度又分块' },
    allowed: {
      en: 'RFC 9112 §6.3 lets a server go by the chunks, if it drops the length and closes the connection afterwards.',
      zh: 'RFC 9112 §6.3 允许服务器以分块为准，但须丢弃长度，并在之后关闭连接。',
    },
    falsify: (valid) => {
      const withLength = withField(valid, 'Content-Length', '5')
      return requestText(withField(withLength, 'Transfer-Encoding', 'chunked'), '0\r\n\r\n')
    },
  },
  {
    id: 'expect-continue',
    rule: 'H-SRV-24',
    part: 'body',
    name: { en: 'Expect: 100-continue', zh: 'Expect: 100-continue' },
    allowed: {
      en: 'RFC 9110 §7.8 lets a server switch after a 100, since no body follows.',
      zh: 'RFC 9110 §7.8 允许服务器先发 100 再切换，因为后面没有请求体。',
    },
    falsify: (valid) => requestText(withField(valid, 'Expect', '100-continue')),
  },
]

/** Lines as they are, after the fields. */
function withLines(valid: OpeningRequest, lines: string): string {
  return requestText(valid).replace(/\r\n\r\n$/, `\r\n${lines}\r\n`)
}
