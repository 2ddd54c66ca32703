import { type AffectedFlags, affectedBetween, dependentsIn } from '../../src/affected/atmos/between.ts'
import { itemsYaml, matrixOf } from '../../src/affected/atmos/print.ts'
import { UserError } from '../../src/error.ts'
import type { Tree } from '../../src/git/tree.ts'
import type { Ambient } from '../../src/stacks/ambient.ts'
import type { Running } from '../../src/stacks/answers.ts'
import { evaluateYq } from '../../src/stacks/yq.ts'
import { judge, listDifference, type Outcome } from './outcome.ts'
import { edited, type Files, filesBelow, laidOver, names, type Op, readJson, treeOf } from './repos.ts'

/** Runs the edits of `stacks/<repo>/affected`. */
export function runStackEdits(folder: string): Outcome[] {
  return names(folder).flatMap((repo) => {
    const edits = names(folder, repo, 'affected').filter((name) => name.endsWith('.json'))
    if (edits.length === 0) return []
    const files = filesBelow(`${folder}/${repo}/repo`)
    const base = treeOf(files)
    return edits.map((name) => {
      const it = readJson<Edit & { readonly args: readonly string[]; readonly affected?: unknown }>(
        folder,
        repo,
        'affected',
        name,
      )
      return editOutcome(`${repo}/affected/${name}#0`, files, base, { ...it, json: it.affected }, () =>
        withoutBase(it.args.slice(2), 'BASE'),
      )
    })
  })
}

interface Edit {
  readonly ops: readonly Op[]
  readonly code: number
  readonly json?: unknown
}

interface Fuzz {
  readonly files: Readonly<Record<string, string>>
  readonly dependents?: readonly {
    readonly component: string
    readonly stack: string
    readonly code: number
    readonly json?: unknown
  }[]
  readonly affected?: readonly (Edit & { readonly flags: readonly string[] })[]
}

/** Runs the dependents and edits of generated repositories. */
export function runFuzzEdits(folder: string): Outcome[] {
  return names(folder).flatMap((file) => {
    const it = readJson<Fuzz>(folder, file)
    const base = treeOf(it.files)
    const dependents = (it.dependents ?? []).map((asked) =>
      judge(
        `${file}#dependents/${asked.component}@${asked.stack}`,
        asked,
        () => dependentsIn(base, GIT, asked, flagsOf(['--process-functions=false'])!),
        listDifference,
      ),
    )
    const edits = (it.affected ?? []).map((edit, at) =>
      editOutcome(`${file}#affected/${at}`, it.files, base, edit, () => edit.flags),
    )
    return [...dependents, ...edits]
  })
}

const GIT: Ambient = { cwd: '', env: {}, gitRoot: '' }

function editOutcome(id: string, files: Files, base: Tree, edit: Edit, args: () => readonly string[]): Outcome {
  const answer = () => {
    const head = treeOf(edited(files, edit.ops))
    return affectedBetween({ work: head, head, base }, GIT, known(flagsOf(args())))
  }
  return judge(id, edit, answer, listDifference)
}

interface Case {
  readonly id: string
  readonly files?: Readonly<Record<string, string>>
  readonly git?: {
    readonly base: Readonly<Record<string, string>>
    readonly head: Overlay
    readonly dirty?: Overlay
  }
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly args: readonly string[]
  readonly code: number | null
  readonly json?: unknown
  readonly stdout?: string
}

type Overlay = Readonly<Record<string, string | null | { base64: string }>>

/** Runs the cases that ask `describe affected` or `describe dependents` for JSON. */
export function runAffectedCases(folder: string): Outcome[] {
  return names(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((file) =>
      readJson<readonly Case[]>(folder, file).flatMap((it) => {
        const found = caseAnswer(it)
        if (!found) return []
        const json = it.json ?? it.stdout?.replace(/\n+$/, '\n')
        return [judge(`${file}#${it.id}`, { code: it.code, json }, found, listDifference)]
      }),
    )
}

/** What a run answers in a case that has no states. */
const running: Running = { ask: () => ({ kind: 'absent' }) }

function caseAnswer(it: Case): (() => unknown) | undefined {
  const [describe, what, ...rest] = it.args
  if (describe !== 'describe') return undefined
  const ambient: Ambient = { cwd: it.cwd ?? '', env: it.env ?? {}, gitRoot: it.git ? '' : undefined }
  if (what === 'dependents' && it.files) {
    const [component, ...words] = rest
    const { flags, stack } = stackOf(words)
    return () => dependentsIn(treeOf(it.files!), ambient, { component: component!, stack }, known(flagsOf(flags)))
  }
  if (what !== 'affected' || !it.git) return undefined
  const { base, head, dirty } = it.git
  const committed = laidOver(base, head)
  return () => {
    const { format, args: formatted } = formatOf(withoutBase(rest, 'base'))
    const { args, query } = queryOf(formatted)
    const items = affectedBetween(
      { base: treeOf(base), head: treeOf(committed), work: treeOf(laidOver(committed, dirty ?? {})) },
      ambient,
      { ...known(flagsOf(args)), running },
    )
    if (query !== undefined) return `"${String(valueIn(query, items))}"\n`
    return format === 'matrix' ? matrixOf(items) : format === 'yaml' ? itemsYaml(items) : items
  }
}

/** The arguments without the base, which is given as a tree; another base than the recorded one is not there. */
function withoutBase(args: readonly string[], base: string): string[] {
  const at = args.indexOf('--base')
  if (at < 0 || args[at + 1] !== base)
    throw new UserError({ code: 'revision-unknown', message: 'there is no such base', exit: 2 })
  return args.filter((_, index) => index !== at && index !== at + 1)
}

function formatOf(args: readonly string[]): { format: string; args: string[] } {
  const at = args.indexOf('--format')
  return {
    format: args[at + 1] ?? 'json',
    args: args.filter((_, index) => at < 0 || (index !== at && index !== at + 1)),
  }
}

function queryOf(args: readonly string[]): { args: readonly string[]; query: string | undefined } {
  const at = args.indexOf('--query')
  return {
    query: at < 0 ? undefined : args[at + 1],
    args: args.filter((_, index) => at < 0 || (index !== at && index !== at + 1)),
  }
}

function valueIn(query: string, items: readonly unknown[]): unknown {
  const found = evaluateYq(query, items)
  return found.kind === 'value' ? found.value : undefined
}

function stackOf(words: readonly string[]): { flags: string[]; stack: string } {
  const at = words.findIndex((word) => word === '-s' || word === '--stack')
  return { stack: words[at + 1] ?? '', flags: words.filter((_, index) => index !== at && index !== at + 1) }
}

/** Flags of the two commands; undefined where one is not known here. */
function flagsOf(args: readonly string[]): AffectedFlags | undefined {
  const rest = [...args]
  const taken = (flag: string) => {
    const at = rest.indexOf(flag)
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  }
  const value = (flag: string) => {
    const at = rest.indexOf(flag)
    return at < 0 ? undefined : rest.splice(at, 2)[1]
  }
  const flags: AffectedFlags = {
    processTemplates: !taken('--process-templates=false'),
    processFunctions: !taken('--process-functions=false'),
    skip: (value('--skip') ?? '').split(',').filter(Boolean),
    stack: value('--stack'),
    includeSettings: taken('--include-settings'),
    excludeLocked: taken('--exclude-locked'),
    includeDependents: taken('--include-dependents'),
    includeSpaceliftAdminStacks: taken('--include-spacelift-admin-stacks'),
  }
  taken('--identity=false')
  const format = value('--format')
  return rest.length === 0 && (format === undefined || format === 'json') ? flags : undefined
}

function known(flags: AffectedFlags | undefined): AffectedFlags {
  if (flags) return flags
  throw new UserError({ code: 'not-yet', message: 'a flag or format that is not there yet' })
}
