import type { CodeRow } from '../code-row.ts'
import { rowsOf } from './row.ts'

/** What can happen at any stage, and the one good end. */
export const generalCodes: readonly CodeRow[] = [
  rowsOf('resolve')(
    'ABORTED',
    'local',
    {
      en: 'The attempt was given up on this side, in the stage "{stage}"[: {reason}].',
      zh: '本端在 {stage} 阶段放弃了这次连接[：{reason}]。',
    },
    {
      en: 'It was cancelled before it was open: by a person, or by the program, through the signal it gave to connect() or by closing the socket. To go on, connect again.',
      zh: '连接在打开之前被取消：由使用者取消，或由程序通过传给 connect() 的 signal 取消，或关闭了套接字。需要时请重新连接。',
    },
  ),
  rowsOf('resolve')(
    'UNEXPECTED',
    'local',
    {
      en: 'An error that was not foreseen ended the attempt in the stage "{stage}": {reason}.',
      zh: '在 {stage} 阶段，一个未预料到的错误结束了这次连接：{reason}。',
    },
    {
      en: 'This is a fault of the client itself. Please report it together with the cause.',
      zh: '这是客户端自身的缺陷。请连同 cause 一起反馈给我们。',
    },
  ),
  rowsOf('open')(
    'OPEN',
    'remote',
    {
      en: 'The connection is open[, with the subprotocol {subprotocol}].',
      zh: '连接已打开[，子协议为 {subprotocol}]。',
    },
    { en: '', zh: '' },
  ),
]
