import { UserError } from '../error.ts'
import type { MayExist } from '../plan/residual.ts'
import type { PlanCounts } from '../plan/summary.ts'
import {
  branded,
  count,
  type Decoder,
  flag,
  listOf,
  Malformed,
  mapOf,
  object,
  oneOf,
  optional,
  text,
  union,
} from './decode.ts'
import type {
  AddressDocument,
  Approval,
  ApprovalSource,
  Attempt,
  Claim,
  DriftFinding,
  DriftRecord,
  EventBody,
  Found,
  Ledger,
  Outcome,
  Person,
  PlanRecord,
  PlanStatus,
  ReadRecord,
  RecordEvent,
  SupersededWhy,
} from './document.ts'

/** Which state, and which version of it, as it is stored. */
export const state: Decoder<NonNullable<PlanRecord['state']>> = object<NonNullable<PlanRecord['state']>>({
  lineage: text,
  serial: count,
})
const person = object<Person>({ name: text, email: text })

/** A read as it is stored. */
export const read: Decoder<ReadRecord> = object<ReadRecord>({
  call: text,
  of: optional(branded),
  source: oneOf('plan', 'state', 'store', 'environment'),
  hash: text,
})

/** Counts of a plan as they are stored. */
export const counts: Decoder<PlanCounts> = object<PlanCounts>({
  create: count,
  change: count,
  replace: count,
  destroy: count,
  forget: count,
  import: count,
  move: count,
  read: count,
  outputs: count,
  deferred: count,
  invoke: count,
})

const ledger = object<Ledger>({
  fingerprint: text,
  commit: text,
  atMs: count,
  by: text,
  digest: text,
  state: optional(state),
  reads: listOf(read),
  rev: count,
})

const outcome: Decoder<Outcome> = oneOf('done', 'failed', 'partial', 'unknown', 'rejected')

const found = object<Found>({
  what: oneOf('never-started', 'partial', 'done', 'unknown'),
  atMs: count,
  by: text,
  plan: branded,
  is: oneOf('residual', 'different'),
  mayExist: listOf(object<MayExist>({ address: text, type: text })),
})

const attempt = object<Attempt>({
  id: text,
  action: oneOf('apply', 'destroy', 'remediate'),
  fingerprint: text,
  digest: text,
  plan: optional(branded),
  commit: text,
  by: text,
  fence: count,
  startedMs: count,
  rev: count,
  before: optional(state),
  lock: optional(text),
  outcome: optional(outcome),
  endedMs: optional(count),
  after: optional(state),
  note: optional(text),
  found: optional(found),
  errored: optional(oneOf('kept', 'pushed', 'dropped')),
})

/** Why a plan does not count any more, as it is stored. */
export const supersededWhy: Decoder<SupersededWhy> = oneOf(
  'broken',
  'state-moved',
  'read-moved',
  'newer-plan',
  'change-moved',
  'change-gone',
  'drift-gone',
  'applied',
)

const status = union<PlanStatus>({
  open: object({ kind: oneOf('open') }),
  superseded: object({ kind: oneOf('superseded'), why: supersededWhy, atMs: count }),
  applied: object({ kind: oneOf('applied'), atMs: count }),
})

/** A sealed plan's record as it is stored, in documents and in the inbox. */
export const planRecord: Decoder<PlanRecord> = object<PlanRecord>({
  id: branded,
  fingerprint: text,
  digest: text,
  provisional: flag,
  changes: counts,
  seal: text,
  blob: text,
  model: text,
  commit: text,
  branch: optional(text),
  pullRequest: optional(count),
  merged: optional(listOf(count)),
  run: text,
  by: text,
  createdMs: count,
  takenMs: optional(count),
  durationMs: optional(count),
  expiresMs: count,
  state: optional(state),
  tool: object<PlanRecord['tool']>({ kind: oneOf('terraform', 'tofu'), version: text }),
  reads: listOf(read),
  uncertain: listOf(text),
  status,
})

const approval = object<Approval>({
  fingerprint: text,
  digest: text,
  how: oneOf('local', 'environment', 'review', 'comment'),
  by: person,
  atMs: count,
  destroys: optional(count),
  from: optional(
    object<ApprovalSource>({
      pull: optional(count),
      review: optional(count),
      comment: optional(count),
      run: optional(count),
      environment: optional(text),
      commit: optional(text),
    }),
  ),
})

const claim = object<Claim>({
  purpose: oneOf('apply', 'remediate', 'hold'),
  holder: object<Claim['holder']>({
    run: text,
    by: text,
    process: optional(object({ host: text, pid: count, started: text })),
  }),
  fence: count,
  sinceMs: count,
  leasedMs: count,
  untilMs: optional(count),
  plan: optional(branded),
  reason: optional(text),
})

const driftClass: Decoder<DriftFinding['class']> = oneOf(
  'out-of-band',
  'unapplied-commit',
  'provider-noise',
  'external-data',
)

const drift = object<DriftRecord>({
  checkedMs: count,
  cleanMs: optional(count),
  found: optional(
    object<DriftFinding>({
      class: driftClass,
      digest: text,
      model: text,
      changes: counts,
      firstMs: count,
      lastMs: count,
    }),
  ),
  failed: optional(object<NonNullable<DriftRecord['failed']>>({ sinceMs: count, atMs: count, why: text })),
})

type Body<K extends EventBody['kind']> = Extract<EventBody, { readonly kind: K }>
const body = <K extends EventBody['kind']>(
  kind: K,
  fields: { readonly [F in Exclude<keyof Body<K>, 'kind'>]-?: Decoder<Body<K>[F] | undefined> },
) => {
  const named = { kind: oneOf(kind), id: text, atMs: count, name: optional(branded), ...fields }
  return object(named as never) as Decoder<Extract<RecordEvent, { readonly kind: K }>>
}

/** An event as it is stored, in outboxes and as an object of its own. */
const recordEvent: Decoder<RecordEvent> = union<RecordEvent>({
  'plan-stored': body('plan-stored', { plan: branded, digest: text, fingerprint: text }),
  'plan-superseded': body('plan-superseded', { plan: branded, why: supersededWhy, pullRequest: optional(count) }),
  'plan-restored': body('plan-restored', { plan: branded, pullRequest: optional(count) }),
  approved: body('approved', { digest: text, by: person }),
  'approval-withdrawn': body('approval-withdrawn', { digest: text, by: person, why: text }),
  rejected: body('rejected', { digest: text, by: person, reason: text }),
  claimed: body('claimed', { fence: count, by: text, run: text }),
  'taken-over': body('taken-over', { fence: count, from: text, fromRun: text }),
  released: body('released', { fence: count }),
  unlocked: body('unlocked', { fence: count, by: text, reason: text }),
  'attempt-started': body('attempt-started', { attempt: text, digest: text }),
  'attempt-ended': body('attempt-ended', { attempt: text, outcome }),
  'attempt-settled': body('attempt-settled', {
    attempt: text,
    outcome,
    what: oneOf('never-started', 'partial', 'done', 'unknown'),
    by: text,
    mayExist: listOf(text),
  }),
  'errored-state': body('errored-state', {
    attempt: text,
    is: oneOf('kept', 'pushed', 'dropped'),
    by: text,
    reason: optional(text),
  }),
  'lock-released': body('lock-released', {
    lock: text,
    attempt: optional(text),
    by: text,
    reason: optional(text),
  }),
  advanced: body('advanced', { fingerprint: text, commit: text }),
  renamed: body('renamed', { from: branded, to: branded }),
  drifted: body('drifted', { class: driftClass, digest: text }),
  'drift-gone': body('drift-gone', { class: driftClass, digest: text }),
  'drift-check-failed': body('drift-check-failed', { why: text }),
})

/** A state address as it is stored. */
export const address: Decoder<AddressDocument['address']> = object<AddressDocument['address']>({
  backend: text,
  settings: mapOf(text),
  workspace: text,
})

const document = object<AddressDocument>({
  format: oneOf(2),
  address,
  names: listOf(branded),
  ledger: optional(ledger),
  attempts: listOf(attempt),
  plans: listOf(planRecord),
  approvals: listOf(approval),
  claim: optional(claim),
  fence: count,
  drift: optional(drift),
  outbox: listOf(recordEvent),
  rev: count,
  atMs: count,
  nonces: listOf(text),
})

/**
 * The document as it was stored under `key`.
 * @throws UserError `record-newer` for a format we do not know, `record-unreadable` for anything that is no document
 */
export function parseDocument(bytes: Uint8Array, key: string): AddressDocument {
  return parseRecord(document, bytes, key, { format: 2, upgrade: secondFormat })
}

/** Format 1 had another shape of `drift`, which nothing ever wrote. */
function secondFormat({ drift: _, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return { ...rest, format: 2 }
}

/** The document as it is stored: JSON that a person can read, ended by a line break. */
export function encodeDocument(value: AddressDocument): Uint8Array {
  return encodeRecord(value)
}

/** Events as they were stored: several in an object, or one, as it was before. @throws as `parseDocument` */
export function parseEvents(bytes: Uint8Array, key: string): readonly RecordEvent[] {
  const several = object<{ readonly events: readonly RecordEvent[] }>({ events: listOf(recordEvent) })
  return parseRecord(several, bytes, key, { format: 2, upgrade: (one) => ({ format: 2, events: [one] }) }).events
}

/** The newest format of a record, and how one of the format before becomes it. */
export interface FormatVersion {
  readonly format: number
  readonly upgrade?: (record: Record<string, unknown>) => Record<string, unknown>
}

/** Any of our records; of format 1 where nothing else is said. @throws UserError `record-newer`, `record-unreadable` */
export function parseRecord<T>(
  decoder: Decoder<T>,
  bytes: Uint8Array,
  key: string,
  { format: newest, upgrade }: FormatVersion = { format: 1 },
): T {
  const stored = json(bytes, key)
  const record = typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? { ...stored } : undefined
  const format = record !== undefined && 'format' in record ? record.format : undefined
  if (typeof format === 'number' && format > newest) {
    throw new UserError({
      code: 'record-newer',
      message: `${key} was written by a newer Airlock (format ${format}; this one knows format ${newest})`,
      fix: 'use that version or a later one: nothing was read or changed',
      exit: 2,
    })
  }
  const parsed = record !== undefined && upgrade !== undefined && format === newest - 1 ? upgrade(record) : stored
  try {
    return decoder(parsed, '')
  } catch (cause) {
    if (cause instanceof Malformed) throw unreadable(key, cause.message, cause)
    throw cause
  }
}

/** A record as it is stored. */
export function encodeRecord(value: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, undefined, 1)}\n`)
}

function json(bytes: Uint8Array, key: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    const why = bytes.length === 0 ? 'it is empty' : cause instanceof Error ? cause.message : String(cause)
    throw unreadable(key, `it is no JSON: ${why}`, cause)
  }
}

function unreadable(key: string, what: string, cause: unknown): UserError {
  return new UserError({
    code: 'record-unreadable',
    message: `the record ${key} cannot be read: ${what}`,
    fix: 'it was cut off or edited by hand: restore it from a copy of the store; Airlock changes nothing of it meanwhile',
    cause,
  })
}
