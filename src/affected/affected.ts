import type { InstanceId, Inventory } from '../stacks/instance.ts'
import { same } from '../stacks/value.ts'
import { dependencies } from './dependencies.ts'
import { passiveReasons, type Reason, reasons } from './reasons.ts'
import type { Subject, Subjects } from './subject.ts'

/**
 * What a change means for an instance. `may`: nothing of its own differs, but it reads an instance that is planned to
 * change. `passive`: only sections differ that Terraform never sees. `absent`: it is no longer there, though nobody removed
 * its declaration; nothing is destroyed for it.
 */
export type ChangeKind = 'create' | 'update' | 'destroy' | 'absent' | 'may' | 'passive'

/** An instance that differs between two trees, with all its reasons. */
export interface Change {
  readonly id: InstanceId
  readonly kind: ChangeKind
  readonly before: Subject | undefined
  readonly after: Subject | undefined
  readonly reasons: readonly Reason[]
}

/** One side of a comparison. */
export interface Side {
  readonly inventory: Inventory
  readonly subjects: Subjects
}

/** Instances that differ from `base` to `head`, each with all its reasons, in id order. */
export function affected(base: Side, head: Side): Change[] {
  const ids = [...new Set([...base.subjects.keys(), ...head.subjects.keys()])].sort()
  const own = ids.flatMap((id) => ownChange(id, base, head))
  const moved = new Set(own.filter(({ kind }) => kind === 'create' || kind === 'update').map(({ id }) => id))
  const readers = readersOf(moved, head)
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
  if (before && after) {
    const why = before.fingerprint === after.fingerprint ? [] : reasons(before, after)
    if (why.length > 0) return [{ id, kind: 'update', before, after, reasons: why }]
    if (same(before.instance.sections, after.instance.sections)) return []
    const passive = passiveReasons(before.instance, after.instance)
    return passive.length > 0 ? [{ id, kind: 'passive', before, after, reasons: passive }] : []
  }
  if (after) return [{ id, kind: 'create', before, after, reasons: [{ kind: 'declared', at: after.instance.at }] }]
  const was = before!.instance.at
  const why = whyMissing(before!, head)
  return why === undefined
    ? [{ id, kind: 'destroy', before, after, reasons: [{ kind: 'removed', was }] }]
    : [{ id, kind: 'absent', before, after, reasons: [{ kind: 'missing', why, was }] }]
}

/** Why an instance is gone although its declaration stands; undefined when a person removed it by name. */
function whyMissing({ instance }: Subject, head: Side): string | undefined {
  const now = head.inventory.get(instance.id)
  if (now?.abstract) return 'it is abstract now (metadata.type)'
  if (now && !now.enabled) return 'it is disabled now (metadata.enabled: false)'
  const declared = [...head.inventory.values()].find(
    (it) => it.component === instance.component && it.at.file === instance.at.file,
  )
  if (declared) return `${instance.at.file} still declares it, now in stack ${declared.stack}`
  const stackLives = [...head.inventory.values()].some(({ manifest }) => manifest === instance.manifest)
  return stackLives ? undefined : `its stack ${instance.stack} is gone: no manifest resolves to it`
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
