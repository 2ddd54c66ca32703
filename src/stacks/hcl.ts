import type { Position } from '../error.ts'
import { type Block, hclBlocks, literal, objectItems } from './hclblocks.ts'
import { jsonBlocks } from './hcljson.ts'
import { type PathUse, pathUses } from './hclpaths.ts'
import type { Spot, Token } from './hcltokens.ts'

interface Named {
  readonly name: string
  readonly at: Position
}

/** `source` and `version` are undefined where they are left out or no literal text. */
export interface ModuleCall extends Named {
  readonly source: string | undefined
  readonly version: string | undefined
}

/** A provider that `required_providers` names. */
export interface RequiredProvider extends Named {
  readonly source: string | undefined
  readonly version: string | undefined
}

/** What one `.tf` or `.tf.json` file says of its module. */
export interface ModuleFile {
  readonly variables: readonly (Named & { readonly sensitive: boolean })[]
  readonly outputs: readonly (Named & { readonly sensitive: boolean })[]
  readonly moduleCalls: readonly ModuleCall[]
  readonly requiredProviders: readonly RequiredProvider[]
  /** `required_version` settings. */
  readonly requiredVersions: readonly string[]
  readonly providers: readonly (Named & { readonly alias: string | undefined; readonly version: string | undefined })[]
  /** `backend` block's type, or `cloud`. */
  readonly backend: { readonly type: string; readonly at: Position } | undefined
  /** `aws_vpc.main` */
  readonly resources: readonly Named[]
  /** `data.aws_ami.linux` */
  readonly dataSources: readonly Named[]
  /** Resources with a `provisioner`; `name` is the resource, `type` the provisioner. */
  readonly provisioners: readonly (Named & { readonly type: string })[]
  readonly paths: readonly PathUse[]
  /** The first thing that is no HCL. */
  readonly problem: { readonly message: string; readonly at: Position } | undefined
}

/** Reads one file of a Terraform module: names, sources and paths, nothing evaluated. A broken file is read as far as it goes. */
export function scanModule(text: string, file: string): ModuleFile {
  const { root, problem } = file.endsWith('.json') ? jsonBlocks(text) : hclBlocks(text)
  const at = (spot: Spot): Position => ({ file, line: spot.line, column: spot.column })
  const of = (type: string) => root.blocks.filter((it) => it.type === type)
  const named = (it: Block): Named => ({ name: it.labels[0] ?? '', at: at(it.at) })
  const text_ = (it: Block, key: string) => literal(it.attributes.get(key)?.value)
  const sensitive = (it: Block) => isTrue(it.attributes.get('sensitive')?.value)

  const terraform = of('terraform')
  const nested = (type: string) => terraform.flatMap((it) => it.blocks.filter((inner) => inner.type === type))
  const backend = nested('backend')[0] ?? nested('cloud')[0]
  const resources = of('resource')
  return {
    variables: of('variable').map((it) => ({ ...named(it), sensitive: sensitive(it) })),
    outputs: of('output').map((it) => ({ ...named(it), sensitive: sensitive(it) })),
    moduleCalls: of('module').map((it) => ({
      ...named(it),
      source: text_(it, 'source'),
      version: text_(it, 'version'),
    })),
    requiredProviders: nested('required_providers').flatMap((it) =>
      [...it.attributes].map(([name, { value, at: spot }]) => {
        const items = objectItems(value)
        return {
          name,
          at: at(spot),
          source: literal(items.get('source')?.value),
          version: literal(items.get('version')?.value) ?? literal(value),
        }
      }),
    ),
    requiredVersions: terraform.flatMap((it) => text_(it, 'required_version') ?? []),
    providers: of('provider').map((it) => ({
      ...named(it),
      alias: text_(it, 'alias'),
      version: text_(it, 'version'),
    })),
    backend: backend && {
      type: backend.type === 'cloud' ? 'cloud' : (backend.labels[0] ?? ''),
      at: at(backend.at),
    },
    resources: resources.map((it) => ({ name: it.labels.join('.'), at: at(it.at) })),
    dataSources: of('data').map((it) => ({ name: `data.${it.labels.join('.')}`, at: at(it.at) })),
    provisioners: resources.flatMap((it) =>
      it.blocks
        .filter((inner) => inner.type === 'provisioner')
        .map((inner) => ({ name: it.labels.join('.'), type: inner.labels[0] ?? '', at: at(inner.at) })),
    ),
    paths: pathUses(root, file),
    problem: problem && { message: problem.message, at: at(problem.at) },
  }
}

function isTrue(value: readonly Token[] | undefined): boolean {
  const [token, more] = (value ?? []).filter((it) => it.kind !== 'end')
  return token?.kind === 'word' && token.text === 'true' && !more
}
