import type { Lines } from './steps.ts'

/** What a job's token may do, by GitHub's names. */
export type Grants = Readonly<Record<string, 'read' | 'write'>>

/** A job of a workflow as it is written. */
export interface JobText {
  readonly key: string
  /** Why it is there, for who reads the file. */
  readonly why: Lines
  readonly name?: string
  readonly needs?: readonly string[]
  /** Lines of its condition. */
  readonly if?: Lines
  /** An expression that gives the list of its matrix. */
  readonly matrix?: string
  /** `deploys`: GitHub makes a deployment of it. */
  readonly environment?: { readonly name: string; readonly deploys?: boolean }
  readonly permissions: Grants
  readonly minutes: number
  readonly outputs?: Readonly<Record<string, string>>
  readonly steps: Lines
}

/** The job in YAML, below `jobs:`. */
export function jobLines(job: JobText, runsOn: string): string[] {
  const { key, why, name, needs, matrix, environment, permissions, outputs } = job
  return [
    ...why.map((line) => `  # ${line}`),
    `  ${key}:`,
    ...indented(4, [
      ...(name === undefined ? [] : [`name: ${name}`]),
      ...(needs === undefined ? [] : [`needs: ${needs.length === 1 ? needs[0] : `[${needs.join(', ')}]`}`]),
      ...condition(job.if),
      ...(matrix === undefined
        ? []
        : ['strategy:', '  fail-fast: false', '  matrix:', `    include: \${{ fromJSON(${matrix}) }}`]),
      `runs-on: ${runsOn}`,
      `timeout-minutes: ${job.minutes}`,
      ...environmentLines(environment),
      'permissions:',
      ...Object.entries(permissions).map(([scope, grant]) => `  ${scope}: ${grant}`),
      ...(outputs === undefined
        ? []
        : ['outputs:', ...Object.entries(outputs).map(([output, value]) => `  ${output}: ${value}`)]),
      'steps:',
      ...indented(2, job.steps),
    ]),
  ]
}

/** What any of the jobs may do: what a caller of all of them has to grant. */
export function union(jobs: readonly JobText[]): Grants {
  const all: Record<string, 'read' | 'write'> = {}
  for (const { permissions } of jobs)
    for (const [scope, grant] of Object.entries(permissions)) if (all[scope] !== 'write') all[scope] = grant
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function condition(lines: Lines | undefined): string[] {
  if (lines === undefined) return []
  if (lines.length === 1) return [`if: \${{ ${lines[0]} }}`]
  return ['if: >-', ...indented(2, lines)]
}

function environmentLines(environment: JobText['environment']): string[] {
  if (environment === undefined) return []
  const { name, deploys } = environment
  return deploys ? [`environment: ${name}`] : ['environment:', `  name: ${name}`, '  deployment: false']
}

function indented(columns: number, lines: Lines): string[] {
  return lines.map((line) => (line === '' ? line : ' '.repeat(columns) + line))
}
