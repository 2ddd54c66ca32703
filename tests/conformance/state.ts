import { posix } from 'node:path'
import { UserError } from '../../src/error.ts'
import { fillIn } from '../../src/flows/fill-in.ts'
import type { World } from '../../src/flows/world.ts'
import { memoryRepo } from '../../src/git/drivers/memory.ts'
import type { Tree } from '../../src/git/tree.ts'
import { resolveStacks } from '../../src/stacks/instances.ts'
import { plain } from '../../src/stacks/value.ts'
import { localStatePath, parsedState } from '../../src/terraform/drivers/states.ts'
import { difference, type Outcome, ROOT } from './outcome.ts'
import { type Files, names, readJson, treeOf } from './repos.ts'
import { queried, scalar } from './stacks.ts'

interface Run {
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly terraform?: 'real'
  readonly code: number
  readonly stdout?: string
  readonly calls?: readonly unknown[]
}

/**
 * Runs the `describe component` questions of a folder in the format of `conformance/state` through what fills in late
 * values before a plan: an upstream that was never applied defers the plan, so it is an error here, as in mode `strict`.
 */
export async function runState(folder: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const file of names(folder).filter((name) => name.endsWith('.json'))) {
    const it = readJson<{ readonly files: Files; readonly runs: readonly Run[] }>(folder, file)
    const tree = treeOf(it.files)
    for (const [at, run] of it.runs.entries()) {
      const question = questionOf(run)
      if (question) outcomes.push({ id: `${file}#${at}`, ...(await outcomeOf(tree, run, question)) })
    }
  }
  return outcomes
}

interface Question {
  readonly component: string
  readonly stack: string
  readonly query: string
}

/** The question, where it is one that filling in answers. */
function questionOf({ args, terraform, calls }: Run): Question | undefined {
  const [describe, what, component, ...rest] = args
  if (describe !== 'describe' || what !== 'component' || terraform || calls) return undefined
  const flags = new Map<string, string>()
  for (let at = 0; at < rest.length; at += 2) flags.set(rest[at]!, rest[at + 1] ?? '')
  const [stack, query] = [flags.get('-s'), flags.get('--query')]
  const known = ['-s', '--format', '--query', '--error-mode']
  if (!component || !stack || !query || [...flags.keys()].some((flag) => !known.includes(flag))) return undefined
  return { component, stack, query }
}

async function outcomeOf(tree: Tree, run: Run, question: Question): Promise<Omit<Outcome, 'id'>> {
  try {
    const ours = await answer(tree, run.env ?? {}, question)
    if (run.code !== 0) return { pass: false, message: `accepted, but Atmos ends with ${run.code}` }
    const message = difference(scalar(run.stdout ?? ''), ours)
    return message === undefined ? { pass: true } : { pass: false, message }
  } catch (thrown) {
    if (!(thrown instanceof UserError)) return { pass: false, message: `crashed: ${(thrown as Error).stack}` }
    if (thrown.code === 'not-yet') return { pass: false, message: `not yet: ${thrown.message}` }
    return run.code !== 0 ? { pass: true } : { pass: false, message: `refused: ${thrown.message}` }
  }
}

async function answer(tree: Tree, env: Readonly<Record<string, string>>, question: Question): Promise<unknown> {
  const ambient = { cwd: '', env, gitRoot: undefined }
  const stacks = resolveStacks(tree, ambient)
  const instance = stacks.instance(question.component, question.stack)
  const world: Parameters<typeof fillIn>[0] = {
    ambient,
    repo: memoryRepo({ root: ROOT }),
    states: {
      async read(ref) {
        const path = localStatePath(ref)
        const text = tree.text(posix.relative(ROOT, path)) ?? ''
        return text.trim() === '' ? undefined : parsedState(text, path)
      },
    },
    vault: { hash: (text: string) => text } as unknown as World['vault'],
  }
  const result = await fillIn(world, { inventory: stacks.inventory() }, { instance }, () => undefined)
  if (result.kind === 'deferred')
    throw new UserError({ code: 'deferred', message: `waits for ${result.waitsFor.join(', ')}` })
  return queried(plain(result.sections), question.query)
}
