/**
 * The order in which broken rules speak for a refusal. A fault of the grammar comes first, since it makes the rest
 * doubtful; then from the outside inwards, so that a visitor who asks for a page hears that this is a WebSocket server
 * before hearing that the key is missing. Policy comes last: whom we want is told to those who can knock.
 */
export const requestTellingOrder: readonly string[] = [
  // The grammar, and framing that can be read in two ways.
  'H-SRV-25',
  'H-H1-11',
  'H-REQ-01',
  'H-H1-10',
  'H-H1-09',
  'H-H1-04',
  'H-H1-05',
  'H-H1-06',
  'H-H1-08',
  // The request as HTTP.
  'H-REQ-02',
  'H-REQ-03',
  'H-H1-01',
  'H-H1-03',
  'H-REQ-05',
  'H-H1-02',
  'H-REQ-04',
  // The wish for a WebSocket.
  'H-REQ-06',
  'H-REQ-07',
  'H-H1-07',
  'H-SRV-23',
  'H-SRV-24',
  'H-REQ-13',
  'H-VER-02',
  'H-REQ-12',
  'H-VER-01',
  'H-VER-05',
  'H-REQ-10',
  'H-REQ-08',
  'H-REQ-14',
  'H-REQ-15',
  // Policy.
  'H-REQ-11',
  'H-SRV-06',
]

/** The order in which broken rules speak for a failed handshake: the message as a whole, then its fields. */
export const responseTellingOrder: readonly string[] = [
  'H-RES-11',
  'H-SRV-11',
  'H-RES-03',
  'H-SRV-12',
  'H-SRV-17',
  'H-RES-04',
  'H-SRV-13',
  'H-RES-05',
  'H-SRV-14',
  'H-SRV-15',
  'H-RES-07',
  'H-RES-06',
  'H-SRV-10',
  'H-RES-08',
  'H-RES-09',
  'H-SRV-09',
  'H-RES-10',
]
