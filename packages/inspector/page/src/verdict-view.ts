import { fillText, statusCodes } from 'centouno/telling'
import type { Language, Text } from 'centouno/telling'
import { isDistrust, lookNevertheless } from '../../src/telling/certificate-distrust.ts'
import type { ConnectionView, Phase, ToldClosing } from './connection-model.ts'
import { stageTimeline } from './stage-timeline.ts'
import { stageWords, words } from './words.ts'
import { endText } from '../../src/telling/passed-end.ts'
import { verdictWords } from '../../src/telling/verdict-words.ts'

/** The verdict as the banner shows it. */
export interface VerdictView {
  readonly tone: 'calm' | 'going' | 'good' | 'bad'
  /** Empty when there is none to show. */
  readonly code: string
  readonly sentence: string
  /** What to do, or how it ended; empty when there is nothing to add. */
  readonly more: string
}

const toneOf: Readonly<Record<Phase, VerdictView['tone']>> = {
  idle: 'calm',
  connecting: 'going',
  open: 'good',
  closing: 'going',
  closed: 'calm',
  failed: 'bad',
  lost: 'bad',
}

/** What the page says about the connection in one sentence, and what it adds. */
export function verdictView(connection: ConnectionView, language: Language): VerdictView {
  const { phase, verdict, closing } = connection
  const tone = closing !== null && !closing.clean ? 'bad' : toneOf[phase]
  const plain = (sentence: Text, more?: Text): VerdictView => ({
    tone,
    code: '',
    sentence: sentence[language],
    more: more?.[language] ?? '',
  })
  if (phase === 'idle') return plain(words.idleSentence, words.idleHint)
  if (phase === 'lost') return plain(words.lostSentence)
  if (verdict === null) {
    if (phase === 'failed') return plain(words.refusedSentence)
    return { tone, code: '', sentence: goingOn(connection, language), more: '' }
  }
  if (closing !== null) return { tone, ...closedView(closing, connection.tapped || connection.recorded, language) }
  const { sentence, hint } = verdictWords(verdict, language)
  const more = isDistrust(verdict.code) ? [hint, lookNevertheless.page[language]] : [hint]
  return { tone, code: verdict.code, sentence, more: joined(more, language) }
}

function goingOn(connection: ConnectionView, language: Language): string {
  const stage = stageTimeline(connection).find(({ state }) => state === 'going')
  if (stage === undefined) return words.startingSentence[language]
  return fillText(words.connectingSentence, { stage: stageWords[stage.name].does[language] })[language]
}

function closedView(closing: ToldClosing, watched: boolean, language: Language): Omit<VerdictView, 'tone'> {
  const { code, sentence, hint } = endText(closing, language, watched)
  const meaning = statusCodes.find((row) => row.code === closing.code)?.meaning[language]
  // END_CLOSED tells its status code itself; of the others it is all that a browser would say.
  const status =
    meaning === undefined || code === 'END_CLOSED'
      ? ''
      : fillText(words.statusCode, { code: closing.code, meaning })[language]
  return { code, sentence, more: joined([hint, status], language) }
}

function joined(parts: readonly string[], language: Language): string {
  return parts.filter((part) => part !== '').join(language === 'zh' ? '' : ' ')
}
