import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { posix } from 'node:path'
import { UserError } from '../../src/error.ts'
import { describedComponent, describedStacks, type Source } from '../../src/flows/describe.ts'
import type { LoadableTree } from '../../src/git/repo.ts'
import type { Tree } from '../../src/git/tree.ts'
import type { Ambient } from '../../src/stacks/ambient.ts'
import type { Plain } from '../../src/stacks/value.ts'
import { evaluateYq } from '../../src/stacks/yq.ts'
import { localStatePath } from '../../src/terraform/drivers/states.ts'
import { encode } from '../../src/yaml/encode.ts'
import { judgeLater, type Outcome, ROOT } from './outcome.ts'
import { type Files, names, readJson, treeOf } from './repos.ts'
import { describeOptions, scalar } from './stacks.ts'

interface Run {
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly terraform?: 'real'
  readonly code: number
  readonly stdout?: string
  readonly calls?: readonly unknown[]
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
