import { type Hiding, shownValue } from '../affected/hide.ts'
import { type Position, UserError } from '../error.ts'
import { exactJson } from '../json.ts'
import type { Atmos } from '../machine/atmos.ts'
import { redactText, type Secrets, secrets } from '../plan/secrets.ts'
import { secretsOf } from '../secrets.ts'
import { answerDifferences, counted, type DescribedAt, type Difference } from '../stacks/answer-differences.ts'
import { baseOf } from '../stacks/complete.ts'
import type { Merged } from '../stacks/component.ts'
import { describeStacks } from '../stacks/describe.ts'
import type { ComponentType } from '../stacks/instance.ts'
import { resolveStacks, type Stacks } from '../stacks/instances.ts'
import { sensitiveVariables } from '../stacks/modules.ts'
import { joinPath } from '../stacks/paths.ts'
import { type Plain, valueAt } from '../stacks/value.ts'
import { askFiles, type Source } from './describe.ts'

/** A difference as people may see it, with the place that Airlock has its value from. */
export interface ShownDifference extends Difference {
  /** The value's place, or that of what is around it; undefined where no file says it. */
  readonly at: Position | undefined
}

/** What asking Atmos and Airlock the same came to. */
export type Comparison = { readonly atmos: { readonly path: string; readonly version: string | undefined } } & (
  | {
      readonly kind: 'compared'
      readonly components: number
      readonly stacks: number
      readonly differences: readonly ShownDifference[]
      /** Templates that Airlock leaves to the run, since only a run can answer them; Atmos answered them now. */
      readonly late: readonly ShownDifference[]
    }
  | { readonly kind: 'both-failed'; readonly ours: UserError; readonly theirs: string }
  | { readonly kind: 'atmos-failed'; readonly theirs: string }
  | { readonly kind: 'airlock-failed'; readonly ours: UserError }
)

/** What to compare: all stacks, or one. */
export interface CompareRequest {
  readonly stack?: string
  /** Words that decide which configuration is read, for Atmos; Airlock's source was opened with them. */
  readonly sourceArgs: readonly string[]
}

/**
 * Asks Atmos and Airlock for the stacks of the same files, and says where the two answers differ. Functions are left as
 * they are written by both, so that neither needs credentials.
 * @throws UserError `atmos-missing`, `atmos-unclear`
 */
export async function compared(
  { source, atmos }: { readonly source: Source; readonly atmos: Atmos },
  { stack, sourceArgs }: CompareRequest,
): Promise<Comparison> {
  const program = await atmos.find()
  if (program === undefined) throw missing(atmos.command)
  const known = secrets(secretsOf(source.ambient.env))
  const args = ['describe', 'stacks', '--format', 'json', '--process-functions=false', ...sourceArgs]
  const theirs = await answerOf(atmos, stack === undefined ? args : [...args, '-s', stack], known)
  const ours = await ourAnswer(source, stack, theirs.kind === 'answered' ? theirs.value : undefined, known)
  if (ours.kind === 'failed')
    return theirs.kind === 'failed'
      ? { kind: 'both-failed', atmos: program, ours: ours.error, theirs: theirs.said }
      : { kind: 'airlock-failed', atmos: program, ours: ours.error }
  if (theirs.kind === 'failed') return { kind: 'atmos-failed', atmos: program, theirs: theirs.said }
  return { kind: 'compared', atmos: program, ...ours.counts, differences: ours.differences, late: ours.late }
}

type Theirs = { readonly kind: 'answered'; readonly value: Plain } | { readonly kind: 'failed'; readonly said: string }

async function answerOf(atmos: Atmos, args: readonly string[], known: Secrets): Promise<Theirs> {
  const end = await atmos.run(args)
  if (end.kind !== 'exited')
    throw unclear(end.kind === 'interrupted' ? 'was interrupted' : 'gave no answer within 15 minutes', atmos.command)
  if (end.code !== 0)
    return { kind: 'failed', said: redactText(`${end.stderr}${end.stdout}`.trim() || `exit code ${end.code}`, known) }
  try {
    return { kind: 'answered', value: end.stdout.trim() === '' ? {} : exactJson(end.stdout) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw unclear(`answered what is no JSON: ${error.message}`, atmos.command)
  }
}

type Ours =
  | { readonly kind: 'failed'; readonly error: UserError }
  | {
      readonly kind: 'answered'
      readonly counts: { readonly components: number; readonly stacks: number }
      readonly differences: readonly ShownDifference[]
      readonly late: readonly ShownDifference[]
    }

async function ourAnswer(
  source: Source,
  stack: string | undefined,
  theirs: Plain | undefined,
  known: Secrets,
): Promise<Ours> {
  try {
    return await askFiles(
      source,
      (tree, ambient): Ours => {
        const stacks = resolveStacks(tree, ambient)
        const answer = describeStacks(stacks, {
          processFunctions: false,
          late: 'text',
          ...(stack !== undefined && { stack }),
        })
        const found = theirs === undefined ? [] : answerDifferences(answer, theirs)
        const isLate = ({ ours, theirs: said }: Difference) => said !== undefined && isTemplate(ours, stacks)
        return {
          kind: 'answered',
          counts: counted(answer),
          differences: found.filter((it) => !isLate(it)).map((it) => shown(it, stacks, known)),
          late: found.filter(isLate).map((it) => shown(it, stacks, known)),
        }
      },
      stack,
    )
  } catch (error) {
    if (error instanceof UserError) return { kind: 'failed', error }
    throw error
  }
}

/** A template that is still there after rendering waits for a run. */
function isTemplate(value: Plain | undefined, { config }: Stacks): boolean {
  const { enabled, delimiters } = config.templates
  return enabled && typeof value === 'string' && value.includes(delimiters?.[0] ?? '{{')
}

function shown(found: Difference, stacks: Stacks, known: Secrets): ShownDifference {
  const merged = componentOf(found, stacks)
  const { folder } = stacks.config.components.terraform
  const code = joinPath(folder, (merged && baseOf(merged, merged.sections)) || found.component)
  const sensitive = found.type === 'terraform' ? sensitiveVariables(stacks.tree, code) : new Set<string>()
  const hiding: Hiding = { sensitive, secrets: known }
  const hide = (value: Plain | undefined) => (value === undefined ? value : shownValue(found.path, value, hiding))
  return {
    ...found,
    path: found.path.map((step) => redactText(step, known)),
    ours: hide(found.ours),
    theirs: hide(found.theirs),
    at: merged && found.ours !== undefined ? placeOf(found.path, merged) : undefined,
  }
}

/** Where a value is written, or what is around it. */
function placeOf([section, ...rest]: readonly string[], { body, sections }: Merged): Position | undefined {
  if (section === undefined) return body.key ?? body.at
  let value = sections.get(section)
  for (const key of rest) value = valueAt(value, [key]) ?? value
  return value?.at
}

function componentOf({ stack, type, component }: DescribedAt, stacks: Stacks): Merged | undefined {
  try {
    return stacks.find(component, stack, type as ComponentType).merged
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    // A stack without a name of its own is printed under its file's.
    return stacks.manifests.find(({ name }) => name === stack)?.component(type, component)
  }
}

function missing(command: string): UserError {
  return new UserError({
    code: 'atmos-missing',
    message: `there is no program ${command} to compare with`,
    fix: 'install Atmos (https://atmos.tools/install), or name it: airlock compare --atmos PATH',
    exit: 2,
  })
}

function unclear(what: string, command: string): UserError {
  return new UserError({
    code: 'atmos-unclear',
    message: `${command} describe stacks ${what}`,
    fix: `see what it says: ${command} describe stacks --format json --process-functions=false`,
    exit: 2,
  })
}
