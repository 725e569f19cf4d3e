import { rules } from 'centouno/telling'
import type { RuleSubject } from 'centouno/telling'

/** Which side of the wire a rule's line is on, and which line it is. */
export interface WirePlace {
  readonly side: 'request' | 'response'
  /** The field's name in lower case; `start` for the request or status line. */
  readonly part: string
}

const key = 'sec-websocket-key'
const accept = 'sec-websocket-accept'
const version = 'sec-websocket-version'
const protocol = 'sec-websocket-protocol'
const extensions = 'sec-websocket-extensions'

/** The line a rule is about, for the rules that are about one line. */
const partOfRule: ReadonlyMap<string, string> = new Map([
  ...lines(
    'start',
    'F2',
    'H-REQ-02',
    'H-REQ-03',
    'H-REQ-04',
    'H-H1-01',
    'H-URI-04',
    'H-SRV-11',
    'H-RES-01',
    'H-RES-11',
  ),
  ...lines('host', 'F3', 'H-REQ-05', 'H-H1-02', 'H-H1-03', 'H-URI-01', 'H-URI-05'),
  ...lines('upgrade', 'H-REQ-06', 'H-SRV-12', 'H-SRV-17', 'H-SRV-19', 'H-RES-03'),
  ...lines('connection', 'F4', 'H-REQ-07', 'H-H1-07', 'H-SRV-13', 'H-RES-04', 'H-TRAP-03'),
  ...lines(key, 'F5', 'H-REQ-08', 'H-REQ-09', 'H-REQ-10', 'H-TRAP-02'),
  ...lines('origin', 'F7', 'H-REQ-11', 'H-SRV-06', 'H-SEC-01', 'H-SEC-02', 'H-SEC-03'),
  ...lines(version, 'F6', 'H-REQ-12', 'H-REQ-13', 'H-VER-01', 'H-VER-02', 'H-VER-03', 'H-VER-05', 'H-RES-17'),
  ...lines(protocol, 'H-REQ-14', 'H-SRV-09', 'H-RES-09', 'H-RES-10', 'H-TRAP-04', 'H-SEC-07'),
  ...lines(extensions, 'H-REQ-15', 'H-SRV-10', 'H-SRV-16', 'H-RES-06', 'H-RES-07', 'H-RES-08', 'H-TRAP-01'),
  ...lines(extensions, 'H-EXT-01', 'H-EXT-02', 'H-EXT-03', 'H-EXT-04', 'H-EXT-05', 'H-EXT-07'),
  ...lines(accept, 'H-SRV-14', 'H-SRV-15', 'H-RES-05'),
])

function lines(part: string, ...ids: string[]): [id: string, part: string][] {
  return ids.map((id) => [id, part])
}

const subjectById: ReadonlyMap<string, RuleSubject> = new Map(rules.map(({ id, subject }) => [id, subject]))

/** Where a rule, or a format rule, can be pointed at on the wire; undefined when it is not about one line. */
export function placeOfRule(id: string): WirePlace | undefined {
  const part = partOfRule.get(id)
  if (part === undefined) return undefined
  return { side: subjectById.get(id) === 'response' ? 'response' : 'request', part }
}

/** The ids of the rules that speak of one line; format rules are left out, for their rows are here. */
export function rulesAbout({ side, part }: WirePlace): readonly string[] {
  return [...partOfRule]
    .filter(([id, at]) => at === part && subjectById.has(id) && placeOfRule(id)?.side === side)
    .map(([id]) => id)
}
