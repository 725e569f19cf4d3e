import { describe, expect, test } from 'vitest'
import { ruleById } from '../../src/protocol/handshake/rule-table.ts'
import { verdictOf, verdictText } from '../../src/report/verdict.ts'

describe('verdictOf', () => {
  test('takes stage, sentence and hint from the table, in English', () => {
    expect(verdictOf('CONNECT_REFUSED', { address: '127.0.0.1:9', port: 9 })).toMatchObject({
      ok: false,
      stage: 'connect',
      sentence: 'Nothing listens on 127.0.0.1:9: the host is there, but it refused the TCP connection.',
      hint: expect.stringContaining('Is 9 the right port?') as string,
    })
  })

  test('is good for OPEN only', () => {
    expect(verdictOf('OPEN', { subprotocol: 'chat' })).toMatchObject({
      ok: true,
      stage: 'open',
      sentence: 'The connection is open, with the subprotocol chat.',
      hint: '',
    })
  })

  test('takes the stage it is given', () => {
    expect(verdictOf('ABORTED', { stage: 'secure' }, 'secure').stage).toBe('secure')
  })
})

describe('verdictText', () => {
  test('says a verdict in either language', () => {
    const verdict = verdictOf('RESOLVE_NOT_FOUND', { host: 'nowhere.invalid' })
    expect(verdictText(verdict, 'en').sentence).toBe('There is no host named nowhere.invalid.')
    expect(verdictText(verdict, 'zh').sentence).toBe('找不到名为 nowhere.invalid 的主机。')
  })

  test('adds the rule that the server named to the hint', () => {
    const verdict = verdictOf('UPGRADE_BAD_REQUEST', { status: 400, refusal: 'H-REQ-08' })
    const rule = ruleById('H-REQ-08')
    expect(verdictText(verdict, 'en').hint).toContain(`The server names rule H-REQ-08: ${rule.sentence.en}`)
    expect(verdictText(verdict, 'zh').hint).toContain(`服务器指出的规则是 H-REQ-08：${rule.sentence.zh}`)
  })

  test('keeps the words of a code it does not know', () => {
    const verdict = { ...verdictOf('OPEN', {}), code: 'FROM_THE_FUTURE', sentence: 'New.', hint: 'Update.' }
    expect(verdictText(verdict, 'zh')).toMatchObject({ sentence: 'New.', hint: 'Update.' })
  })
})
