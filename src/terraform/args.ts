import { type Position, UserError } from '../error.ts'

/** What names the files of a run, as Atmos names them. */
export interface RunNames {
  /** The instance's name: `infra/vpc`. */
  readonly component: string
  readonly stack: string
  /** `metadata.component` or `component`, where it is another name than the instance's. */
  readonly baseComponent?: string | undefined
}

/**
 * `<stack>-[<folders>-]<component>`: the last segment of the instance's name, with the folders of the component it
 * stands for. Two instances of one stack may share it, so it names files only where each run has its own folder.
 */
function runName({ component, stack, baseComponent }: RunNames): string {
  const folders = (baseComponent ?? component).split('/').slice(0, -1)
  const last = component.split('/').at(-1)!
  return [stack, ...folders, last].join('-')
}

/**
 * Name of the variables file: `plat-ue2-dev-infra-vpc.terraform.tfvars.json`. A slash of the stack's name becomes a
 * dash (Atmos cannot plan such a stack at all).
 */
export function varFileName(names: RunNames): string {
  return `${runName(names).replaceAll('/', '-')}.terraform.tfvars.json`
}

/** Name of the planfile beside it: `plat-ue2-dev-infra-vpc.planfile`. */
export function planFileName(names: RunNames): string {
  return `${runName(names).replaceAll('/', '-')}.planfile`
}

/** Arguments of `terraform plan`; `extra` are the user's own. Without `planFile`, or when the user names one, none is written. */
export function planArgs({
  varFile,
  planFile,
  extra = [],
}: {
  readonly varFile: string
  readonly planFile?: string | undefined
  readonly extra?: readonly string[]
}): string[] {
  const own = extra.some((arg) => /^--?out(=|$)/.test(arg))
  return ['plan', '-var-file', varFile, ...(planFile && !own ? ['-out', planFile] : []), ...extra]
}

/** Arguments of `terraform apply`: of a planfile's exact bytes, or of what a fresh plan finds. */
export function applyArgs({
  varFile,
  planFile,
  extra = [],
  autoApprove = false,
}: {
  readonly varFile: string
  readonly planFile?: string | undefined
  readonly extra?: readonly string[]
  readonly autoApprove?: boolean
}): string[] {
  if (planFile) return ['apply', ...extra, planFile]
  const approve = autoApprove && !extra.includes('-auto-approve') ? ['-auto-approve'] : []
  return ['apply', '-var-file', varFile, ...extra, ...approve]
}

/** Arguments of `terraform init`. */
export function initArgs({
  varFile,
  reconfigure,
  passVars,
}: {
  readonly varFile: string
  readonly reconfigure: boolean
  readonly passVars: boolean
}): string[] {
  return ['init', ...(reconfigure ? ['-reconfigure'] : []), ...(passVars ? ['-var-file', varFile] : [])]
}

/**
 * The workspace that the run ends up in: TF_WORKSPACE of the process decides before Atmos does, and the http backend
 * has no workspaces (undefined).
 */
export function runWorkspace({
  workspace,
  backendType,
  processEnv,
}: {
  readonly workspace: string
  readonly backendType: string
  readonly processEnv: Readonly<Record<string, string | undefined>>
}): string | undefined {
  if (backendType === 'http') return undefined
  return processEnv.TF_WORKSPACE || workspace
}

/** What decides whether an instance may be run at all. */
export interface Guarded {
  readonly component: string
  readonly stack: string
  readonly abstract: boolean
  readonly enabled: boolean
  readonly locked: boolean
  readonly backendType: string
  readonly autoGenerateBackendFile: boolean
  /** Folder of the Terraform code, and whether the repository has it. */
  readonly folder: string
  readonly folderExists: boolean
  /** Where the instance is declared. */
  readonly at?: Position
}

/**
 * Whether a sub-command runs: `skip` for `metadata.enabled: false`, which is success.
 * @throws UserError `component-folder-missing`, `component-abstract`, `component-locked`, `backend-type-missing`
 */
export function guard(subCommand: 'plan' | 'apply' | 'destroy', it: Guarded): 'run' | 'skip' {
  const who = `${it.component} in ${it.stack}`
  const at = it.at && { at: it.at }
  if (!it.enabled) return 'skip'
  if (!it.folderExists)
    throw new UserError({
      code: 'component-folder-missing',
      message: `${who} stands for the Terraform component in ${it.folder}, and there is no such folder`,
      fix: 'create the folder, or correct metadata.component',
      exit: 2,
      ...at,
    })
  if (it.abstract && subCommand !== 'destroy')
    throw new UserError({
      code: 'component-abstract',
      message: `${who} is abstract (metadata.type: abstract): it is there to be inherited, not to be run`,
      fix: 'name a component that inherits it',
      exit: 2,
      ...at,
    })
  if (it.locked && subCommand !== 'plan')
    throw new UserError({
      code: 'component-locked',
      message: `${who} is locked (metadata.locked: true): it may be planned, not changed`,
      fix: 'remove metadata.locked first',
      exit: 3,
      ...at,
    })
  if (it.autoGenerateBackendFile && it.backendType === '')
    throw new UserError({
      code: 'backend-type-missing',
      message: `${who} has no backend_type, and components.terraform.auto_generate_backend_file asks for a backend file`,
      fix: 'set terraform.backend_type (and terraform.backend) in a manifest of the stack, or turn the setting off',
      exit: 2,
      ...at,
    })
  return 'run'
}
