import type { Instance, InstanceId, Inventory } from '../stacks/instance.ts'
import type { Stacks } from '../stacks/instances.ts'
import { same } from '../stacks/value.ts'
import { configReasons } from './configuration.ts'
import { dependencies } from './dependencies.ts'
import { type AbsentWhy, missing } from './missing.ts'
import { passiveReasons, type Reason, reasons, transitionReasons } from './reasons.ts'
import { withNewPaths } from './renamed.ts'
import type { Subject, Subjects } from './subject.ts'

/**
 * What a change means for an instance. `move`: it has the state of one that is gone, so that nothing is destroyed; `before`
 * is that one. `may`: nothing of its own differs, but it reads an instance that is planned to change. `passive`: only
 * sections differ that Terraform never sees. `absent`: it is no longer there, though nobody removed it by name; nothing is
 * destroyed for it.
 */
export type ChangeKind = 'create' | 'update' | 'move' | 'destroy' | 'absent' | 'may' | 'passive'

/** An instance that differs between two trees, with all its reasons. */
export interface Change {
  readonly id: InstanceId
  readonly kind: ChangeKind
  readonly before: Subject | undefined
  readonly after: Subject | undefined
  readonly reasons: readonly Reason[]
  /** What differs besides and Terraform never sees; of a `passive` change that is the reasons. */
  readonly besides?: readonly Reason[]
}

/** One side of a comparison. */
export interface Side {
  readonly inventory: Inventory
  readonly subjects: Subjects
  readonly stacks: Stacks
}

/**
 * Instances that differ from `base` to `head`, each with all its reasons, in id order.
 * @param addressOf names the state of an instance: equal states, equal names
 */
export function affected(base: Side, head: Side, addressOf: (instance: Instance) => string): Change[] {
  const ids = [...new Set([...base.subjects.keys(), ...head.subjects.keys()])].sort()
  const moves = movesBetween(base, head, addressOf)
  const left = new Set([...moves.values()].map(({ before }) => before!.instance.id))
  const own = ids.flatMap((id) => (left.has(id) ? [] : (moves.get(id) ?? ownChange(id, base, head))))
  const changing = own.filter(
    ({ kind, before, after }) =>
      kind === 'create' || kind === 'update' || (kind === 'move' && before!.fingerprint !== after!.fingerprint),
  )
  const readers = readersOf(new Set(changing.map(({ id }) => id)), head)
  const touched = new Map(own.map((change) => [change.id, change]))
  for (const [id, why] of readers) {
    const known = touched.get(id)
    if (known && known.kind !== 'passive') touched.set(id, { ...known, reasons: [...known.reasons, ...why] })
    else
      touched.set(id, {
        id,
        kind: 'may',
        before: base.subjects.get(id),
        after: head.subjects.get(id),
        reasons: [...(known?.reasons ?? []), ...why],
      })
  }
  return [...touched.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function ownChange(id: InstanceId, base: Side, head: Side): Change[] {
  const [before, after] = [base.subjects.get(id), head.subjects.get(id)]
  if (before && after) return difference(before, after, base, head)
  if (after) return [{ id, kind: 'create', before, after, reasons: appeared(after.instance, base, head) }]
  const was = before!.instance.at
  const why = missing(before!.instance, base, head)
  return why.kind === 'removed'
    ? [{ id, kind: 'destroy', before, after, reasons: [{ kind: 'removed', was }] }]
    : [
        {
          id,
          kind: 'absent',
          before,
          after,
          reasons: [{ kind: 'missing', why: why.words, was }, ...wentWith(why.why, before!.instance, base, head)],
        },
      ]
}

/** What differs of an instance that is on both sides. */
function difference(before: Subject, after: Subject, base: Side, head: Side): Change[] {
  const { id } = after.instance
  const isSame = before.fingerprint === after.fingerprint
  if (isSame && same(before.instance.sections, after.instance.sections)) return []
  const passive = passiveReasons(before.instance, after.instance)
  if (!isSame) {
    const why = withConfig(reasons(before, after), before.instance, after.instance, base, head)
    const told = new Set([
      ...why.map(pathOf),
      ...(before.instance.folder === after.instance.folder ? [] : ['component']),
    ])
    const besides = passive.filter((it) => !told.has(pathOf(it)))
    const all = withNewPaths(why, base.stacks.tree, head.stacks.tree)
    return [{ id, kind: 'update', before, after, reasons: all, ...(besides.length > 0 && { besides }) }]
  }
  return passive.length > 0 ? [{ id, kind: 'passive', before, after, reasons: passive }] : []
}

function pathOf(reason: Reason): string {
  return reason.kind === 'value' ? reason.path.join('\n') : ''
}

/** The reasons, after those settings of `atmos.yaml` that moved the code, the workspace, or the program that is run. */
function withConfig(why: readonly Reason[], before: Instance, after: Instance, base: Side, head: Side): Reason[] {
  const commands = configBetween(base, head, 'command')
  const isDefault = (reason: Reason) => commands.some((it) => pathOf(reason) === 'command' && sameValues(reason, it))
  return [
    ...(before.folder === after.folder ? [] : configBetween(base, head, 'code')),
    ...(before.workspace === after.workspace ? [] : configBetween(base, head, 'workspace')),
    ...(why.some(isDefault) ? commands : []),
    // No manifest says it.
    ...why.filter((reason) => !isDefault(reason)),
  ]
}

function sameValues(a: Reason, b: Reason): boolean {
  if (a.kind !== 'value' || b.kind !== 'config') return false
  return a.after === (b.after ?? 'terraform') && a.before === (b.before ?? 'terraform')
}

function configBetween(base: Side, head: Side, what: Parameters<typeof configReasons>[2]): Reason[] {
  return configReasons(base.stacks.config, head.stacks.config, what)
}

/** Why there is an instance that was not: it is allowed to run now, `atmos.yaml` takes it in now, or it is new. */
function appeared(now: Instance, base: Side, head: Side): Reason[] {
  const was = base.inventory.get(now.id)
  const allowed = was ? transitionReasons(was, now) : []
  if (allowed.length > 0) return allowed
  const isIncluded = base.stacks.manifests.some(({ name }) => name === now.manifest)
  const wasThere = [...now.imports].some((path) => path === now.at.file && base.stacks.tree.files.has(path))
  const why = !wasThere ? [] : configBetween(base, head, isIncluded ? 'names' : 'manifests')
  return [{ kind: 'declared', at: now.at }, ...why]
}

/** The settings that an absent instance went with. */
function wentWith(why: AbsentWhy, was: Instance, base: Side, head: Side): Reason[] {
  switch (why) {
    case 'disabled':
    case 'abstract':
      return transitionReasons(was, head.inventory.get(was.id)!)
    case 'renamed':
    case 'moved-file':
    case 'nameless':
      return configBetween(base, head, 'names')
    case 'not-included':
      return configBetween(base, head, 'manifests')
    default:
      return []
  }
}

/** Instances that have the state of one that is gone, by their new id. */
function movesBetween(base: Side, head: Side, addressOf: (instance: Instance) => string): Map<InstanceId, Change> {
  const gone = [...base.subjects.values()].filter(({ instance }) => !head.subjects.has(instance.id))
  const fresh = [...head.subjects.values()].filter(({ instance }) => !base.subjects.has(instance.id))
  if (gone.length === 0 || fresh.length === 0) return new Map()
  const owners = new Map(gone.map((subject) => [addressOf(subject.instance), subject]))
  return new Map(
    fresh.flatMap((after): [InstanceId, Change][] => {
      const before = owners.get(addressOf(after.instance))
      if (before === undefined) return []
      const { id, at } = after.instance
      const from: Reason = { kind: 'moved', from: before.instance.id, at, was: before.instance.at }
      const why = withConfig(reasons(before, after), before.instance, after.instance, base, head)
      return [[id, { id, kind: 'move', before, after, reasons: [from, ...why] }]]
    }),
  )
}

/** Instances that read, directly or through others, what is planned to change; each with the calls that say so. */
function readersOf(moved: ReadonlySet<InstanceId>, head: Side): Map<InstanceId, Reason[]> {
  const found = new Map<InstanceId, Reason[]>()
  const edges = [...head.subjects.values()].flatMap(({ instance }) => dependencies(instance))
  const readers = new Map<InstanceId, typeof edges>()
  for (const edge of edges) {
    if (edge.call === undefined) continue
    const list = readers.get(edge.on) ?? []
    list.push(edge)
    readers.set(edge.on, list)
  }
  const queue = [...moved]
  const seen = new Set<InstanceId>(moved)
  while (queue.length > 0) {
    const of = queue.shift()!
    for (const edge of readers.get(of) ?? []) {
      if (!head.subjects.has(edge.from)) continue
      found.set(edge.from, [...(found.get(edge.from) ?? []), { kind: 'reads', call: edge.call!, of }])
      if (seen.has(edge.from)) continue
      seen.add(edge.from)
      queue.push(edge.from)
    }
  }
  return found
}
