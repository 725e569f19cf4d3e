import { isSecretField, type SecretPlaces } from '../../report/redaction.ts'
import { isPromiseLike } from '../../socket/handler-outcome.ts'
import { ServerInputError } from '../server-errors.ts'
import type { UpgradeRequest } from '../upgrade-request.ts'
import { bareObject } from './bare-object.ts'
import type { ParameterDeclaration, RequestInputs } from './declaration.ts'
import {
  parameterReader,
  type ParameterProblem,
  type ParameterReader,
  type ParameterReading,
  type ParameterValues,
} from './parameter-reader.ts'
import { isStandardSchema } from './standard-schema.ts'

/** The places of a request that parameters come from. */
export type ParameterPlace = keyof RequestInputs

/** What an endpoint expects, by place. */
export type InputDeclarations = { readonly [Place in ParameterPlace]?: ParameterDeclaration }

/** What is wrong with a parameter, and where it stands. */
export interface PlacedProblem extends ParameterProblem {
  readonly place: ParameterPlace
}

/** The declared inputs of a request, undefined where none are declared; or what is wrong with them. */
export type InputsReading =
  | { readonly ok: true; readonly inputs: RequestInputs | undefined }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] }

interface PlaceReader {
  readonly place: ParameterPlace
  readonly read: ParameterReader
  /** The declaration names each parameter, so that it says nothing of others. */
  readonly byName: boolean
}

/** Where nothing is declared: one for all requests. */
export const noInputs: Readonly<Record<string, never>> = Object.freeze({})

const nothingDeclared: InputsReading = { ok: true, inputs: undefined }

const everyPlace: readonly ParameterPlace[] = ['params', 'query', 'headers', 'cookies']

/** Reads the inputs of requests as an endpoint declares them. */
export class EndpointInputs {
  readonly #readers: readonly PlaceReader[]
  readonly #secrets: SecretPlaces

  /**
   * @param captured The names that the path pattern captures.
   * @throws ServerInputError (`PARAMETER`) for a declaration that cannot work.
   */
  constructor(declarations: InputDeclarations, captured: readonly string[], secrets: SecretPlaces) {
    const { params } = declarations
    if (params && !isStandardSchema(params)) checkCaptured(Object.keys(params), captured)
    this.#secrets = secrets
    this.#readers = everyPlace.flatMap((place) => {
      const declaration = declarations[place]
      if (!declaration) return []
      return [{ place, read: parameterReader(declaration), byName: !isStandardSchema(declaration) }]
    })
  }

  /** Waits only where a schema does. What a schema throws goes through. */
  read(request: UpgradeRequest, captured: Readonly<Record<string, string>>): InputsReading | Promise<InputsReading> {
    if (this.#readers.length === 0) return nothingDeclared
    const readings = this.#readers.map(({ place, read }) =>
      read(valuesOf(place, request, captured), (name) => this.#isSecret(place, name)),
    )
    if (readings.some(isPromiseLike)) {
      return Promise.all(readings).then((settled) => this.#collect(settled, captured))
    }
    return this.#collect(readings as readonly ParameterReading[], captured)
  }

  #collect(readings: readonly ParameterReading[], captured: Readonly<Record<string, string>>): InputsReading {
    const inputs: Record<ParameterPlace, unknown> = {
      params: captured,
      query: noInputs,
      headers: noInputs,
      cookies: noInputs,
    }
    const problems: PlacedProblem[] = []
    for (const [index, { place, byName }] of this.#readers.entries()) {
      const reading = readings[index]
      if (reading?.ok === true) {
        // What the pattern captures and nobody declares stays as it is.
        const kept = place === 'params' && byName
        inputs[place] = kept ? Object.assign(bareObject(), captured, reading.value) : reading.value
      } else if (reading) {
        for (const { name, problem } of reading.problems) problems.push({ place, name, problem })
      }
    }
    return problems.length > 0 ? { ok: false, problems } : { ok: true, inputs }
  }

  #isSecret(place: ParameterPlace, name: string): boolean {
    if (place === 'cookies') return true
    if (place === 'headers') return isSecretField(name) || name.toLowerCase() === 'sec-websocket-protocol'
    return place === 'query' && this.#secrets.queryParameters.has(name.toLowerCase())
  }
}

function checkCaptured(names: readonly string[], captured: readonly string[]): void {
  for (const name of names) {
    if (captured.includes(name)) continue
    throw new ServerInputError(
      'PARAMETER',
      `The path captures no parameter ${JSON.stringify(name)}: write ":${name}" into it, or leave it out of \`params\`.`,
    )
  }
}

function valuesOf(
  place: ParameterPlace,
  request: UpgradeRequest,
  captured: Readonly<Record<string, string>>,
): ParameterValues {
  switch (place) {
    case 'params':
      return { of: (name) => present(captured[name]), names: () => Object.keys(captured) }
    case 'query':
      return {
        of: (name) => request.searchParams.getAll(name),
        names: () => [...new Set(request.searchParams.keys())],
      }
    case 'headers':
      return {
        of: (name) => present(request.header(name)),
        names: () => [...new Set(request.head.fields.map((field) => field.name.toLowerCase()))],
      }
    case 'cookies':
      return {
        of: (name) => present(request.cookie(name)),
        names: () => [...new Set(request.allCookies.map((cookie) => cookie.name))],
      }
  }
}

function present(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value]
}
