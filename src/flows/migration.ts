import { posix } from 'node:path'
import type { StateAddress } from '../records/address.ts'
import type { RefusalWords } from '../records/refusal.ts'
import { clock } from '../records/words.ts'
import type { Instance } from '../stacks/instance.ts'
import type { StateId } from '../terraform/terraform.ts'

/** A state that is at one address while its instance asks for another. */
export interface MigrationFacts {
  readonly instance: Pick<Instance, 'component' | 'stack' | 'folder' | 'at'>
  /** Absolute path of the work tree that holds local states. */
  readonly root: string
  readonly from: StateAddress
  readonly to: StateAddress
  /** What was applied there, and when, where that is recorded. */
  readonly applied: { readonly commit: string } | undefined
  readonly atMs: number | undefined
  /** Another state that is already where the instance asks for its own. */
  readonly occupied: StateId | undefined
  readonly nowMs: number
}

/** Why an instance with a changed state address is refused, and the commands that move its state. */
export function migrationWords(facts: MigrationFacts): RefusalWords {
  const { instance, from, to, applied, atMs, occupied, nowMs } = facts
  const when = atMs === undefined ? '' : ` ${clock(atMs, nowMs)}`
  const since = applied ? `, applied${when} from ${applied.commit.slice(0, 7)},` : ''
  const message = [
    `${instance.component} in ${instance.stack} asks for another state than the one it was applied to, and going on would make everything a second time:`,
    `  was  ${placeOf(from)}`,
    `  is   ${placeOf(to)}`,
    `  What was made${since} is still in the old one.`,
  ].join('\n')
  if (occupied)
    return {
      message: `${message}\n  In the new one there is a state of its own (lineage ${occupied.lineage.slice(0, 8)}, serial ${occupied.serial}).`,
      fix: 'one of the two is too much: undo the change of address, or take the new state away and move the old one there',
    }
  return {
    message,
    fix: `undo the change of address, or move the state:\n${commands(facts).join('\n')}\nthen: airlock plan ${instance.component} -s ${instance.stack}`,
  }
}

/** `local, file components/terraform/vpc/terraform.tfstate` */
function placeOf({ backend, settings, workspace }: StateAddress): string {
  return [backend, ...Object.entries(settings).map((it) => it.join(' ')), `workspace ${workspace}`].join(', ')
}

function commands({ instance, root, from, to, applied }: MigrationFacts): string[] {
  const [before, after] = [localFile(from, root), localFile(to, root)]
  if (before !== undefined && after !== undefined)
    return [`  mkdir -p ${quoted(posix.dirname(after))}`, `  mv ${quoted(before)} ${quoted(after)}`]
  const { component, stack, folder } = instance
  const atmos = (words: string) => `  atmos terraform ${words} ${component} -s ${stack}`
  const kept = '/tmp/moving.tfstate'
  const pull =
    before !== undefined
      ? []
      : [
          `  git worktree add /tmp/as-applied ${applied?.commit ?? 'COMMIT'} && cd /tmp/as-applied`,
          `${atmos('workspace')}`,
          `  terraform -chdir=${quoted(folder)} state pull > ${kept}`,
          `  cd ${quoted(root)} && git worktree remove --force /tmp/as-applied`,
        ]
  return [
    ...pull,
    `  cd ${quoted(root)}`,
    `${atmos('workspace')}`,
    `  terraform -chdir=${quoted(folder)} state push ${quoted(before ?? kept)}`,
  ]
}

/** The absolute file of a local state. */
function localFile({ backend, settings: { file } }: StateAddress, root: string): string | undefined {
  if (backend !== 'local' || file === undefined) return undefined
  return posix.isAbsolute(file) ? file : posix.join(root, file)
}

function quoted(word: string): string {
  return /^[\w@./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
