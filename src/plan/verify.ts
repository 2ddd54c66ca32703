import { createHash } from 'node:crypto'
import { canonicalJson, exactJson } from '../json.ts'
import type { Plain } from '../stacks/value.ts'
import { type ModuleSnapshot, openPlanfile, type Planfile } from './planfile.ts'

/** What the planfile must hold: resolved anew from the tip of the protected branch, never taken from the plan job. */
export interface ExpectedPlanfile {
  /** Component's folder, relative to the repository's root. */
  readonly folder: string
  /** Files of the repository, and of modules that were fetched, by path relative to the root. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Files that we make, by path relative to `folder`. They go before files of the repository. */
  readonly generated: ReadonlyMap<string, string>
  /** undefined: the plan was made without one, and Terraform's choice is not checked. */
  readonly lockFile: Uint8Array | undefined
  /** undefined: the configuration itself says where the state is, and is compared byte by byte. */
  readonly backend: { readonly type: string; readonly config: Readonly<Record<string, Plain>> } | undefined
  readonly workspace: string
  /** Terraform ignores `.tofu` files; for tofu they stand in for the `.tf` file of the same name. */
  readonly tool: 'terraform' | 'tofu'
  readonly terraformVersion: string
  /** Values handed over in variables files and the environment. Those the configuration does not declare are ignored, as Terraform does. */
  readonly variables: Readonly<Record<string, Plain>>
  readonly mode: 'normal' | 'destroy'
}

/** One way in which a planfile is not what it must be; `expected` and `found` are words without secrets. */
export interface PlanfileMismatch {
  readonly kind:
    | 'configuration'
    | 'module'
    | 'lock-file'
    | 'backend'
    | 'workspace'
    | 'version'
    | 'variable'
    | 'mode'
    | 'targets'
    | 'errored'
  /** `main.tf`, `backend.bucket`, `var.region` */
  readonly what: string
  readonly expected: string
  readonly found: string
}

/**
 * Where a planfile departs from what the tip would make; empty when it may be applied as it is. Applying uses the
 * planfile's own configuration and backend, so nothing less than this says what will run.
 * @throws UserError `planfile-unreadable`, `archive-unreadable`
 */
export function verifyPlanfile(bytes: Uint8Array, expected: ExpectedPlanfile): PlanfileMismatch[] {
  const planfile = openPlanfile(bytes)
  return [
    ...configurationMismatches(planfile, expected),
    ...lockFileMismatches(planfile, expected),
    ...backendMismatches(planfile, expected),
    ...differs('workspace', 'workspace', expected.workspace, planfile.backend.workspace),
    ...differs('version', 'terraform version', expected.terraformVersion, planfile.terraformVersion),
    ...differs('mode', 'mode', expected.mode, planfile.mode),
    ...variableMismatches(planfile, expected),
    ...differs('targets', '-target', 'none', planfile.targets.join(', ') || 'none'),
    ...differs('targets', '-replace', 'none', planfile.forcedReplacements.join(', ') || 'none'),
    ...differs('errored', 'outcome', 'planned', planfile.errored ? 'planning failed half-way' : 'planned'),
  ]
}

/** `main.tf: expected sha256 1f2e3d4c…, found sha256 9a8b7c6d…` */
export function mismatchText({ what, expected, found }: PlanfileMismatch): string {
  return `${what}: expected ${expected}, found ${found}`
}

function configurationMismatches(planfile: Planfile, expected: ExpectedPlanfile): PlanfileMismatch[] {
  return planfile.modules.flatMap((module): PlanfileMismatch[] => {
    const folder = resolvePath(expected.folder, module.dir)
    if (folder === undefined)
      return [
        { kind: 'module', what: `module ${module.key}`, expected: 'a folder of the repository', found: module.dir },
      ]
    const misplaced = localModuleElsewhere(module, planfile, expected.folder, folder)
    if (misplaced !== undefined)
      return [{ kind: 'module', what: `module ${module.key}`, expected: misplaced, found: folder }]
    const wanted = configurationIn(folder, expected)
    if (wanted.size === 0 && module.files.size > 0)
      return [
        {
          kind: 'module',
          what: `module ${module.key || 'of the component'}`,
          expected: `configuration in ${folder}`,
          found: `${module.files.size} files from ${module.source ?? folder}, none of them known here`,
        },
      ]
    return [...new Set([...wanted.keys(), ...module.files.keys()])].sort().flatMap((name) => {
      const what = folder === '' ? name : `${folder}/${name}`
      return differs('configuration', what, described(wanted.get(name)), described(module.files.get(name)))
    })
  })
}

/** Where a module with a local source must lie, when it does not: a planfile's own list of folders is only a claim. */
function localModuleElsewhere(
  module: ModuleSnapshot,
  planfile: Planfile,
  component: string,
  folder: string,
): string | undefined {
  if (module.key === '') return folder === resolvePath(component, '.') ? undefined : component
  if (!/^\.\.?(\/|$)/.test(module.source ?? '')) return undefined
  const parentKey = module.key.split('.').slice(0, -1).join('.')
  const parent = planfile.modules.find((it) => it.key === parentKey)
  const base = parent && resolvePath(component, parent.dir)
  const wanted = base === undefined ? undefined : resolvePath(base, module.source!)
  return wanted === folder ? undefined : (wanted ?? 'a folder beside its caller')
}

/** The files of a folder that Terraform (and tofu) take as configuration. */
function configurationIn(folder: string, expected: ExpectedPlanfile): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  const consider = (path: string, bytes: Uint8Array) => {
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    if (path.slice(0, Math.max(slash, 0)) === folder && isConfiguration(name)) found.set(name, bytes)
  }
  for (const [path, bytes] of expected.files) consider(path, bytes)
  for (const [path, text] of expected.generated)
    consider(resolvePath(expected.folder, path) ?? path, new TextEncoder().encode(text))
  const isRead = (name: string) => {
    const [, base, kind, json = ''] = /^(.*)\.(tf|tofu)(\.json)?$/.exec(name) ?? []
    if (expected.tool === 'terraform') return kind === 'tf'
    return kind === 'tofu' || !found.has(`${base}.tofu${json}`)
  }
  return new Map([...found].filter(([name]) => isRead(name)))
}

function isConfiguration(name: string): boolean {
  const ignored = name.startsWith('.') || name.endsWith('~') || (name.startsWith('#') && name.endsWith('#'))
  return !ignored && /\.(tf|tofu)(\.json)?$/.test(name)
}

function lockFileMismatches(planfile: Planfile, { lockFile }: ExpectedPlanfile): PlanfileMismatch[] {
  if (lockFile === undefined) return []
  return differs('lock-file', '.terraform.lock.hcl', described(lockFile), described(planfile.lockFile))
}

function backendMismatches({ backend }: Planfile, expected: ExpectedPlanfile): PlanfileMismatch[] {
  if (expected.backend === undefined) return []
  const type = differs('backend', 'backend', expected.backend.type, backend.type)
  if (type.length > 0) return type
  const found = isMap(backend.config) ? backend.config : {}
  const wanted = expected.backend.config
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort().flatMap((key) => {
    const [old, now] = [loose(wanted[key]), loose(found[key])]
    if (old === now) return []
    return [{ kind: 'backend' as const, what: `backend.${key}`, expected: setting(key, old), found: setting(key, now) }]
  })
}

function variableMismatches(planfile: Planfile, { variables }: ExpectedPlanfile): PlanfileMismatch[] {
  const declared = declaredVariables(planfile.modules.find((it) => it.key === '')?.files ?? new Map())
  return [...new Set([...Object.keys(variables), ...Object.keys(planfile.variables)])].sort().flatMap((name) => {
    const [wanted, found] = [variables[name] ?? null, planfile.variables[name] ?? null]
    if (!Object.hasOwn(planfile.variables, name)) {
      if (wanted === null || !declared.has(name) || planfile.applyTimeVariables.includes(name)) return []
    } else if (sameInput(wanted, found)) return []
    // Values of variables may be secret, and nothing here knows which.
    return [
      {
        kind: 'variable' as const,
        what: `var.${name}`,
        expected: wanted === null ? 'no value' : 'the resolved value',
        found: found === null ? 'no value' : 'another value',
      },
    ]
  })
}

/** Terraform takes a string from a `TF_VAR_` variable for a number or boolean. */
function sameInput(wanted: Plain, found: Plain): boolean {
  if (canonicalJson(wanted) === canonicalJson(found)) return true
  if (typeof wanted !== 'string' || typeof found === 'string') return false
  try {
    return canonicalJson(exactJson(wanted)) === canonicalJson(found)
  } catch {
    return false
  }
}

/** Names in `variable` blocks. Enough for a plan that Terraform accepted: such a block starts a line. */
function declaredVariables(files: ReadonlyMap<string, Uint8Array>): ReadonlySet<string> {
  const names = [...files].flatMap(([file, bytes]) => {
    const text = new TextDecoder().decode(bytes)
    if (file.endsWith('.json')) return variablesInJson(text)
    const found = text.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/^[ \t]*variable[ \t]+"?([\w-]+)"?[ \t]*\{/gm)
    return [...found].map(([, name]) => name!)
  })
  return new Set(names)
}

function variablesInJson(text: string): string[] {
  try {
    const { variable } = JSON.parse(text) as { variable?: unknown }
    const blocks: unknown[] = Array.isArray(variable) ? variable : [variable]
    return blocks.flatMap((block) => (typeof block === 'object' && block !== null ? Object.keys(block) : []))
  } catch {
    // Terraform would have refused it; that its bytes are not the expected ones is told elsewhere.
    return []
  }
}

function differs(kind: PlanfileMismatch['kind'], what: string, expected: string, found: string): PlanfileMismatch[] {
  return expected === found ? [] : [{ kind, what, expected, found }]
}

function described(bytes: Uint8Array | undefined): string {
  return bytes ? `sha256 ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}…` : 'no such file'
}

/** Backends turn `"true"` into true and 1 into "1"; null is not set. */
function loose(value: Plain | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (Array.isArray(value)) return value.length === 0 ? undefined : JSON.stringify(value.map(loose))
  if (!isMap(value)) return String(value)
  const entries = Object.keys(value)
    .sort()
    .flatMap((key) => {
      const item = loose(value[key])
      return item === undefined ? [] : [`${key}=${item}`]
    })
  return entries.length === 0 ? undefined : `{${entries.join(', ')}}`
}

function setting(key: string, value: string | undefined): string {
  if (value === undefined) return 'not set'
  if (/secret|token|password|credential|access_key|encryption_key|conn_str|sas/.test(key)) return '(sensitive)'
  if (value.startsWith('{')) return 'other settings'
  return value.replace(/:\/\/[^/@]*@/, '://')
}

function isMap(value: Plain): value is { readonly [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** undefined when the path leaves the repository. */
function resolvePath(folder: string, relative: string): string | undefined {
  const parts = folder === '' || folder === '.' ? [] : folder.split('/')
  for (const step of relative.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') parts.push(step)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}
