import type { RuleRow } from '../rule-row.ts'
import { upgradeRequired } from '../upgrade-required.ts'
import { malformedVersion, namesDraft, severalVersions, unsupportedVersion } from './versions.ts'

/** Section 5 of the table: finding a version both sides speak. */
export const versionRules: readonly RuleRow[] = [
  {
    id: 'H-VER-01',
    clause: 'RFC 6455 §4.4',
    level: 'must',
    side: 'server',
    subject: 'request',
    sentence: {
      en: 'A version the server does not speak is answered with an HTTP error that lists the versions it does.',
      zh: '服务器不支持所要求的版本时，以 HTTP 错误作答，并列出自己支持的版本。',
    },
    sameFaultAs: 'H-REQ-12',
    refusal: upgradeRequired,
    applies: (facts) => severalVersions(facts) === undefined && malformedVersion(facts) === undefined,
    check: unsupportedVersion,
  },
  {
    id: 'H-VER-02',
    clause: 'RFC 6455 §4.3',
    level: 'must',
    side: 'both',
    subject: 'request',
    format: 'F6',
    sentence: {
      en: 'A version is a number from 0 to 255 without leading zeros.',
      zh: '版本是 0 到 255 之间的数，没有前导零。',
    },
    refusal: upgradeRequired,
    applies: ({ versions }) => versions.length > 0,
    check: malformedVersion,
  },
  {
    id: 'H-VER-03',
    clause: 'RFC 6455 §4.4, §11.3.5',
    level: 'may',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'A refusal may spread its versions over several lines; they are one list.',
      zh: '拒绝时，版本可以分写在几行里，它们合成一个列表。',
    },
  },
  {
    id: 'H-VER-04',
    clause: 'RFC 6455 §4.4',
    level: 'may',
    side: 'client',
    subject: 'conduct',
    sentence: {
      en: 'The client may repeat the handshake with a version the server listed.',
      zh: '客户端可以从服务器列出的版本里挑一个，重新握手。',
    },
  },
  {
    id: 'H-VER-05',
    clause: 'RFC 6455 §4.1(9)',
    level: 'note',
    side: 'server',
    subject: 'request',
    sentence: {
      en: 'Versions 0 to 12 were drafts; they are not spoken.',
      zh: '版本 0 到 12 是草案，不再使用。',
    },
    sameFaultAs: 'H-REQ-12',
    refusal: upgradeRequired,
    applies: namesDraft,
    check: unsupportedVersion,
  },
]
