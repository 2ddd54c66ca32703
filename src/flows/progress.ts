import type { Part, Progress, Sentence } from '../plan/render/input.ts'
import type { AddressId } from '../records/address.ts'
import { attemptWords } from '../records/attempt-words.ts'
import { type AddressDocument, GONE } from '../records/document.ts'
import { clock } from '../records/words.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { addressName } from './documents.ts'
import type { Status, StatusItem } from './status.ts'
import { waitingWords } from './status-words.ts'

/**
 * How far a merged change has come for each instance, from where it stands at the tip. Undefined for one that nothing is
 * known of: the tip does not ask for it, and nothing was applied.
 * @param runUrl address of a run by the name that records have of it
 */
export function progressAt(
  { items, documents, checkout, nowMs }: Pick<Status, 'items' | 'documents' | 'checkout' | 'nowMs'>,
  runUrl: (run: string) => string | undefined = () => undefined,
): (id: InstanceId) => Progress | undefined {
  const open = new Map(items.map((item) => [item.id, item]))
  const named = new Map<InstanceId, AddressDocument>()
  for (const document of documents.values()) for (const name of document.names) named.set(name, document)
  return (id) => {
    const item = open.get(id)
    if (item?.kind === 'in-flight') return flying(item, nowMs, runUrl)
    const instance = checkout.inventory.get(id)
    const address: AddressId | undefined = instance && addressName(instance)
    const document = item?.document ?? (address && documents.get(address)) ?? named.get(id)
    const ledger = document?.ledger
    if (ledger === undefined) return undefined
    const done = ledger.fingerprint === GONE ? 'destroyed' : 'applied'
    return { state: 'applied', words: [`${done} by `, ...byWhom(ledger.by, runUrl), `, ${clock(ledger.atMs, nowMs)}`] }
  }
}

function flying(
  item: Extract<StatusItem, { kind: 'in-flight' }>,
  nowMs: number,
  runUrl: (run: string) => string | undefined,
): Progress {
  const { waitsFor, why } = item
  const failed = why.find((it) => it.kind === 'attempt-not-done')
  const isRunning = waitsFor.kind === 'running' && item.holder !== 'over'
  if (isRunning) {
    const { holder, sinceMs } = waitsFor.claim
    return {
      state: 'running',
      words: [`by ${holder.by}, `, ...runPart(holder.run, runUrl), `, since ${clock(sinceMs, nowMs)}`],
    }
  }
  if (waitsFor.kind === 'rejected') return { state: 'rejected', words: [waitingWords(item)] }
  const ended = failed?.kind === 'attempt-not-done' ? attemptWords(failed.attempt, nowMs) : undefined
  return ended === undefined
    ? { state: 'waits', words: [waitingWords(item)] }
    : { state: 'failed', words: [`${ended}; now it ${waitingWords(item).replace(/ \(last apply: [a-z]+\)$/, '')}`] }
}

/** `ann, run 4411`, with a link where the run has an address. */
function byWhom(by: string, runUrl: (run: string) => string | undefined): Sentence {
  const [, name, run] = /^(.*), run (\S+)$/.exec(by) ?? []
  return name === undefined || run === undefined ? [by] : [`${name}, `, ...runPart(run, runUrl)]
}

function runPart(run: string, runUrl: (run: string) => string | undefined): readonly Part[] {
  const url = runUrl(run)
  return [url === undefined ? `run ${run}` : { link: url, text: `run ${run}` }]
}
