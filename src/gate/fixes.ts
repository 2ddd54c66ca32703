import { digestWords } from '../records/refusal.ts'
import type { GateReason } from '../records/verdict.ts'
import { typed } from '../records/words.ts'

/** Where somebody reads it, and so what can be typed there: commands on a laptop, comments on a pull request. */
export type ReadAt = 'laptop' | 'github'

/** What frees a change: words, and what is to be typed set apart. */
export type Fix = readonly (string | { readonly code: string })[]

type Of<K extends GateReason['kind']> = Extract<GateReason, { readonly kind: K }>

/** The fix as one line of plain text. */
export function fixText(fix: Fix): string {
  return fix.map((it) => (typeof it === 'string' ? it : it.code)).join('')
}

/** What frees a change of a reason, as it can be done where it is read; undefined where there is nothing to do. */
export function fixOf(reason: GateReason, at: ReadAt): Fix | undefined {
  const isHere = at === 'github'
  switch (reason.kind) {
    case 'conflict': {
      const start = `merge ${reason.with} into the branch and settle it`
      if (isHere) return [`${start}: what is pushed is planned`]
      return [`${start}: `, { code: `git merge ${reason.with}` }, '; then: ', { code: 'airlock plan' }]
    }
    case 'unresolvable':
      return reason.fix === undefined ? undefined : [reason.fix]
    case 'not-planned':
      return plannedAgain(reason, at)
    case 'in-flight':
      return [...freeing(reason, at), ...takingOver(reason, at)]
    case 'owners-missing':
      if (isHere) return ['one of them approves this pull request']
      return reason.owners.every((it) => it.includes('/'))
        ? [
            'nobody here can tell who is in a team: name a person or an e-mail address beside it, or set integrations.airlock.owners: false',
          ]
        : ['as that person, on this branch: ', { code: `airlock approve ${typed(reason.ids[0]!)}` }]
    case 'owners-file':
      return ['mend the line; a change that touches no instance is not held back by it']
    case 'owners-none':
      return ['add .github/CODEOWNERS, or remove the setting']
    case 'policy':
      if (reason.how === 'interrupted') return ['ask again: ', { code: isHere ? '/airlock plan' : 'airlock gate' }]
      return isHere
        ? ['change what it objects to; its plan is told below']
        : ['change what it objects to; the plan: ', { code: `airlock show ${typed(reason.id)}` }]
    case 'not-adopted':
      return [
        ...(isHere ? ['on a laptop, '] : []),
        { code: 'airlock adopt' },
        ' records what is applied already; so does the first ',
        ...(isHere ? ['apply'] : [{ code: 'airlock apply' }]),
      ]
    case 'excused':
    case 'destroys':
    case 'absent':
      return undefined
  }
}

function plannedAgain({ id, why }: Of<'not-planned'>, at: ReadAt): Fix {
  const again = { code: at === 'github' ? '/airlock plan' : `airlock plan ${typed(id)}` }
  if (why !== 'other') return at === 'github' ? ['comment ', again] : ['on this branch: ', again]
  return at === 'github'
    ? ['merge the base into the branch: what is pushed is planned']
    : ['merge the base into the branch, then: ', again]
}

/** A person's word that this change takes the place of those in flight, where it can be given. */
function takingOver({ by, waiting }: Of<'in-flight'>, at: ReadAt): Fix {
  const numbers = by.flatMap(({ pullRequest }) => pullRequest ?? [])
  if (numbers.length === 0 || numbers.length < by.length || waiting === 'running') return []
  const asked = (number: number) =>
    at === 'github' ? `/airlock supersede #${number} "…"` : `airlock gate --supersede ${number} --reason "…"`
  return [
    '; or, if this change takes its place: ',
    ...numbers.flatMap((number, index) => [...(index > 0 ? ['; '] : []), { code: asked(number) }]),
  ]
}

function freeing(reason: Of<'in-flight'>, at: ReadAt): Fix {
  const { on, waiting, holder, outcome, digest } = reason
  const isHere = at === 'github'
  const instance = typed(on)
  const apply = { code: isHere ? '/airlock apply' : 'airlock apply' }
  // Without the digest nobody could tell what was approved: then the run that goes on says which.
  const named = digest === undefined ? 'DIGEST' : digestWords(digest).replaceAll(' ', '')
  const approve = { code: isHere ? `/airlock approve ${named}` : `airlock approve ${instance}` }
  switch (waiting) {
    case 'running':
      return [`it frees itself when run ${holder?.run} ends`]
    case 'hold':
      return [
        `ask ${holder?.by}, or release it: `,
        { code: isHere ? `/airlock unlock ${instance} "…"` : `airlock unlock ${instance} --reason "…"` },
      ]
    case 'approval':
      return isHere
        ? ['it frees when that is applied: ', approve]
        : ['it frees when that is applied: ', approve, '; then: ', apply]
    case 'apply':
    case 'finish':
      return ['it frees when that is applied: ', apply]
    case 'upstream':
      return ['it frees when that and what it reads are applied: ', apply]
    case 'rejected':
      return ['it frees when that is reverted, or approved after all: ', approve]
    default: {
      if (isHere)
        return outcome === 'unknown'
          ? ['it frees when the next apply has found out what the last one did: ', apply]
          : ['it frees when that is applied: ', apply, ' plans it, and asks for approval']
      const plan = { code: `airlock plan ${instance}` }
      return outcome === 'unknown'
        ? ['it frees when the next apply has found out what the last one did: ', plan, ', on the protected branch']
        : ['it frees when that is applied: ', plan, ', on the protected branch; then approve and apply']
    }
  }
}
