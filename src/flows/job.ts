import { posix } from 'node:path'
import type { Subject } from '../affected/subject.ts'
import { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import { namedSecrets, secretsInside, secretsOf } from '../secrets.ts'
import type { AtmosConfig } from '../stacks/config.ts'
import { envTexts } from '../stacks/env-texts.ts'
import { sensitiveVariables } from '../stacks/modules.ts'
import { type MapValue, type Plain, plain, textsIn, valueAt } from '../stacks/value.ts'
import type { DataMap } from '../terraform/data.ts'
import { runGiven } from '../terraform/inputs.ts'
import type { Job } from '../terraform/terraform.ts'
import { encode } from '../yaml/encode.ts'

/** Files of the repository that a run of an instance needs, relative to the root. */
export function jobPaths({ inputs }: Subject): string[] {
  return inputs.files.filter(({ role }) => role !== 'watched').map(({ path }) => path)
}

/** Where runs happen and what surrounds them. */
export interface JobPlace {
  readonly repoId: string
  /** Absolute path of the checkout whose component folders hold local states. */
  readonly stateRoot: string
  readonly config: AtmosConfig
  readonly processEnv: Readonly<Record<string, string | undefined>>
}

/**
 * All that Terraform needs for one instance: the same files, settings and late values give the same job.
 * @param sections the instance's sections with late values filled in
 * @param contents bytes of every path of `jobPaths`
 */
export function jobOf(
  { instance }: Pick<Subject, 'instance'>,
  sections: MapValue,
  tree: Tree,
  contents: ReadonlyMap<string, Uint8Array>,
  { repoId, stateRoot, config, processEnv }: JobPlace,
): {
  readonly job: Job
  readonly warnings: readonly string[]
  /** Texts in variables that the module declares sensitive, and in settings whose names are those of secrets. */
  readonly secrets: readonly string[]
} {
  const { component, stack, folder } = instance
  const data = plain(sections) as DataMap
  const sensitive = sensitiveVariables(tree, folder)
  const given = runGiven({
    names: { component, stack, baseComponent: baseComponent(sections, component) },
    workspace: instance.workspace,
    backendType: instance.backendType,
    sections: data,
    env: envTexts(valueAt(sections, ['env'])),
    sensitive,
    settings: {
      autoGenerateBackendFile: config.components.terraform.autoGenerateBackendFile,
      autoGenerateFiles: config.components.terraform.autoGenerateFiles,
      pluginCache: config.components.terraform.pluginCache,
      userAgent: 'Airlock',
    },
    processEnv,
    generate: {
      render: (template, file) => rendered(template, file, instance.id),
      yaml: (value) => encode(value as Plain),
      hasFolder: (path) => [...tree.files.keys()].some((it) => it.startsWith(`${folder}/${path}/`)),
    },
  })
  const job: Job = {
    key: `${repoId}/${instance.id.replaceAll('/', '--').replace(/[^A-Za-z0-9._@-]/g, '_')}`,
    files: new Map(
      [...contents].map(([path, bytes]) => [path, { bytes, executable: tree.files.get(path)?.mode === 'executable' }]),
    ),
    folder,
    generated: given.generated,
    varFile: given.varFile,
    env: given.env,
    workspace: given.workspace,
    init: {
      reconfigure: config.components.terraform.initRunReconfigure,
      passVars: config.components.terraform.initPassVars,
    },
    links: stateLinks(instance.backendType, data.backend as DataMap | undefined, given.workspace, folder, stateRoot),
  }
  const vars = data.vars as DataMap | undefined
  const secrets = [
    ...[...sensitive].flatMap((name) => textsIn((vars?.[name] ?? null) as Plain)),
    ...[...sensitive].flatMap((name) => given.env[`TF_VAR_${name}`] ?? []),
    ...secretsOf(given.env),
    ...[data.backend, data.providers].flatMap((section) => [
      ...namedSecrets(section),
      ...textsIn((section ?? null) as Plain).flatMap(secretsInside),
    ]),
  ]
  return { job, warnings: given.warnings, secrets }
}

function baseComponent(sections: MapValue, component: string): string | undefined {
  for (const path of [['metadata', 'component'], ['component']]) {
    const value = valueAt(sections, path)
    if (value?.kind === 'scalar' && typeof value.value === 'string' && value.value !== component) return value.value
  }
  return undefined
}

/** A local state stays in the user's checkout: the paths in the working copy that must lead there. */
function stateLinks(
  backendType: string,
  backend: DataMap | undefined,
  workspace: string | undefined,
  folder: string,
  stateRoot: string,
): ReadonlyMap<string, string> {
  if (backendType !== 'local' && backendType !== '') return new Map()
  const text = (key: string, otherwise: string) => {
    const value = backend?.[key]
    return typeof value === 'string' && value !== '' ? value : otherwise
  }
  const path =
    workspace === undefined || workspace === 'default'
      ? text('path', 'terraform.tfstate')
      : text('workspace_dir', 'terraform.tfstate.d')
  if (posix.isAbsolute(path)) return new Map()
  const target = posix.join(folder, path)
  if (target.startsWith('../'))
    throw new UserError({
      code: 'state-path-outside',
      message: `the local state of ${folder} would lie outside of the repository: ${path}`,
      fix: 'give an absolute path, or one inside the repository',
      exit: 2,
    })
  return new Map([[path, posix.join(stateRoot, target)]])
}

function rendered(template: string, file: string, id: string): string {
  if (!template.includes('{{')) return template
  throw new UserError({
    code: 'not-yet',
    message: `generate.${file} of ${id} is a Go template, which cannot be rendered yet`,
    fix: 'write the content as a map, or without {{ }}',
    exit: 2,
  })
}
