import type { PathParams } from '../path-pattern.ts'
import type { KindNotation, KindOutput } from './kind.ts'
import type { StandardSchema } from './standard-schema.ts'

/**
 * What an endpoint expects in one place of the request: each parameter by its name, or all of them by one schema.
 *
 * A schema of one parameter gets its text, an array of texts when it came several times, and undefined when it is absent.
 * A schema of a whole place gets an object of those.
 */
export type ParameterDeclaration = StandardSchema | { readonly [name: string]: KindNotation | StandardSchema }

/** The declaration of a place of which nothing is expected. */
export type NoDeclaration = Readonly<Record<never, never>>

type DeclaredOne<Rule> = Rule extends StandardSchema<infer Output> ? Output : KindOutput<Rule>

/** The values that a declaration gives. */
type Declared<Declaration> =
  Declaration extends StandardSchema<infer Output>
    ? Output
    : { readonly [Name in keyof Declaration]: DeclaredOne<Declaration[Name]> }

/** Path parameters: text as the pattern captures it, unless declared. */
type DeclaredParams<Path extends string, Declaration> =
  Declaration extends StandardSchema<infer Output>
    ? Output
    : {
        readonly [Name in keyof PathParams<Path> | keyof Declaration]: Name extends keyof Declaration
          ? DeclaredOne<Declaration[Name]>
          : Name extends keyof PathParams<Path>
            ? PathParams<Path>[Name]
            : never
      }

/** The values of a request by their places, as an endpoint declares them. */
export interface RequestInputs {
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly cookies: unknown
}

/** The inputs of a request of which nothing more is known. */
export interface AnyInputs {
  readonly params: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
  readonly cookies: Readonly<Record<string, unknown>>
}

/** The inputs of an endpoint's requests. */
export interface DeclaredInputs<Path extends string, Params, Query, Headers, Cookies> {
  readonly params: DeclaredParams<Path, Params>
  readonly query: Declared<Query>
  readonly headers: Declared<Headers>
  readonly cookies: Declared<Cookies>
}
