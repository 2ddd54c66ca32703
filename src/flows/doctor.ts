import { uncertainInputs } from '../affected/uncertain.ts'
import { place, UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import type { Repo } from '../git/repo.ts'
import type { Tree } from '../git/tree.ts'
import type { Finding } from '../installation/finding.ts'
import type { Program, Programs } from '../machine/programs.ts'
import type { Settings } from '../settings.ts'
import type { Ambient } from '../stacks/ambient.ts'
import type { Instance } from '../stacks/instance.ts'
import { resolveStacks } from '../stacks/instances.ts'
import type { Trap } from '../stacks/traps/trap.ts'
import { trapsIn } from '../stacks/traps/traps.ts'
import type { Store } from '../store/store.ts'
import { settingsOf } from './checkout.ts'
import { type GitHubDoctorWorld, lookAtGitHub } from './doctor-github.ts'
import { lookAtInputs } from './doctor-uncertain.ts'

/** What the stacks of a repository come to. */
interface Estate {
  readonly settings: Settings
  readonly instances: number
  readonly stacks: number
  readonly traps: readonly Trap[]
  /** What no fingerprint can hold, and the instances whose plans depend on it. */
  readonly uncertain: ReadonlyMap<string, readonly string[]>
}

/** What doctor asks of the world; each part may be missing, which is what doctor is for. */
export interface DoctorWorld extends GitHubDoctorWorld {
  readonly programs: Programs
  /** Node's version and executable. */
  readonly node: { readonly version: string; readonly path: string }
  repo(): Promise<Repo>
  store(repo: Repo): Promise<Store>
}

/** The oldest Git whose answers the tests have seen. */
export const oldestGit = '2.30'

const install = {
  git: `install Git ${oldestGit} or newer: https://git-scm.com/downloads`,
  terraform:
    'install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install)',
}

/** Looks at everything that Airlock uses, in order: programs, repository, settings, store, GitHub. */
export async function examine(world: DoctorWorld, { live = false } = {}): Promise<Finding[]> {
  const { programs, node } = world
  const [git, terraform, tofu, atmos, repo] = await Promise.all([
    programs.find('git', ['--version']),
    programs.find('terraform', ['version']),
    programs.find('tofu', ['version']),
    programs.find('atmos', ['version']),
    attempt(() => world.repo()),
  ])
  const findings: Finding[] = [
    { name: 'node', state: 'ok', found: `${node.version} at ${node.path}` },
    gitFinding(git),
    ...toolFindings(terraform, tofu),
    ...(atmos ? [{ name: 'atmos', state: 'ok', found: seen(atmos) } as const] : []),
  ]
  if (repo.kind === 'failed') return [...findings, failed('repository', repo.error)]
  const [estate, store] = await Promise.all([
    attempt(() => estateOf(repo.value, world.ambient(repo.value))),
    attempt(() => probe(world, repo.value)),
  ])
  return [
    ...findings,
    repoFinding(repo.value),
    ...(estate.kind === 'failed' ? [failed('stacks', estate.error)] : estateFindings(estate.value)),
    store.kind === 'failed' ? failed('store', store.error) : store.value,
    // What is wrong with the stacks was told above.
    ...(estate.kind === 'failed' ? [] : await lookAtInputs(repo.value, world.ambient(repo.value))),
    ...(estate.kind === 'failed' ? [] : await lookAtGitHub(world, repo.value, live)),
  ]
}

/** The newer of two is not older: compares `2.39.5` by its numbers. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(/[.-]/).map(Number))
  for (const [index, wanted] of b!.entries()) {
    const has = a![index] ?? 0
    if (has !== wanted) return has < wanted
  }
  return false
}

/** Counts what the work tree declares, looks for traps in it, and parses its settings. @throws UserError for mistakes found */
async function estateOf(repo: Repo, ambient: Ambient): Promise<Estate> {
  const tree = await repo.workTree((path) => /\.(ya?ml|tmpl|tf|tf\.json)$/.test(path))
  return reading([tree], (it) => {
    const stacks = resolveStacks(it!, ambient)
    const instances = [...stacks.inventory().values()].filter(({ abstract, enabled }) => !abstract && enabled)
    return {
      settings: settingsOf(stacks.config),
      instances: instances.length,
      stacks: new Set(instances.map(({ stack }) => stack)).size,
      traps: trapsIn(stacks),
      uncertain: uncertainIn(it!, instances),
    }
  })
}

function uncertainIn(tree: Tree, instances: readonly Instance[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const instance of instances)
    for (const input of uncertainInputs(tree, instance)) {
      const named = found.get(input) ?? []
      named.push(instance.id)
      found.set(input, named)
    }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function probe(world: DoctorWorld, repo: Repo): Promise<Finding> {
  const store = await world.store(repo)
  const keys = await store.list('')
  return {
    name: 'store',
    state: 'ok',
    found: `${store.url} (${keys.length === 0 ? 'empty so far' : `${keys.length} objects`})`,
  }
}

function gitFinding(git: Program | undefined): Finding {
  if (!git) return { name: 'git', state: 'wrong', found: 'not on the PATH', fix: install.git }
  if (git.version !== undefined && isOlder(git.version, oldestGit))
    return { name: 'git', state: 'wrong', found: seen(git), fix: install.git }
  return { name: 'git', state: 'ok', found: seen(git) }
}

function toolFindings(terraform: Program | undefined, tofu: Program | undefined): Finding[] {
  const found = Object.entries({ terraform, tofu }).flatMap(([name, program]): Finding[] => {
    if (!program) return []
    if (program.version !== undefined) return [{ name, state: 'ok', found: seen(program) }]
    return [{ name, state: 'wrong', found: seen(program), fix: `see what "${program.path} version" says` }]
  })
  if (found.length > 0) return found
  return [
    {
      name: 'terraform',
      state: 'missing',
      found: 'neither terraform nor tofu is on the PATH',
      fix: `to plan and apply, ${install.terraform}; affected, explain, describe, validate and status work without`,
    },
  ]
}

function repoFinding({ root, branch, shallow }: Repo): Finding {
  const found = `${root}, ${branch === undefined ? 'no branch checked out' : `on ${branch}`}`
  if (!shallow) return { name: 'repository', state: 'ok', found }
  const fix = 'git fetch --unshallow: what is affected is found by comparing commits that may be cut off here'
  return { name: 'repository', state: 'missing', found: `${found}; its history is cut off (a shallow clone)`, fix }
}

function estateFindings({ settings, instances, stacks, traps, uncertain }: Estate): Finding[] {
  const found = `${instances} ${instances === 1 ? 'instance' : 'instances'} in ${stacks} ${stacks === 1 ? 'stack' : 'stacks'}`
  const branch = settings.branch === undefined ? "origin's default branch, else main" : settings.branch
  return [
    instances > 0
      ? { name: 'stacks', state: 'ok', found }
      : {
          name: 'stacks',
          state: 'missing',
          found,
          fix: 'check stacks.included_paths and excluded_paths in atmos.yaml',
        },
    {
      name: 'settings',
      state: 'ok',
      found: `protected branch: ${branch}; findings of validate stacks: ${settings.validate}`,
    },
    ...traps.map(
      ({ at, message, fix }): Finding => ({ name: 'trap', state: 'trap', found: `${place(at)}: ${message}`, fix, at }),
    ),
    ...[...uncertain].map(
      ([input, ids]): Finding => ({ name: 'uncertain', state: 'ok', found: `${input}: ${some(ids)}`, instances: ids }),
    ),
  ]
}

/** The first few of many names. */
function some(names: readonly string[]): string {
  const more = names.length > 4 ? ` and ${names.length - 3} more` : ''
  return `${names.slice(0, more === '' ? 4 : 3).join(', ')}${more}`
}

function seen({ version, path, said }: Program): string {
  return `${version ?? `no version (${said === '' ? 'it said nothing' : said})`} at ${path}`
}

function failed(name: string, error: UserError): Finding {
  const where = error.at ? `${error.at.file}:${error.at.line}:${error.at.column}: ` : ''
  return { name, state: 'wrong', found: `${where}${error.message}`, ...(error.fix !== undefined && { fix: error.fix }) }
}

type Attempt<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'failed'; readonly error: UserError }

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'done', value: await work() }
  } catch (error) {
    if (error instanceof UserError) return { kind: 'failed', error }
    throw error
  }
}
