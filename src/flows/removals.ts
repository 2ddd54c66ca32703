import { type Dependency, dependencies } from '../affected/dependencies.ts'
import { type Position, place } from '../error.ts'
import type { ReadRecord } from '../records/document.ts'
import { typed } from '../records/words.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { Checkout } from './checkout.ts'
import type { Refused } from './left-behind.ts'
import type { Unasked } from './unasked.ts'

type Removed = Extract<Unasked, { kind: 'removed' }>

/** A removal by name, with what stands in its way. */
export interface Removal {
  readonly unasked: Removed
  /** What reads it or says that it depends on it, and stays: it is not destroyed under them. */
  readonly readers: readonly Reader[]
  /** What is done before it: what read it until now is applied, or destroyed, first. */
  readonly after: readonly InstanceId[]
}

/** Who still reads an instance. `at`: where it says so at the tip; undefined for what no stack asks for any more. */
export interface Reader {
  readonly id: InstanceId
  readonly at: Position | undefined
  readonly how: 'reads' | 'depends on' | 'was applied with values of'
}

/**
 * Removals in the order in which they are done: what reads another is destroyed before it.
 * @param flying instances of the commit that are in flight, and what they read when they were applied
 */
export function removals(
  at: Checkout,
  all: readonly Unasked[],
  flying: ReadonlyMap<InstanceId, readonly ReadRecord[]>,
): Removal[] {
  const removed = all.filter((it) => it.kind === 'removed')
  if (removed.length === 0) return []
  const declared = new Map<InstanceId, Dependency[]>()
  for (const { instance } of at.subjects.values())
    for (const edge of dependencies(instance)) declared.set(edge.on, [...(declared.get(edge.on) ?? []), edge])
  const staying = all.filter((it) => it.kind === 'absent' && it.why !== 'elsewhere')
  const readBy = new Map(removed.map((it) => [it.id, removed.filter((other) => other !== it && readsOther(other, it))]))
  return inOrder(removed, readBy).map((unasked, index, order) => {
    const names = namesOf(unasked, at)
    const before = new Set(order.slice(0, index).map(({ id }) => id))
    const usedTo = [...flying].flatMap(([id, reads]) => (tookFrom(reads, names) ? [id] : []))
    const readers = [
      ...firstEach([...names].flatMap((name) => declared.get(name) ?? [])).map(
        (it): Reader => ({ id: it.from, at: it.at, how: it.call ? 'reads' : 'depends on' }),
      ),
      ...staying.flatMap(({ id, reads }): Reader[] =>
        tookFrom(reads, names) ? [{ id, at: undefined, how: 'was applied with values of' }] : [],
      ),
    ]
    const after = [...(readBy.get(unasked.id) ?? []).map(({ id }) => id).filter((id) => before.has(id)), ...usedTo]
    return { unasked, readers, after: [...new Set(after)] }
  })
}

/** Why an instance is not destroyed while others read it, as a `UserError` would tell it. */
export function stillRead(id: InstanceId, readers: readonly Reader[]): Refused | undefined {
  if (readers.length === 0) return undefined
  const name = (it: InstanceId) => it.replace(/@([^@]*)$/, ' in $1')
  const lines = readers
    .slice(0, 10)
    .map(({ id: by, at, how }) => `  ${name(by)} ${how} it${at ? `   ${place(at)}` : ', and no stack asks for it now'}`)
  const more = readers.length > lines.length ? [`  and ${readers.length - lines.length} more`] : []
  return {
    code: 'still-read',
    message: [`${name(id)} was removed, and is not destroyed as long as others need it:`, ...lines, ...more].join('\n'),
    fix: `remove what needs it, or declare it again; when none is left: airlock plan ${typed(id)}`,
  }
}

/** Why an instance that nobody was to touch is not destroyed. */
export function lockedWhenRemoved(id: InstanceId): Refused {
  return {
    code: 'component-locked',
    message: `${id.replace(/@([^@]*)$/, ' in $1')} was locked (metadata.locked: true) when it was removed: it may be planned, not destroyed`,
    fix: 'declare it again without metadata.locked, merge that, then remove it',
  }
}

function firstEach(all: readonly Dependency[]): Dependency[] {
  return all.filter(({ from }, index) => all.findIndex((it) => it.from === from) === index)
}

/** The names by which others may read a removed instance: none that another instance has now. */
function namesOf({ id, lastId, document }: Removed, { subjects }: Checkout): ReadonlySet<InstanceId> {
  return new Set([id, lastId, ...document.names].filter((it) => !subjects.has(it)))
}

function tookFrom(reads: readonly ReadRecord[], names: ReadonlySet<InstanceId>): boolean {
  return reads.some(({ of }) => of !== undefined && names.has(of))
}

/** Whether a removed instance reads, or depends on, another one as it was applied. */
function readsOther(it: Unasked, other: Unasked): boolean {
  const names = new Set([other.id, ...other.document.names])
  const declared = it.subject ? dependencies(it.subject.instance) : []
  return declared.some(({ on }) => names.has(on)) || tookFrom(it.reads, names)
}

/** Readers first; where two read each other, as they were applied from different commits, by name. */
function inOrder<T extends Unasked>(all: readonly T[], readBy: ReadonlyMap<InstanceId, readonly T[]>): T[] {
  const done = new Set<T>()
  const visit = (it: T, way: readonly T[]): void => {
    if (done.has(it) || way.includes(it)) return
    for (const reader of readBy.get(it.id) ?? []) visit(reader, [...way, it])
    done.add(it)
  }
  for (const it of [...all].sort((a, b) => (a.id < b.id ? -1 : 1))) visit(it, [])
  return [...done]
}
