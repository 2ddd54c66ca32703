import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runAffectedCases, runFuzzEdits, runStackEdits } from './affected.ts'
import { runExecution, runExecutionExperiments } from './execution.ts'
import { KINDS } from './kinds.ts'
import { runMany, runManyExperiments } from './many.ts'
import type { Outcome } from './outcome.ts'
import { runCases, runFuzz, runStacks } from './stacks.ts'
import { runState } from './state.ts'
import { runTemplates } from './templates.ts'
import { runWorkflowCases, runWorkflowExperiments } from './workflows.ts'
import { runYaml } from './yaml.ts'

/** Runs what it can of a folder; ids that it leaves out count as failed. */
type Runner = (folder: string) => Outcome[] | Promise<Outcome[]>

const RUNNERS: Readonly<Record<string, readonly Runner[]>> = {
  stacks: [described(runStacks), runStackEdits],
  fuzz: [described(runFuzz), runFuzzEdits],
  cases: [described(runCases), runAffectedCases, runWorkflowExperiments, runExecutionExperiments, runManyExperiments],
  execution: [runExecution, runWorkflowCases, runMany],
  state: [runState],
  templates: [runTemplates],
  yaml: [runYaml],
}

/** A runner that is given the folder of all kinds, and ids that begin with the kind. */
function described(run: (folder: string) => Outcome[] | Promise<Outcome[]>): Runner {
  return async (folder) =>
    (await run(dirname(folder))).map((it) => ({
      ...it,
      id: it.id
        .replace(/^[a-z]+\//, '')
        .replace(/^([^/#]+)#stacks$/, (id, name) => (name.endsWith('.json') ? id : `${name}/stacks.json#0`)),
    }))
}

const here = dirname(fileURLToPath(import.meta.url))

/** The folder of recorded answers: AIRLOCK_CONFORMANCE, else beside the repository. */
export const conformanceFolder = resolve(here, '../..', process.env.AIRLOCK_CONFORMANCE || '../shared/conformance')
/** Whether somebody asked for a folder: then every case of it is asked to pass. */
export const isAskedFor = Boolean(process.env.AIRLOCK_CONFORMANCE)

/** Ids of the cases that are known to pass, one a line, sorted. */
const passingFile = join(here, 'passing.txt')

/** Answers of one folder, a case for every id that counts in it. */
export interface Result {
  readonly name: string
  readonly outcomes: readonly Outcome[]
  readonly passed: number
  readonly seconds: number
}

/** Names of the folders that are there, of those asked for. */
export function kindsThere(asked: readonly string[] = []): string[] {
  return KINDS.map(({ name }) => name).filter(
    (name) => (asked.length === 0 || asked.includes(name)) && existsSync(join(conformanceFolder, name)),
  )
}

/** Runs every case of one folder; ids are `<folder>/<file>#<id or index>`. */
export async function runKind(name: string): Promise<Result> {
  const begun = performance.now()
  const folder = join(conformanceFolder, name)
  const answered: Outcome[] = []
  for (const run of RUNNERS[name] ?? []) answered.push(...(await run(folder)))
  const found = new Map(answered.map((it) => [it.id, it]))
  const ids = KINDS.find((kind) => kind.name === name)!.ids(folder)
  const known = new Set(ids)
  const stray = [...found.keys()].find((id) => !known.has(id))
  if (stray !== undefined) throw new Error(`${name}/${stray} was run and does not count: its id is wrong`)
  const outcomes = ids.map((id): Outcome => {
    const it = found.get(id) ?? { id, pass: false, message: 'not yet: nothing runs this kind of case' }
    return { ...it, id: `${name}/${id}` }
  })
  const passed = outcomes.filter(({ pass }) => pass).length
  return { name, outcomes, passed, seconds: (performance.now() - begun) / 1000 }
}

/** `fuzz  1201/1409  8.1 s` */
export function summary({ name, outcomes, passed, seconds }: Result): string {
  return `${name.padEnd(10)} ${`${passed}/${outcomes.length}`.padStart(10)}   ${seconds.toFixed(1)} s`
}

/** The committed list of cases that pass. */
export function knownPassing(): ReadonlySet<string> {
  return new Set(existsSync(passingFile) ? readFileSync(passingFile, 'utf8').split('\n').filter(Boolean) : [])
}

/** Adds cases to the committed list; none is ever taken off it. Returns how many are new. */
export function addPassing(outcomes: readonly Outcome[]): number {
  const known = knownPassing()
  const all = new Set([...known, ...outcomes.filter(({ pass }) => pass).map(({ id }) => id)])
  writeFileSync(passingFile, [...[...all].sort(), ''].join('\n'))
  return all.size - known.size
}

/** Cases of the committed list that do not pass any more. */
export function broken({ outcomes }: Result): readonly Outcome[] {
  const known = knownPassing()
  return outcomes.filter(({ id, pass }) => !pass && known.has(id))
}

async function main(args: readonly string[]): Promise<void> {
  const flags = args.filter((arg) => arg.startsWith('--'))
  const asked = args.filter((arg) => !arg.startsWith('--'))
  const unknown = flags.find((flag) => !['--list-failures', '--add', '--list-broken'].includes(flag))
  if (unknown !== undefined || asked.some((name) => !KINDS.some((kind) => kind.name === name))) {
    console.error(
      `usage: run.ts [--list-failures] [--list-broken] [--add] [${KINDS.map(({ name }) => name).join(' | ')}]…`,
    )
    process.exitCode = 2
    return
  }
  const results: Result[] = []
  for (const name of kindsThere(asked)) {
    const result = await runKind(name)
    if (flags.includes('--list-failures'))
      for (const { id, pass, message } of result.outcomes) if (!pass) console.log(`${id}: ${message}`)
    if (flags.includes('--list-broken'))
      for (const { id, message } of broken(result)) console.log(`broken: ${id}: ${message}`)
    console.log(summary(result))
    results.push(result)
  }
  if (flags.includes('--add'))
    console.log(`${addPassing(results.flatMap(({ outcomes }) => outcomes))} added to the list of cases that pass`)
  if (results.length === 0) console.log(`nothing in ${conformanceFolder}`)
  process.exitCode = results.every(({ outcomes, passed }) => passed === outcomes.length) ? 0 : 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))
