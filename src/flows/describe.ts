import { type AffectedFlags, affectedBetween, type DescribeFlags, dependentsIn } from '../affected/atmos/between.ts'
import { UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import type { LoadableTree, Repo } from '../git/repo.ts'
import type { Tree } from '../git/tree.ts'
import { redactText, type Secrets, secrets } from '../plan/secrets.ts'
import type { Ambient } from '../stacks/ambient.ts'
import type { ErrorMode, Running } from '../stacks/answers.ts'
import {
  type DescribeComponentOptions,
  type DescribeStacksOptions,
  describeComponent,
  describeStacks,
} from '../stacks/describe.ts'
import type { Instance } from '../stacks/instance.ts'
import { resolveStacks, type Stacks } from '../stacks/instances.ts'
import { sensitiveVariables } from '../stacks/modules.ts'
import { type Finding, validateStacks } from '../stacks/validate.ts'
import { type Plain, textsIn } from '../stacks/value.ts'
import { answering, type LateDoors } from './answer-late.ts'
import { commitOf } from './checkout.ts'

/** Files to describe as they lie on disk: the work tree of a repository, or a folder outside of any. */
export interface Source {
  readonly ambient: Ambient
  /** Undefined outside of a repository. */
  readonly repo?: Repo
  tree(): Promise<LoadableTree>
  /** What late values are answered from; without it a value that only a run can know is an error. */
  readonly late?: LateDoors
}

/** An answer, and how many values in it stand as `(computed)`, being there only after an apply. */
export interface Described {
  readonly value: Plain
  readonly undetermined: number
}

/** The answer of `describe stacks`. */
export function describedStacks(source: Source, options: DescribeStacksOptions): Promise<Described> {
  return ask(
    source,
    (tree, ambient, running) => {
      const stacks = resolveStacks(tree, ambient)
      const value = describeStacks(stacks, { ...options, ...given(running, options) })
      return withoutEnvSecrets(value, tree, ambient, () => inventoryOrNone(stacks))
    },
    options.stack,
  )
}

/** The answer of `describe component`. */
export function describedComponent(
  source: Source,
  component: string,
  stack: string,
  options: DescribeComponentOptions,
): Promise<Described> {
  return ask(
    source,
    (tree, it, running) => {
      const stacks = resolveStacks(tree, it)
      const value = describeComponent(stacks, component, stack, { ...options, ...given(running, options) })
      return withoutEnvSecrets(value, tree, it, () => [stacks.instance(component, stack)])
    },
    stack,
  )
}

/** The answer of `describe dependents`. */
export function describedDependents(
  source: Source,
  target: { readonly component: string; readonly stack: string },
  flags: DescribeFlags,
): Promise<Described> {
  return ask(source, (tree, ambient, running) =>
    dependentsIn(tree, ambient, target, { ...flags, ...given(running, flags) }),
  )
}

/** What `validate stacks` finds; empty when all is well. */
export async function validated({ ambient, tree }: Source): Promise<Finding[]> {
  const files = await loaded(tree)
  return reading([files], (it) => validateStacks(resolveStacks(it!, ambient)))
}

/**
 * An answer without what variables that a module declares sensitive took from the environment: no manifest says it, so
 * whoever may read the repository may still not read it.
 */
function withoutEnvSecrets(value: Plain, tree: Tree, { env }: Ambient, instances: () => readonly Instance[]): Plain {
  const asksEnv = [...tree.files.keys()].some((path) => /\.ya?ml$/.test(path) && tree.text(path)?.includes('!env'))
  if (!asksEnv) return value
  const found = instances().flatMap(({ late, folder }) => {
    const sensitive = sensitiveVariables(tree, folder)
    return late.flatMap(({ name, args, path: [section, variable] }) => {
      if (name !== 'env' || section !== 'vars' || variable === undefined || !sensitive.has(variable)) return []
      return env[args.split(/\s/)[0]!.replaceAll('"', '')] || []
    })
  })
  return found.length === 0 ? value : hideTexts(value, secrets(found))
}

/** Some estates can be described although not every instance of them resolves. */
function inventoryOrNone(stacks: Stacks): Instance[] {
  try {
    return [...stacks.inventory().values()]
  } catch (error) {
    if (error instanceof UserError) return []
    throw error
  }
}

function hideTexts(value: Plain, all: Secrets): Plain {
  if (typeof value === 'string') return redactText(value, all)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Plain) => hideTexts(item, all))
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, Plain]) => [key, hideTexts(item, all)]))
}

/** What `describe affected` compares the work tree with: a revision of this repository, or another clone of it. */
export type Base = { readonly kind: 'revision'; readonly revision: string | undefined } | Clone
type Clone = { readonly kind: 'clone'; readonly repo: Repo }

/**
 * The answer of `describe affected`.
 * @throws UserError `not-a-repository`, `revision-unknown`, `origin-head-unknown`
 */
export async function describedAffected(
  { repo, ambient, late }: Source,
  base: Base,
  flags: AffectedFlags,
): Promise<Described> {
  if (!repo)
    throw new UserError({
      code: 'not-a-repository',
      message: 'describe affected compares commits, and this is no Git repository',
      fix: 'run in a clone of your infrastructure repository, or name one: --chdir DIR',
      exit: 2,
    })
  const [work, head, before] = await Promise.all([
    repo.workTree(usual),
    repo.tree(await commitOf({ repo }, 'HEAD'), usual),
    base.kind === 'clone' ? base.repo.workTree(usual) : repo.tree(await baseCommit(repo, base.revision), usual),
  ])
  await loadDifferences(head, before)
  return runningOver(late, [work, head, before], (running, at, from, to) =>
    affectedBetween({ work: at!, head: from!, base: to! }, ambient, { ...flags, ...given(running, flags) }),
  )
}

/** Contents that nearly every question reads; others are loaded when they are asked for. */
const usual = (path: string) => /\.(ya?ml|tmpl|tf|tf\.json)$/.test(path)

/** What answers late values, with what a question says of them; without functions and templates nothing asks for any. */
function given(
  running: Running | undefined,
  { processFunctions, processTemplates, errorMode, useMocks }: Evaluated,
): { readonly running?: Running } {
  if (running === undefined || (processFunctions === false && processTemplates === false)) return {}
  return { running: { ...running, errorMode, useMocks } }
}

interface Evaluated {
  readonly processFunctions?: boolean
  readonly processTemplates?: boolean
  readonly errorMode?: ErrorMode | undefined
  readonly useMocks?: boolean
}

/** Puts a pure question to the files of a source; `stack` is what `--stack` said. */
export async function askFiles<T>(
  { ambient, tree }: Source,
  question: (tree: Tree, ambient: Ambient) => T,
  stack: string | undefined,
): Promise<T> {
  const around: Ambient = stack === undefined ? ambient : { ...ambient, flags: { ...ambient.flags, stack } }
  return reading([await loaded(tree)], (it) => question(it!, around))
}

async function loaded(tree: Source['tree']): Promise<LoadableTree> {
  const files = await tree()
  await files.load([...files.files.keys()].filter(usual))
  return files
}

async function ask(
  { ambient, tree, late }: Source,
  question: (tree: Tree, ambient: Ambient, running: Running | undefined) => Plain,
  stack?: string,
): Promise<Described> {
  const around: Ambient = stack === undefined ? ambient : { ...ambient, flags: { ...ambient.flags, stack } }
  const files = await loaded(tree)
  return runningOver(late, [files], (running, it) => question(it!, around, running))
}

/** Asks a pure question of trees, with all that late values hang on; what was read and is sensitive is hidden. */
async function runningOver(
  late: LateDoors | undefined,
  trees: readonly LoadableTree[],
  question: (running: Running | undefined, ...trees: Tree[]) => Plain,
): Promise<Described> {
  if (late === undefined)
    return { value: await reading(trees, (...them) => question(undefined, ...them)), undetermined: 0 }
  return answering(late, (asking) =>
    reading(trees, (...them) => {
      let undetermined = 0
      const hidden: Plain[] = []
      const running: Running = {
        ask: asking,
        undetermined: () => {
          undetermined += 1
        },
        secret: (value) => hidden.push(value),
      }
      const value = question(running, ...them)
      return { value: masked(value, [...new Set(hidden.flatMap(textsIn))]), undetermined }
    }),
  )
}

/** As Atmos masks it: wherever a sensitive text stands, also inside others and in keys. */
function masked(value: Plain, texts: readonly string[]): Plain {
  const wanted = texts.filter((text) => text !== '').sort((a, b) => b.length - a.length)
  if (wanted.length === 0) return value
  const hide = (text: string) => wanted.reduce((shown, it) => shown.replaceAll(it, '<MASKED>'), text)
  const visit = (it: Plain): Plain => {
    if (typeof it === 'string') return hide(it)
    if (typeof it === 'number' || typeof it === 'bigint') return wanted.includes(String(it)) ? '<MASKED>' : it
    if (typeof it !== 'object' || it === null) return it
    if (Array.isArray(it)) return it.map((item: Plain) => visit(item))
    return Object.fromEntries(Object.entries(it).map(([key, item]: [string, Plain]) => [hide(key), visit(item)]))
  }
  return visit(value)
}

/** Atmos compares with what origin's HEAD names here, without looking for a common ancestor. */
async function baseCommit(repo: Repo, revision: string | undefined) {
  if (revision !== undefined) return commitOf({ repo }, revision)
  const branch = await repo.originHead()
  if (branch !== undefined) return commitOf({ repo }, `refs/remotes/origin/${branch}`)
  throw new UserError({
    code: 'origin-head-unknown',
    message: "there is nothing to compare with: origin's default branch is not known here",
    fix: 'name the base: --base main; or let Git find out: git remote set-head origin --auto',
    exit: 2,
  })
}

/** What differs is told by content (binary files, renames): all of it is read, in one go. */
export async function loadDifferences(head: LoadableTree, base: LoadableTree): Promise<void> {
  const differs = (one: Tree, other: Tree) =>
    [...one.files.values()].filter((it) => other.files.get(it.path)?.hash !== it.hash).map(({ path }) => path)
  await Promise.all([head.load(differs(head, base)), base.load(differs(base, head))])
}
