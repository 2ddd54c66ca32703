import { dependencies } from '../affected/dependencies.ts'
import { type AddressDocument, GONE } from '../records/document.ts'
import { planFor } from '../records/plans.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { documentOf } from './documents.ts'
import type { Status } from './status.ts'

/** An instance that is clean, and reads what is not. */
export interface UnplannedReader {
  readonly id: InstanceId
  readonly component: string
  readonly document: AddressDocument
}

/**
 * What only reads what is in flight, directly or not, and was planned by nobody: most often the pull request has done so. With a
 * plan it goes after what it reads. Without one nobody would see that its values have moved, since only jobs that apply may look.
 */
export function unplannedReaders({ items, checkout, documents, nowMs }: Status): UnplannedReader[] {
  const listed = new Set(items.map(({ id }) => id))
  const moving = new Set(
    items.flatMap((it) =>
      it.kind === 'in-flight' && it.task.target !== GONE && it.waitsFor.kind !== 'rejected' ? [it.id] : [],
    ),
  )
  const readers = [...checkout.subjects.values()].map((subject) => ({
    subject,
    reads: dependencies(subject.instance).flatMap(({ on, call }) => (call === undefined ? [] : [on])),
  }))
  for (let before = -1; before !== moving.size; ) {
    before = moving.size
    for (const { subject, reads } of readers) if (reads.some((on) => moving.has(on))) moving.add(subject.instance.id)
  }
  return readers.flatMap(({ subject: { instance, fingerprint } }) => {
    const { id, component } = instance
    const document = documentOf(documents, instance)
    const isWanted = moving.has(id) && !listed.has(id) && planFor(document, fingerprint, nowMs) === undefined
    return isWanted ? [{ id, component, document }] : []
  })
}
