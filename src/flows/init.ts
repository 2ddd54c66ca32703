import { UserError } from '../error.ts'
import type { WorkFiles } from '../git/files.ts'
import { reading } from '../git/reading.ts'
import type { LoadableTree } from '../git/repo.ts'
import { type Counterpart, counterparts, theirFiles } from '../installation/cloud-posse.ts'
import type { ActionsSource } from '../installation/dialect.ts'
import { type FileEdit, fileEdit, sourceIn } from '../installation/edit.ts'
import { callerFile, type WorkflowKind, workflowFile } from '../installation/workflow.ts'
import { plain, valueAt } from '../stacks/value.ts'
import { type Checkout, checkout, mustBeConfigured } from './checkout.ts'
import { type Estate, estateOf } from './installation.ts'
import type { World } from './world.ts'

/** What is known of the copy of Airlock that runs: where its actions lie, as far as that can be found out. */
export interface Installed {
  readonly version: string
  /** `acme/airlock` */
  readonly repository: string | undefined
  readonly commit: string | undefined
}

export type InitWorld = Pick<World, 'repo' | 'ambient'> & { readonly files: WorkFiles; readonly installed: Installed }

export interface InitRequest {
  readonly kind: WorkflowKind
  /** Whose workflows are replaced. */
  readonly from?: 'cloudposse'
  /** The repository that Airlock's actions lie in. */
  readonly actions?: string
  /** The commit of it. */
  readonly ref?: string
  /** The organisation's own workflow, to call instead: `acme/airlock/.github/workflows/airlock.yml@<commit>`. */
  readonly shared?: string
}

/** What `airlock init` would write, and what else there is to do. */
export interface Init {
  readonly kind: WorkflowKind
  readonly estate: Estate
  readonly edits: readonly FileEdit[]
  /** Of Cloud Posse's: files that stay, since they do more. */
  readonly staying: readonly { readonly path: string; readonly besides: readonly string[] }[]
  readonly counterparts: readonly Counterpart[]
}

/**
 * Looks at the repository and decides what its workflow files become. Writes nothing.
 * @throws UserError `actions-unknown`, `config-missing`
 */
export async function prepareInit(world: InitWorld, request: InitRequest): Promise<Init> {
  const at = await checkout(world, undefined)
  mustBeConfigured(at, world.repo.root)
  const estate = await estateOf(world, at)
  const workflows = await workflowsIn(at.tree)
  const before = workflows.get(estate.workflowPath)
  const text = wantedFile(request, estate, sourceOf(request, before, world.installed))
  const theirs = request.from === 'cloudposse' ? theirFiles(workflows) : []
  return {
    kind: request.kind,
    estate,
    edits: [
      fileEdit(estate.workflowPath, before, text),
      ...theirs
        .filter(({ path, besides }) => besides.length === 0 && path !== estate.workflowPath)
        .map(({ path }): FileEdit => ({ kind: 'remove', path, before: workflows.get(path)! })),
    ],
    staying: theirs.filter(({ besides }) => besides.length > 0),
    counterparts: request.from === 'cloudposse' ? counterpartsIn(at) : [],
  }
}

/** Carries the edits out. What stands in the way of one (`blocked`) must have been dealt with before. */
export async function writeInit({ files }: Pick<InitWorld, 'files'>, edits: readonly FileEdit[]): Promise<void> {
  for (const edit of edits)
    if (edit.kind === 'write') await files.write(edit.path, edit.after)
    else if (edit.kind === 'remove') await files.remove(edit.path)
}

/** Workflow files of a tree by path, in order. */
export async function workflowsIn(tree: LoadableTree): Promise<ReadonlyMap<string, string>> {
  const paths = [...tree.files.keys()].filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
  return reading([tree], (it) => new Map(paths.map((path) => [path, it!.text(path) ?? ''])))
}

function wantedFile({ kind, shared }: InitRequest, { branch, settings }: Estate, actions: ActionsSource): string {
  const { runsOn } = settings.github
  if (shared === undefined) return workflowFile({ kind, actions, branch, runsOn })
  return callerFile({ shared, branch, runsOn, version: actions.version })
}

/**
 * Where the actions lie: what was asked for, else where the copy that runs comes from, else what the file that is there
 * names.
 */
function sourceOf(
  { actions, ref, shared }: InitRequest,
  before: string | undefined,
  installed: Installed,
): ActionsSource {
  const present = before === undefined ? undefined : sourceIn(before)
  const repository = actions ?? installed.repository ?? present?.repository
  const commit = ref ?? installed.commit
  const { version } = installed
  if (shared !== undefined) return { repository: '', commit: '', version }
  if (repository !== undefined && commit !== undefined) return { repository, commit, version }
  if (present !== undefined && (actions === undefined || actions === present.repository)) return present
  throw new UserError({
    code: 'actions-unknown',
    message: `it is not known ${repository === undefined ? 'where the actions of Airlock lie' : `which commit of ${repository} to use`}: this copy of Airlock is not a clone of their repository`,
    fix: `say so: airlock init --actions ${repository ?? 'OWNER/airlock'} --ref COMMIT (the full commit id of release v${version})`,
    exit: 2,
  })
}

function counterpartsIn({ stacks }: Checkout): Counterpart[] {
  const gitops = valueAt(stacks.config.integrations, ['github', 'gitops'])
  return counterparts(gitops && plain(gitops))
}
