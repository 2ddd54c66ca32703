import { UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { moduleFiles } from '../stacks/modules.ts'
import { valueAt } from '../stacks/value.ts'
import { allows, compareVersions, exactVersion } from '../terraform/version.ts'
import type { Checkout } from './checkout.ts'

/** Which Terraform some instances ask for. */
export interface ToolWishes {
  readonly kind: 'terraform' | 'tofu'
  /** The command that runs it; one that is neither `terraform` nor `tofu` is installed by nobody but its owner. */
  readonly command: string
  readonly wishes: readonly ToolWish[]
}

/** A version or a range of versions, and who asks for it. */
export interface ToolWish {
  readonly constraint: string
  /** `.tool-versions`, `vpc@prod: dependencies.tools`, `components/terraform/vpc: required_version` */
  readonly from: string
}

/** What instances of a commit ask for: settings, `dependencies.tools`, `.tool-versions`, `required_version`. */
export async function toolWishes(at: Checkout, ids: readonly InstanceId[]): Promise<ToolWishes> {
  const command = at.stacks.config.components.terraform.command || 'terraform'
  const kind = /tofu$/.test(command) ? 'tofu' : 'terraform'
  const names = kind === 'tofu' ? ['tofu', 'opentofu'] : ['terraform']
  return reading([at.tree], () => {
    const wishes = new Map<string, ToolWish>()
    const add = (constraint: string | undefined, from: string) => {
      const text = constraint?.trim()
      if (text) wishes.set(`${text}\n${from}`, { constraint: text, from })
    }
    const lines = at.tree.text('.tool-versions')?.split('\n') ?? []
    for (const line of lines) {
      const [name = '', version] = line.replace(/#.*/, '').trim().split(/\s+/)
      if (names.includes(name)) add(version, '.tool-versions')
    }
    for (const id of ids) {
      const instance = at.inventory.get(id)
      if (instance === undefined) continue
      for (const name of names) add(text(instance, ['dependencies', 'tools', name]), `${id}: dependencies.tools`)
      add(text(instance, ['required_version']), `${id}: required_version`)
      for (const { requiredVersions } of moduleFiles(at.tree, instance.folder))
        for (const it of requiredVersions) add(it, `${instance.folder}: required_version`)
    }
    return { kind, command, wishes: [...wishes.values()] }
  })
}

function text(instance: { readonly sections: Parameters<typeof valueAt>[0] }, path: readonly string[]) {
  const value = valueAt(instance.sections, path)
  return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined
}

/** Whether every wish allows a version. */
export function fits({ wishes }: ToolWishes, version: string): boolean {
  return wishes.every(({ constraint }) => allows(constraint, version))
}

/**
 * The version to install: the one that is named, else the newest release that all wishes allow.
 * @param releases all there are; asked for only where no version is named
 * @throws UserError `tool-versions-differ`
 */
export async function versionFor(asked: ToolWishes, releases: () => Promise<readonly string[]>): Promise<string> {
  const named = [...new Set(asked.wishes.flatMap(({ constraint }) => exactVersion(constraint) ?? []))]
  const candidates = named.length > 0 ? named : await releases()
  const found = candidates
    .filter((it) => fits(asked, it))
    .sort(compareVersions)
    .at(-1)
  if (found !== undefined) return found
  throw new UserError({
    code: 'tool-versions-differ',
    message: [
      `no ${asked.kind} is of a version that all of this job ask for:`,
      ...asked.wishes.map(({ constraint, from }) => `  ${constraint}   ${from}`),
    ].join('\n'),
    fix: 'make the ranges overlap; a job works with one version, so that components which cannot agree must not share one',
    exit: 2,
  })
}
