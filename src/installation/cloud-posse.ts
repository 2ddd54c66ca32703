import type { Plain } from '../stacks/value.ts'

/** A workflow file that uses Cloud Posse's actions. */
export interface TheirFile {
  readonly path: string
  /** Their actions in it: `cloudposse/github-action-atmos-terraform-plan`. */
  readonly uses: readonly string[]
  /** What else it does, so that it cannot simply go: commands, and actions that are not theirs nor around them. */
  readonly besides: readonly string[]
}

/** Actions that do nothing of their own around Cloud Posse's: they fetch, install, or get credentials. */
const companions =
  /^(actions\/(checkout|cache|download-artifact|upload-artifact|setup-node)|aws-actions\/configure-aws-credentials|azure\/login|google-github-actions\/auth|hashicorp\/setup-terraform|opentofu\/setup-opentofu|infracost\/actions(\/.*)?|cloudposse\/.*)$/

/** The files among workflows (path → text) that Airlock takes the place of: those with their actions, and those that only call them. */
export function theirFiles(workflows: ReadonlyMap<string, string>): TheirFile[] {
  const all = [...workflows].map(([path, text]) => ({ path, calls: calls(text) }))
  const theirs = new Set(all.filter(({ calls }) => calls.uses.some(isTheirs)).map(({ path }) => path))
  for (let size = -1; size !== theirs.size; ) {
    size = theirs.size
    for (const { path, calls } of all)
      if (calls.local.some((it) => theirs.has(it)) && besidesOf(calls, theirs).length === 0) theirs.add(path)
  }
  return all
    .filter(({ path }) => theirs.has(path))
    .map(({ path, calls }) => ({ path, uses: calls.uses.filter(isTheirs), besides: besidesOf(calls, theirs) }))
}

interface Calls {
  readonly uses: readonly string[]
  /** Workflows of the same repository. */
  readonly local: readonly string[]
  readonly runs: number
}

function calls(text: string): Calls {
  const uses = [...text.matchAll(/^\s*(?:-\s+)?uses:\s*['"]?([^\s'"#]+)/gm)].map(([, it]) => it!)
  const named = uses.filter((it) => !it.startsWith('./')).map((it) => it.replace(/@.*$/, ''))
  return {
    uses: [...new Set(named)],
    local: uses.filter((it) => it.startsWith('./')).map((it) => it.slice(2)),
    runs: [...text.matchAll(/^\s*(?:-\s+)?run:/gm)].length,
  }
}

function isTheirs(action: string): boolean {
  return /^cloudposse\/github-action-atmos-/.test(action)
}

function besidesOf({ uses, local, runs }: Calls, theirs: ReadonlySet<string>): string[] {
  return [
    ...uses.filter((it) => !companions.test(it)),
    ...local.filter((it) => !theirs.has(it)),
    ...(runs > 0 ? [`${runs} ${runs === 1 ? 'command' : 'commands'} of its own`] : []),
  ]
}

/** What becomes of one of their settings. */
export interface Counterpart {
  /** `role.plan` */
  readonly setting: string
  readonly value: string
  readonly becomes: string
  /** Read as it is, as a default; else a person has to do what `becomes` says, if anything. */
  readonly kept: boolean
}

const known: Readonly<Record<string, { readonly becomes: string; readonly kept?: true }>> = {
  'role.plan': { becomes: 'the role that plan jobs take where an instance names none', kept: true },
  'role.apply': { becomes: 'the role that apply jobs take where an instance names none', kept: true },
  'artifact-storage.region': { becomes: 'the region of the store, where it names none', kept: true },
  'artifact-storage.bucket': { becomes: 'not used: Airlock keeps plans and records in a bucket of its own' },
  'artifact-storage.table': { becomes: 'not used: the bucket needs no table beside it' },
  'artifact-storage.role': { becomes: 'not used: the store has four roles of its own' },
  'artifact-storage.plan-repository-type': { becomes: 'not used: the store of Airlock is S3' },
  'artifact-storage.metadata-repository-type': { becomes: 'not used: records lie beside the plans' },
  'terraform-version': { becomes: 'not used: each component is run with the version that it asks for itself' },
  'opentofu-version': { becomes: 'not used: each component is run with the version that it asks for itself' },
  'infracost-enabled': { becomes: 'no counterpart; a policy can run Infracost on each plan' },
  'matrix.sort-by': { becomes: 'not used: jobs are put in order by what depends on what' },
  'matrix.group-by': { becomes: 'not used: a job is a component, its groups are environments' },
}

/** Each of their settings (`integrations.github.gitops`), and what becomes of it. */
export function counterparts(gitops: Plain | undefined): Counterpart[] {
  return leaves(gitops, []).map(([path, value]) => {
    const setting = path.join('.')
    const found = known[setting.toLowerCase().replaceAll('_', '-')]
    return {
      setting,
      value,
      becomes: found?.becomes ?? 'not known to Airlock, and not used',
      kept: found?.kept === true,
    }
  })
}

function leaves(value: Plain | undefined, path: readonly string[]): [readonly string[], string][] {
  if (value === undefined || value === null) return []
  if (typeof value === 'object' && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
  return [[path, typeof value === 'string' ? value : JSON.stringify(value)]]
}
