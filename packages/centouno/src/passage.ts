/*
 * What programs import that carry the connections of others, and tell them: a tap. The inspector has one.
 */

export { openPassage, type PassageOptions } from './client/open-passage.ts'
export type { Passage, PassageOutcome } from './client/passage.ts'
export type { AcceptedResponse } from './protocol/handshake/judgement.ts'
