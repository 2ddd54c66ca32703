import type { Position } from '../error.ts'
import type { Value } from '../stacks/value.ts'
import type { Condition } from './condition.ts'

/** A text of a workflow file and where it stands. */
export interface Text {
  readonly text: string
  readonly at: Position
}

/** Variables by name; values may be templates. */
export type Variables = ReadonlyMap<string, Text>

/** An Atmos workflow file. Its workflows are parsed when they are asked for: one that is wrong keeps no other from running. */
export interface WorkflowFile {
  /** Relative to the repository's root. */
  readonly file: string
  readonly workflows: ReadonlyMap<string, Value>
}

/** A coordinated run: steps one after another. */
export interface Workflow {
  readonly name: string
  readonly file: string
  readonly at: Position
  readonly description: string | undefined
  readonly stack: Text | undefined
  readonly workingDirectory: Text | undefined
  readonly env: Variables
  /** Workflows that run before it, each once. */
  readonly after: readonly WorkflowName[]
  readonly steps: readonly Step[]
}

/** A workflow that is named in another one; without a file, one of the same file. */
export interface WorkflowName {
  readonly name: Text
  readonly file: Text | undefined
}

/** How often a failed step is tried again, and how long is waited in between. */
export interface Retry {
  /** Unlimited where undefined. */
  readonly attempts: number | undefined
  readonly backoff: 'constant' | 'linear' | 'exponential'
  readonly initialMs: number
  readonly maxMs: number | undefined
  readonly multiplier: number
}

interface StepFacts {
  /** `step1`, `step2`, … where the file gives none. */
  readonly name: string
  readonly at: Position
  readonly stack: Text | undefined
  readonly workingDirectory: Text | undefined
  readonly env: Variables
  readonly when: Condition | undefined
  /** When its failure is forgiven. */
  readonly forgiven: Condition | undefined
  /** Steps beside it that must have ended well before it. */
  readonly needs: readonly Text[]
  readonly retry: Retry | undefined
  readonly timeoutMs: number | undefined
  /** The combination of a matrix that the step was made for; empty elsewhere. */
  readonly matrix: Readonly<Record<string, string>>
}

/** One step as it is written. A `matrix` is a group with a copy of its steps for each combination. */
export type Step = StepFacts &
  (
    | { readonly kind: 'atmos'; readonly command: Text }
    | { readonly kind: 'shell'; readonly command: Text }
    | { readonly kind: 'script'; readonly script: Text; readonly interpreter: string }
    | { readonly kind: 'env'; readonly variables: Variables }
    | { readonly kind: 'group'; readonly steps: readonly Step[]; readonly failFast: boolean }
  )
