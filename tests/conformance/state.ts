import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { posix } from 'node:path'
import { UserError } from '../../src/error.ts'
import { outputsIn } from '../../src/flows/answer-late.ts'
import { describedComponent, describedStacks, type Source } from '../../src/flows/describe.ts'
import type { LoadableTree } from '../../src/git/repo.ts'
import type { Tree } from '../../src/git/tree.ts'
import type { Ambient } from '../../src/stacks/ambient.ts'
import { answers, type Question, type Reply, type Running, type StateValues } from '../../src/stacks/answers.ts'
import { sectionsIn } from '../../src/stacks/complete.ts'
import { ALL, finish } from '../../src/stacks/finish.ts'
import { instanceId } from '../../src/stacks/instance.ts'
import { resolveStacks } from '../../src/stacks/instances.ts'
import type { Plain } from '../../src/stacks/value.ts'
import { evaluateYq } from '../../src/stacks/yq.ts'
import { localStatePath } from '../../src/terraform/drivers/states.ts'
import { encode } from '../../src/yaml/encode.ts'
import { differs, type Run as ExecutionRun, inputs } from './execution.ts'
import { invocation } from './invocation.ts'
import { judgeLater, type Outcome, ROOT } from './outcome.ts'
import { type Files, names, readJson, treeOf } from './repos.ts'
import { describeOptions, scalar } from './stacks.ts'

interface Run extends ExecutionRun {
  readonly terraform?: 'real'
  readonly stdout?: string
}

/**
 * Runs the `describe` questions of a folder in the format of `conformance/state`. Outputs that Atmos has from `terraform
 * output` are read from the state that this would read.
 */
export async function runState(folder: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const file of names(folder).filter((name) => name.endsWith('.json'))) {
    const it = readJson<{ readonly files: Files; readonly runs: readonly Run[] }>(folder, file)
    const tree = treeOf(it.files)
    for (const [at, run] of it.runs.entries()) {
      const ran = plannedOutcome(tree, it.files, run)
      if (ran) outcomes.push({ id: `${file}#${at}`, ...ran })
      const ask = described(tree, { cwd: '', env: run.env ?? {}, gitRoot: undefined }, run.args)
      const isJson = run.args.includes('json')
      const expected = { code: run.code, json: isJson ? scalar(run.stdout ?? '') : (run.stdout ?? '') }
      if (ask)
        outcomes.push(
          await judgeLater(`${file}#${at}`, expected, async () => {
            const value = await ask()
            return isJson ? value : encode(value as Plain)
          }),
        )
    }
  }
  return outcomes
}

/** What a plan of one component, or its variables file, would be given; undefined for any other command. */
function plannedOutcome(tree: Tree, files: Files, run: Run): Omit<Outcome, 'id'> | undefined {
  const call = invocation(run.args)
  if (run.terraform || !call || !['plan', 'generate varfile'].includes(call.command)) return undefined
  try {
    const ambient = { cwd: '', env: run.env ?? {}, gitRoot: undefined }
    const stacks = resolveStacks(tree, ambient)
    const { merged, stack, ...found } = stacks.find(call.component, call.stack)
    const running: Running = { errorMode: 'strict', ask: (question) => replyAt(tree, ambient.env, question) }
    const { sections } = finish(stacks, merged, sectionsIn(stacks, { merged, stack, ...found }, false), {
      ...ALL,
      ...answers(stacks, running, instanceId(call.component, call.stack), stack),
    })
    const instance = stacks.instance(call.component, call.stack)
    // Of `generate` only the exit code was recorded.
    const message =
      call.command !== 'plan'
        ? undefined
        : differs(asRun(run), call, files, inputs(run, call, stacks, instance, tree, sections))
    return message === undefined ? { pass: true } : { pass: false, message }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return run.code === 0 ? { pass: false, message: `refused: ${error.message}` } : { pass: true }
  }
}

/** The recorded calls with their files as the execution cases have them. */
function asRun(run: Run): ExecutionRun {
  const calls = (run.calls ?? []).map((call) => ({
    ...call,
    files: Object.fromEntries(
      Object.entries(call.files ?? {}).map(([name, text]) => [
        name,
        typeof text === 'string' && text !== 'same' ? { text } : text,
      ]),
    ),
  }))
  return { ...run, calls }
}

function replyAt(tree: Tree, { TRACE_OUTPUT }: Ambient['env'], question: Question): Reply {
  if (question.kind !== 'outputs') return { kind: 'absent' }
  if (TRACE_OUTPUT) return { kind: 'outputs', outputs: JSON.parse(TRACE_OUTPUT) as StateValues }
  const text = tree.text(posix.relative(ROOT, localStatePath(question.ref)))
  return text?.trim() ? { kind: 'outputs', outputs: outputsIn(text, question.of) } : { kind: 'absent' }
}

/** What we answer to a recorded `describe stacks` or `describe component`; undefined for a command that is another, or has other flags. */
export function described(tree: Tree, ambient: Ambient, args: readonly string[]): (() => Promise<unknown>) | undefined {
  const asked = describeOptions(args)
  if (asked === undefined) return undefined
  const { component, stack, query, options } = asked
  return async () => {
    const source = sourceOf(tree, ambient)
    const { value } =
      component === undefined
        ? await describedStacks(source, options)
        : await describedComponent(source, component, stack!, options)
    if (query === undefined) return value
    const found = evaluateYq(query, value)
    if (found.kind === 'value') return found.value
    throw new UserError({ code: 'flag-value-invalid', message: `--query ${query}` })
  }
}

/** Recorded files as something that is described, with the states among them, and the terraform of the recordings. */
function sourceOf(tree: Tree, ambient: Ambient): Source {
  const { TRACE_OUTPUT, TRACE_FAIL } = ambient.env
  const loadable: LoadableTree = { ...tree, load: async () => {} }
  return {
    ambient,
    tree: async () => loadable,
    late: {
      states: {
        async text(ref) {
          if (TRACE_FAIL) throw new UserError({ code: 'state-unreadable', message: 'terraform failed' })
          if (TRACE_OUTPUT) return JSON.stringify({ outputs: JSON.parse(TRACE_OUTPUT) })
          const text = tree.text(posix.relative(ROOT, localStatePath(ref)))
          return text?.trim() ? text : undefined
        },
      },
      shell: {
        async run({ line }) {
          const { status, stdout } = spawnSync('/bin/sh', ['-c', line], { cwd: tmpdir(), encoding: 'utf8' })
          return { kind: 'exited', code: status ?? 1, output: stdout, durationMs: 0 }
        },
      },
      folder: ROOT,
      env: ambient.env,
    },
  }
}
