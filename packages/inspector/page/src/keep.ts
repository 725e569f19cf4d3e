import { reactive, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { fillRequest } from '../../src/request-file/variables.ts'
import type { SavedRequest } from '../../src/request-file/request-file.ts'
import { pastAttempt, readPast, remembering } from './attempt-history.ts'
import type { PastAttempt } from './attempt-history.ts'
import { orderFrom } from './connect-order.ts'
import { readLibrary, withRequest } from './request-library.ts'
import { saidLines } from './said-lines.ts'
import { replaceSecrets, requestFrom } from './saved-request.ts'
import { recall, remember } from './stored.ts'
import type { Tab } from './tab.ts'
import { tabName } from './tab.ts'

const libraryKey = 'centouno.requests'
const historyKey = 'centouno.history'

/** What the page keeps from one time to the next. */
export interface Keep {
  /** The file of saved requests. */
  readonly library: ShallowRef<string>
  /** Values of `{{env:NAME}}`: in memory only, so that secrets are stored nowhere. */
  readonly environment: Map<string, string>
  readonly past: ShallowRef<readonly PastAttempt[]>
  /** Puts the request that the tab's form makes, and what was said on its connection, into the file. */
  readonly save: (tab: Tab) => void
  /** To be called when an attempt has come to its result. */
  readonly attempted: (tab: Tab) => void
  /**
   * The request with its variables filled.
   *
   * @throws RequestFileError
   */
  readonly filled: (request: SavedRequest) => SavedRequest
}

export function startKeep(): Keep {
  const library = shallowRef(recall(libraryKey) ?? '')
  const past = shallowRef(readPast(recall(historyKey)))
  const environment = reactive(new Map<string, string>())
  watch(library, (text) => remember(libraryKey, text))
  watch(past, (attempts) => remember(historyKey, JSON.stringify(attempts)))

  return {
    library,
    environment,
    past,
    save(tab) {
      const conversation = saidLines(tab.connection.value.messages)
      const request = requestFrom(orderFrom(tab.form, ''), tabName(tab), conversation)
      const safe = replaceSecrets(request, (place, secret) => {
        const name = environmentName(place)
        environment.set(name, secret)
        return `{{env:${name}}}`
      })
      library.value = withRequest(library.value, safe)
    },
    attempted(tab) {
      const { connection } = tab
      const request = requestFrom(orderFrom(tab.form, ''), '')
      past.value = remembering(past.value, pastAttempt(request, connection.value, new Date().toISOString()))
    },
    filled(request) {
      const reading = readLibrary(library.value)
      const named = new Map(reading.ok ? reading.file.variables : [])
      return fillRequest(request, { named, environment: Object.fromEntries(environment) })
    },
  }
}

/** `X-Api-Key` goes by `X_API_KEY`. */
function environmentName(place: string): string {
  const name = place.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  return /^[A-Z_]/.test(name) ? name : `_${name}`
}
