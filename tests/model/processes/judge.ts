import { instances, type Name } from './estate.ts'
import type { Apply, Commit, History } from './history.ts'

/** All that breaks an invariant in what happened; each begins with the invariant's number. */
export function judged(history: History): readonly string[] {
  return [
    ...instances.flatMap((name) => atOnce(history, name)),
    ...instances.flatMap((name) => unapproved(history, name)),
    ...instances.flatMap((name) => moved(history, name)),
    ...instances.flatMap((name) => untimely(history, name)),
    ...silent(history),
  ]
}

/** What is wrong once all is at rest: something is held, or the cloud is not what the states say. */
export function unrest({ documents, cloud, states, commits }: History): readonly string[] {
  const tip = commits.at(-1)!
  const objects = instances.flatMap((name) => [
    ...['one', 'two', 'three'].map((part) => `${name}-${part}`),
    ...(tip.asked[name] % 2 === 0 ? [`${name}-extra`] : []),
  ])
  return [
    ...[...documents].flatMap(([name, { claim, attempts }]) => [
      ...(claim ? [`7: ${name} is still claimed by run ${claim.holder.run}`] : []),
      ...attempts.filter((it) => it.outcome === undefined).map((it) => `7: attempt ${it.id} at ${name} still runs`),
    ]),
    ...[...cloud].filter((it) => !states.has(it)).map((it) => `the cloud holds ${it}, which no state knows`),
    ...[...states].filter((it) => !cloud.has(it)).map((it) => `a state holds ${it}, which is not in the cloud`),
    ...objects.filter((it) => !cloud.has(it)).map((it) => `${it} is asked for, and not there`),
    ...[...cloud].filter((it) => !objects.includes(it)).map((it) => `${it} is there, and not asked for`),
  ]
}

/** 1: an instance is never applied by two at once, be it beside one that was left alone by a process that was killed. */
function atOnce({ applies, ran }: History, name: Name): string[] {
  const own = applies.filter((it) => it.name === name).sort((a, b) => a.fromMs - b.fromMs)
  // One that has no end was killed with the process that began it.
  const until = (it: Apply) =>
    it.end?.ms ?? ran.find(({ pid, toMs }) => pid === it.parent && toMs >= it.fromMs)?.killedMs ?? it.fromMs
  return own.flatMap((later, i) =>
    own
      .slice(0, i)
      .filter((earlier) => until(earlier) > later.fromMs)
      .map(
        (earlier) =>
          `1: ${name} is applied by process ${later.parent} while Terraform of process ${earlier.parent} applies it (${earlier.fromMs} to ${until(earlier)}, ${later.fromMs})`,
      ),
  )
}

/** 2: what is applied was agreed to by its digest, or is what was left of that when it was interrupted. */
function unapproved({ events }: History, name: Name): string[] {
  const asked = new Map<string, string>()
  let agreed: { readonly digest: string; readonly id: string }[] = []
  const begun = new Map<string, { readonly digest: string; readonly id: string }>()
  const interrupted = new Set<string>()
  const wrong: string[] = []
  for (const event of events.get(name) ?? []) {
    if (event.kind === 'plan-stored') asked.set(event.digest, event.fingerprint)
    if (event.kind === 'approved') agreed.push({ digest: event.digest, id: event.id })
    if (event.kind === 'attempt-started') {
      const target = asked.get(event.digest)
      const isAgreed = agreed.some(({ digest }) => digest === event.digest)
      const isRest = interrupted.has(target ?? '') && agreed.some(({ digest }) => asked.get(digest) === target)
      if (!isAgreed && !isRest) wrong.push(`2: ${name} is applied with ${event.digest}, which nobody agreed to`)
      begun.set(event.attempt, { digest: event.digest, id: event.id })
    }
    if (event.kind === 'attempt-ended' || event.kind === 'attempt-settled') {
      const attempt = begun.get(event.attempt)
      if (attempt === undefined) continue
      const target = asked.get(attempt.digest) ?? ''
      if (event.outcome !== 'done') interrupted.add(target)
      else {
        interrupted.delete(target)
        // A yes is spent by the apply that it was given for.
        if (event.kind === 'attempt-ended')
          agreed = agreed.filter(({ digest, id }) => asked.get(digest) !== target || id > attempt.id)
      }
    }
  }
  return wrong
}

/** 3: a plan is applied on the state that it was made on, for the fingerprint that it was made for. */
function moved({ documents }: History, name: Name): string[] {
  const document = documents.get(name)
  return (document?.attempts ?? []).flatMap(({ id, plan: of, fingerprint, before }) => {
    const plan = document?.plans.find((it) => it.id === of)
    if (plan === undefined) return []
    return [
      ...(plan.fingerprint === fingerprint
        ? []
        : [`3: attempt ${id} at ${name} applies a plan of ${plan.fingerprint}`]),
      ...(plan.state?.serial === before?.serial ? [] : [`3: attempt ${id} at ${name} applies a plan of another state`]),
    ]
  })
}

/** 5: the commit was the tip while the run worked, and what is read was applied as it asks. */
function untimely(history: History, name: Name): string[] {
  const { applies, documents, ran, commits } = history
  return applies
    .filter((it) => it.name === name)
    .flatMap((apply) => {
      const attempt = documents
        .get(name)
        ?.attempts.findLast((it) => it.startedMs <= apply.fromMs && it.outcome !== 'rejected')
      const run = ran.find(
        ({ pid, fromMs, toMs }) => pid === apply.parent && fromMs <= apply.fromMs && apply.fromMs <= toMs,
      )
      const at = commits.findIndex(({ id }) => id === attempt?.commit)
      if (attempt === undefined || run === undefined || at < 0) return []
      const over = commits[at + 1]?.fromMs ?? Number.POSITIVE_INFINITY
      const early = name === 'reader' && !stoodAt(history, 'base', run.fromMs, apply.fromMs, [commits[at]!])
      return [
        ...(over < run.fromMs
          ? [`5: ${name} is applied as commit ${at} asks, which was the tip no more when the run began`]
          : []),
        ...(early ? [`5: reader is applied as commit ${at} asks, and base is not`] : []),
      ]
    })
}

/** 9: who ends with 0 left nothing behind. */
function silent(history: History): string[] {
  return history.ran
    .filter(({ words, code }) => words[0] === 'apply' && code === 0)
    .flatMap(({ pid, fromMs, toMs }) => {
      const tips = history.commits.filter(
        (it, i) => it.fromMs <= toMs && (history.commits[i + 1]?.fromMs ?? toMs) >= fromMs,
      )
      return instances
        .filter((name) => !stoodAt(history, name, fromMs, toMs, tips))
        .map((name) => `9: process ${pid} ended with 0, and ${name} was not as any tip asked meanwhile`)
    })
}

/** Whether an instance was, at some moment, as one of these commits asks. */
function stoodAt(history: History, name: Name, fromMs: number, toMs: number, tips: readonly Commit[]): boolean {
  const steps = ledger(history, name)
  const during = steps.filter((it, i) => it.ms <= toMs && (steps[i + 1]?.ms ?? toMs) >= fromMs)
  return during.some(({ number }) => tips.some(({ asked }) => asked[name] === number))
}

/** What the ledger said, and since when. */
function ledger(
  { documents, events, commits }: History,
  name: Name,
): { readonly ms: number; readonly number: number }[] {
  const number = (commit: string) => commits.find(({ id }) => id === commit)?.asked[name] ?? Number.NaN
  const done = (documents.get(name)?.attempts ?? []).flatMap(({ outcome, endedMs, commit }) =>
    outcome === 'done' && endedMs !== undefined ? [{ ms: endedMs, number: number(commit) }] : [],
  )
  const advanced = (events.get(name) ?? []).flatMap((it) =>
    it.kind === 'advanced' ? [{ ms: it.atMs, number: number(it.commit) }] : [],
  )
  return [...done, ...advanced].sort((a, b) => a.ms - b.ms)
}
