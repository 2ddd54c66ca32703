import type { Subject } from '../affected/subject.ts'
import { codeownersIn } from '../gate/codeowners.ts'
import { ownersOutlook } from '../gate/owners.ts'
import { reading } from '../git/reading.ts'
import type { OwnersNeed } from '../records/pull-request.ts'
import type { Asking } from './asking.ts'
import type { Checkout } from './checkout.ts'
import type { Given } from './github-approvals.ts'

/** Whose word an instance needs before it is applied, by the CODEOWNERS file of the protected branch. */
export type OwnersOf = (subject: Subject) => Promise<readonly OwnersNeed[]>

/** Owners of an instance's manifest and of its component's code, one of each line that names some. */
export function ownersAtTip(tip: Checkout): OwnersOf {
  const file = reading([tip.tree], (tree) => codeownersIn(tree!))
  const { folder } = tip.stacks.config.stacks
  const below = folder === '' ? '' : `${folder}/`
  return async ({ instance, inputs }) => {
    const code = inputs.files.filter(({ role }) => role === 'component').map(({ path }) => path)
    const terraform = code.filter((path) => /\.tf(\.json)?$/.test(path))
    const manifest = instance.imports.filter((path) => path.startsWith(`${below}${instance.manifest}.`))
    const paths = [...manifest, ...(terraform.length > 0 ? terraform : code)]
    return ownersOutlook(tip.settings.owners, await file, [{ id: instance.id, paths }]).needs
  }
}

/**
 * Which owners have not agreed, in words. Whether somebody is in a team only a token with members:read can see: where it cannot
 * be seen, a review counts, since GitHub itself asks owners to review (where the branch is protected so), and a comment does not.
 */
export async function ownersMissing(
  ask: Asking,
  needs: readonly OwnersNeed[],
  given: readonly Given[],
): Promise<readonly string[]> {
  const missing: string[] = []
  for (const { owners, file, line } of needs) {
    const agreed = await Promise.all(given.map((it) => isOwnersWord(ask, owners, it)))
    if (!agreed.includes(true)) missing.push(`an owner must agree: ${owners.join(' or ')} (${file}:${line})`)
  }
  return missing
}

async function isOwnersWord(ask: Asking, owners: readonly string[], { by, how }: Given): Promise<boolean> {
  for (const owner of owners) {
    const team = /^@([^/]+\/.+)$/.exec(owner)?.[1]
    if (team === undefined && owner.startsWith('@')) {
      if (owner.slice(1).toLowerCase() === by.name.toLowerCase()) return true
      continue
    }
    const isMember = team === undefined ? undefined : await ask.isMember(team, by.name)
    if (isMember === true || (isMember === undefined && how === 'review')) return true
  }
  return false
}
