import { affected, type Change } from '../affected/affected.ts'
import { type Closure, closureOf, joined } from '../affected/closure.ts'
import { dependencies } from '../affected/dependencies.ts'
import type { Subject, Subjects } from '../affected/subject.ts'
import { place, UserError } from '../error.ts'
import { codeownersIn, OWNERS_FILES } from '../gate/codeowners.ts'
import { ownersOutlook } from '../gate/owners.ts'
import { changedFiles } from '../git/diff.ts'
import { reading } from '../git/reading.ts'
import type { CommitId } from '../git/repo.ts'
import type { AddressId } from '../records/address.ts'
import { GONE } from '../records/document.ts'
import type { BrokenMerge, ChangedInstance, Neighbour, Outlook, OwnersOutlook } from '../records/pull-request.ts'
import { instanceSettings } from '../settings.ts'
import { type Checkout, checkoutTree, type Resolved } from './checkout.ts'
import { addressName, mustBeApart } from './documents.ts'
import type { World } from './world.ts'

type Needs = Pick<World, 'repo' | 'ambient'>

/**
 * What merging a commit into the tip would come to. What is asked of a change (owners, policies, mode) is read from the tip:
 * a change cannot lift its own gate.
 */
export async function outlookOf(
  world: Needs,
  tip: Checkout & { readonly commit: CommitId },
  head: CommitId,
): Promise<Outlook> {
  try {
    const merge = await world.repo.merge(tip.commit, head)
    if (merge.kind === 'conflict') return brokenOutlook(tip, merge)
    const merged = await checkoutTree(world, merge.tree, tip)
    mustBeApart(merged.subjects)
    return await outlookBetween(tip, merged)
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'git-too-old') throw error
    const { at, message, fix } = error
    const where = at && !message.startsWith(at.file) ? `${place(at)}: ` : ''
    return brokenOutlook(tip, { kind: 'unresolvable', message: where + message, ...(fix !== undefined && { fix }) })
  }
}

function brokenOutlook({ settings }: Checkout, broken: BrokenMerge): Outlook {
  return {
    broken,
    closure: { paths: [], stacks: '', components: '' },
    instances: [],
    neighbours: [],
    mode: settings.gate,
    owners: { kind: 'off', needs: [], problems: [] },
    policies: [],
    results: [],
  }
}

async function outlookBetween(tip: Checkout, merged: Resolved): Promise<Outlook> {
  const [before, after] = [byAddress(tip.subjects), byAddress(merged.subjects)]
  const all = await reading([tip.tree, merged.tree], () => affected(tip, merged, addressName))
  const changes = all.filter(
    // Where another name has the address now, that one speaks for it.
    ({ kind, before: was }) => kind !== 'passive' && !(kind === 'destroy' && after.has(addressName(was!.instance))),
  )
  const instances = changes.map((change) => changedInstance(change, before))
  const neighbours = neighboursOf(changes, instances, tip)
  return {
    closure: await closureFor(changes, neighbours, tip, merged),
    instances,
    neighbours,
    mode: tip.settings.gate,
    owners: await ownersFor(changes, tip, merged),
    policies: tip.settings.policies.map(({ name, command, timeoutSeconds }) => ({
      name,
      command,
      timeoutMs: timeoutSeconds * 1000,
    })),
    results: [],
  }
}

function changedInstance({ id, kind, before, after }: Change, atTip: ReadonlyMap<AddressId, Subject>): ChangedInstance {
  const { instance } = (after ?? before)!
  const address = addressName(instance)
  const was = atTip.get(address)
  const target = after?.fingerprint ?? (kind === 'destroy' ? GONE : undefined)
  const said = [before, was, after].flatMap((it) => (it ? [instanceSettings(it.instance.sections)] : []))
  return {
    id,
    address,
    kind: kind === 'create' && was ? 'move' : kind === 'passive' ? 'may' : kind,
    ...(target !== undefined && { target }),
    ...(was && { before: was.fingerprint }),
    // A change cannot lift for itself what is asked of it.
    approval: said.every(({ approval }) => approval === 'none') ? 'none' : 'needed',
    ordered: said.some(({ ordered }) => ordered),
  }
}

/** What else must not be in flight: what a changed instance reads, and all of an ordered stack. */
function neighboursOf(changes: readonly Change[], instances: readonly ChangedInstance[], tip: Checkout): Neighbour[] {
  const found = new Map<AddressId, Neighbour>()
  const add = (subject: Subject | undefined, about: Pick<Neighbour, 'concern' | 'for'>) => {
    if (subject === undefined) return
    const { instance, fingerprint } = subject
    const address = addressName(instance)
    const { approval } = instanceSettings(instance.sections)
    if (found.has(address)) return
    found.set(address, {
      id: instance.id,
      address,
      ...about,
      target: fingerprint,
      approval: approval === 'none' ? 'none' : 'needed',
    })
  }
  const own = changes.filter(({ kind }) => kind !== 'may' && kind !== 'absent')
  const ordered = new Set(instances.filter((it) => it.ordered).map(({ id }) => id))
  for (const { id, before, after } of own)
    if (ordered.has(id)) {
      const { stack } = (after ?? before)!.instance
      for (const subject of tip.subjects.values())
        if (subject.instance.stack === stack) add(subject, { concern: 'ordered', for: id })
    }
  for (const { id, after } of own)
    for (const { on, call } of after ? dependencies(after.instance) : [])
      if (call !== undefined) add(tip.subjects.get(on), { concern: 'read', for: id })
  const changed = new Set(instances.map(({ address }) => address))
  return [...found.values()].filter(({ address }) => !changed.has(address)).sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function closureFor(
  changes: readonly Change[],
  neighbours: readonly Neighbour[],
  tip: Checkout,
  merged: Resolved,
): Promise<Closure> {
  const atTip = [
    ...changes.flatMap(({ before }) => before ?? []),
    ...neighbours.flatMap(({ id }) => tip.subjects.get(id) ?? []),
  ]
  const then = changes.flatMap(({ after }) => after ?? [])
  const all = joined(
    await reading([tip.tree], (tree) => closureOf({ tree: tree!, stacks: tip.stacks }, atTip)),
    await reading([merged.tree], (tree) => closureOf({ tree: tree!, stacks: merged.stacks }, then)),
  )
  // Whether what is gone was removed, or only vanished, any manifest may decide.
  const vanished = changes.some(({ kind }) => kind === 'destroy' || kind === 'absent')
  const more = [...(tip.settings.owners === false ? [] : OWNERS_FILES), ...(vanished ? [`${all.stacks}/`] : [])]
  return { ...all, paths: [...new Set([...all.paths, ...more])].sort() }
}

/** Owners of what an affected instance is made of: its stack's manifest, its component's code, and what changed of the rest. */
async function ownersFor(changes: readonly Change[], tip: Checkout, merged: Resolved): Promise<OwnersOutlook> {
  const file = await reading([tip.tree], (tree) => codeownersIn(tree!))
  const moved = new Set(changedFiles(tip.tree, merged.tree).map(({ path }) => path))
  const folder = tip.stacks.config.stacks.folder === '' ? '' : `${tip.stacks.config.stacks.folder}/`
  const affectedOnes = changes.filter(({ kind }) => kind !== 'may' && kind !== 'absent')
  return ownersOutlook(
    tip.settings.owners,
    file,
    affectedOnes.map(({ id, before, after }) => {
      const { instance, inputs } = (after ?? before)!
      const code = inputs.files.filter(({ role }) => role === 'component').map(({ path }) => path)
      const terraform = code.filter((path) => /\.tf(\.json)?$/.test(path))
      const manifest = instance.imports.filter((path) => path.startsWith(`${folder}${instance.manifest}.`))
      const read = [...instance.imports, ...inputs.files.map(({ path }) => path)].filter((path) => moved.has(path))
      return { id, paths: [...manifest, ...(terraform.length > 0 ? terraform : code), ...read] }
    }),
  )
}

function byAddress(subjects: Subjects): ReadonlyMap<AddressId, Subject> {
  return new Map([...subjects.values()].map((subject) => [addressName(subject.instance), subject]))
}
