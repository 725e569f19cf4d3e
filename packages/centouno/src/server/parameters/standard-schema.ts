/*
 * The part of Standard Schema v1 (https://standardschema.dev) that is needed to validate: an interface that Zod,
 * Valibot, ArkType and others implement, so that none of them has to be a dependency.
 */

import { isRecord } from '../../socket/option-shapes.ts'

/** A schema of any library that implements Standard Schema v1. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

/** What validating gives: a value, or issues. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

/** One thing that is wrong with a value. */
export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export function isStandardSchema(value: unknown): value is StandardSchema {
  if (!isRecord(value) && typeof value !== 'function') return false
  const standard = '~standard' in value ? value['~standard'] : undefined
  return isRecord(standard) && typeof standard['validate'] === 'function'
}

/** The names on the way to what an issue is about. */
export function issuePath({ path = [] }: StandardIssue): string[] {
  return path.map((segment) => String(typeof segment === 'object' ? segment.key : segment))
}
