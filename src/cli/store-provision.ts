import { UserError } from '../error.ts'
import { bucketWish, type ProvisionRequest, provisionBucket, storeDesign } from '../flows/provision.ts'
import { roleDesigns, type StoreDesign } from '../flows/provision-roles.ts'
import { storeTerraform, terraformArns } from '../flows/provision-terraform.ts'
import { storeSettings } from '../flows/store-settings.ts'
import type { BucketStep } from '../store/bucket.ts'
import { openBucketAdmin } from '../wire/store.ts'
import { openRepo } from '../wire.ts'
import type { Command } from './command.ts'
import { paint, table } from './style.ts'

export const command: Command = {
  name: 'store provision',
  summary: 'Make the bucket of a store and its roles, or print how',
  usage: 'airlock store provision [--print FORMAT] [--bucket NAME] [--yes]',
  description:
    'A private bucket (no public access, TLS only, encrypted, with versions), rules for how\n' +
    'long things are kept, and four roles that jobs on GitHub Actions take: plan, fold,\n' +
    'apply, read. Without --print it shows what is to be done to the bucket, and does it\n' +
    'with --yes; roles are printed only. Rules of others in the bucket are kept.',
  examples: [
    { command: 'airlock store provision --print terraform', does: 'the whole of it as code' },
    { command: 'airlock store provision --bucket acme-airlock', does: 'what is to be done' },
  ],
  flags: [
    { name: 'print', type: 'string', value: 'FORMAT', help: 'Print terraform, or the policies as json' },
    { name: 'bucket', type: 'string', value: 'NAME', help: 'The bucket (default: integrations.airlock.store)' },
    { name: 'prefix', type: 'string', value: 'PATH', help: 'A folder in it (default: as the store says)' },
    {
      name: 'region',
      type: 'string',
      value: 'REGION',
      help: 'Its region (default: as the store says)',
    },
    {
      name: 'endpoint',
      type: 'string',
      value: 'URL',
      help: 'Of a service that is not AWS (default: as the store says)',
    },
    { name: 'repository', type: 'string', value: 'OWNER/NAME', help: 'On GitHub (default: origin)' },
    { name: 'owner-id', type: 'number', value: 'N', help: "The owner's number, for immutable subjects" },
    { name: 'repository-id', type: 'number', value: 'N', help: "The repository's number, for immutable subjects" },
    {
      name: 'environment',
      type: 'list',
      value: 'LIST',
      help: 'Environments that apply (default: those of the stacks)',
    },
    { name: 'account', type: 'string', value: 'NUMBER', help: 'The account, in what --print json prints' },
    { name: 'yes', type: 'boolean', help: 'Do what is to be done to the bucket' },
  ],
  positional: [],
  async run({ flags }, terminal) {
    const print = flags.print as string | undefined
    if (print !== undefined && print !== 'terraform' && print !== 'json')
      throw new UserError({
        code: 'flag-value-invalid',
        message: `--print takes terraform or json, not ${print}`,
        exit: 2,
      })
    const world = await openRepo(terminal)
    const settings = await storeSettings(world)
    const account = (flags.account as string | undefined) ?? 'ACCOUNT'
    const design = await storeDesign(
      world,
      settings,
      requestOf(flags),
      print === 'json' ? arnsOf(account) : terraformArns,
    )
    if (print === 'terraform') terminal.print(storeTerraform(design, settings))
    else if (print === 'json') terminal.print(JSON.stringify(rolesJson(design), undefined, 2))
    else {
      const look = paint(terminal.color)
      const endpoint = (flags.endpoint as string | undefined) ?? settings.store?.endpoint
      const at = { url: `s3://${design.bucket}`, region: design.region, endpoint }
      const admin = openBucketAdmin(at, terminal.env)
      const really = flags.yes === true
      const steps = await provisionBucket(admin, bucketWish(design, settings), {
        really,
        done: (step) => terminal.note(`  done: ${stepWords[step.kind]}`),
      })
      if (flags.json)
        terminal.print(JSON.stringify({ bucket: design.bucket, region: design.region, steps, done: really }))
      else terminal.print(stepsText(design, steps, really, look.bold))
      if (settings.store === undefined && !flags.json) terminal.print(`\n${settingText(design)}`)
    }
    return 0
  },
}

function requestOf(flags: Readonly<Record<string, unknown>>): ProvisionRequest {
  const { bucket, prefix, region, repository, environment } = flags
  const text = (name: string, value: unknown) => (typeof value === 'string' ? { [name]: value } : {})
  const number = (name: string, value: unknown) => (typeof value === 'number' ? { [name]: value } : {})
  return {
    ...text('bucket', bucket),
    ...text('prefix', prefix),
    ...text('region', region),
    ...text('repository', repository),
    ...number('ownerId', flags['owner-id']),
    ...number('repositoryId', flags['repository-id']),
    ...(Array.isArray(environment) && environment.length > 0 && { environments: environment as string[] }),
  }
}

function arnsOf(account: string): Pick<StoreDesign, 'provider' | 'account'> {
  return {
    provider: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
    account: `arn:aws:iam::${account}:root`,
  }
}

/** Roles by what they may do: name, trust and policy. */
function rolesJson(design: StoreDesign): unknown {
  return Object.fromEntries(roleDesigns(design).map(({ role, ...of }) => [role, of]))
}

const stepWords: Readonly<Record<BucketStep['kind'], string>> = {
  create: 'make the bucket',
  'block-public': 'block public access',
  ownership: 'own every object',
  versions: 'keep versions',
  encryption: 'encrypt (AES256)',
  policy: 'refuse requests without TLS',
  lifecycle: 'let go of old plans, inbox objects and versions',
}

/** What is written into `atmos.yaml`, so that the store is used. */
function settingText({ bucket, prefix, region }: Pick<StoreDesign, 'bucket' | 'prefix' | 'region'>): string {
  return [
    'No store is set yet. In atmos.yaml, on the protected branch, with the ARNs of the roles when they are made:',
    '',
    '  integrations:',
    '    airlock:',
    '      store:',
    `        url: s3://${[bucket, prefix].filter((it) => it !== '').join('/')}`,
    `        region: ${region}`,
    '        roles: { plan: …, fold: …, apply: …, read: … }',
  ].join('\n')
}

/** What is to be done to the bucket, or was, and what comes next. */
export function stepsText(
  { bucket, region }: Pick<StoreDesign, 'bucket' | 'region'>,
  steps: readonly BucketStep[],
  done: boolean,
  bold: (text: string) => string,
): string {
  const count = `${steps.length} ${steps.length === 1 ? 'thing' : 'things'}`
  const head =
    steps.length === 0
      ? `s3://${bucket} in ${region} is as it should be.`
      : `${bold(`s3://${bucket}`)} in ${region}: ${done ? `did ${count}` : `${count} to do`}`
  return [
    head,
    ...(steps.length === 0 ? [] : ['', ...table(steps.map(({ kind, now }) => [stepWords[kind], now]))]),
    '',
    'Roles are not made here: airlock store provision --print terraform prints them, --print json their policies.',
    ...(steps.length === 0 || done ? [] : ['Next: the same with --yes']),
  ].join('\n')
}
