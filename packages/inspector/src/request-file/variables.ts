import type { SavedRequest } from './request-file.ts'
import { RequestFileError } from './request-file-error.ts'

/** Where the values of variables come from. */
export interface VariableValues {
  readonly named: ReadonlyMap<string, string>
  /** For `{{env:NAME}}`: secrets stay out of the file. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Values may be made of other variables; deeper than this they go in circles. */
const deepest = 8

/**
 * The request with every `{{name}}` replaced.
 *
 * @throws RequestFileError (`VARIABLE_UNKNOWN`, `ENVIRONMENT_UNKNOWN`)
 */
export function fillRequest(request: SavedRequest, values: VariableValues): SavedRequest {
  const fill = (text: string): string => fillVariables(text, values)
  const { proxy } = request.settings
  return {
    ...request,
    url: fill(request.url),
    fields: request.fields.map(([name, value]) => [name, fill(value)] as const),
    subprotocols: request.subprotocols.map(fill),
    origin: fill(request.origin),
    settings: { ...request.settings, proxy: proxy === undefined ? undefined : fill(proxy) },
    conversation: request.conversation.map(fill),
  }
}

/** The same for one text. */
export function fillVariables(text: string, values: VariableValues, depth = 0): string {
  return text.replace(/\{\{\s*(env:)?([A-Za-z_][\w-]*)\s*\}\}/g, (_whole, fromEnvironment, name: string) => {
    if (fromEnvironment !== undefined) {
      const value = values.environment[name]
      if (value === undefined) throw new RequestFileError('ENVIRONMENT_UNKNOWN', undefined, { name })
      return value
    }
    const value = values.named.get(name)
    if (value === undefined || depth === deepest) throw new RequestFileError('VARIABLE_UNKNOWN', undefined, { name })
    return fillVariables(value, values, depth + 1)
  })
}
