import type { HeadFault } from '../../http/head.ts'
import type { RefusalAnswer } from '../rule-row.ts'

/** 414 for a request line, 431 for fields (H-H1-11). */
export function tooLarge(fault: HeadFault | undefined): RefusalAnswer {
  return fault?.limit === 'startLine'
    ? {
        status: 414,
        hint: { en: 'Shorten the path or the query.', zh: '请缩短路径或查询部分。' },
      }
    : {
        status: 431,
        hint: {
          en: 'Send fewer or smaller fields; large cookies are the usual cause.',
          zh: '请减少首部字段或缩短内容；最常见的原因是 Cookie 太大。',
        },
      }
}
