import { type Position, UserError } from './error.ts'
import type { MapValue, Value } from './stacks/value.ts'
import { closest } from './words.ts'

/** What a repository sets for Airlock: `integrations.airlock` in atmos.yaml. */
export interface Settings {
  /** The protected branch; undefined: origin's HEAD, else `main`. */
  readonly branch: string | undefined
  /** Whether findings of `validate stacks` stop Airlock's own verbs. */
  readonly validate: 'warn' | 'error'
  /** How many instances run at once; undefined: the number of cores. */
  readonly parallel: number | undefined
  /** How long a sealed plan may be applied after it was made. */
  readonly planDays: number
  /** How long a claim holds without being renewed. */
  readonly leaseMinutes: number
  /** Differences from what was applied that are expected, until a day. */
  readonly noise: readonly NoiseRule[]
  /** More removals in flight than this need approvals that name their number. */
  readonly destroyMax: number
  /** Whether what the merge gate finds holds a change back, or is told only. */
  readonly gate: 'block' | 'warn'
  /** Whether owners of affected stacks must approve; undefined: where there is a CODEOWNERS file. */
  readonly owners: boolean | undefined
  readonly policies: readonly Policy[]
  /** Where records and sealed plans are kept; undefined: beside the repository, on this machine. */
  readonly store: StoreSettings | undefined
  /** age recipients (`age1…`) that sealed plans are encrypted to; none: the key of this machine. */
  readonly recipients: readonly string[]
  readonly github: GitHubSettings
  /** Roles in the cloud where an instance names none: those of Cloud Posse's actions, `integrations.github.gitops.role`. */
  readonly auth: { readonly plan: string | undefined; readonly apply: string | undefined }
}

/** A store in a bucket: `store` of `integrations.airlock`, as a URL or as a map. */
export interface StoreSettings {
  /** `s3://bucket/prefix` */
  readonly url: string
  readonly region: string | undefined
  /** For what is not AWS: `https://minio.acme.test`. */
  readonly endpoint: string | undefined
  /** Roles that jobs take to reach the store, by what they may do there; undefined: the credentials of the environment. */
  readonly roles: Readonly<Partial<Record<StoreRole, string>>>
}

/** Who may do what in the store: `plan` only creates, `fold` writes documents, `apply` also decrypts, `read` reads. */
export type StoreRole = 'plan' | 'fold' | 'apply' | 'read'

/** How Airlock runs on GitHub Actions. */
export interface GitHubSettings {
  /** Labels of the runners of all jobs. */
  readonly runsOn: readonly string[]
  /** Name of the workflow file that `airlock init` writes. */
  readonly workflow: string
  /** The most jobs of a matrix; GitHub's own limit is 256. */
  readonly maxJobs: number
  /** The most instances that a job works on one after another before a component gets a second job. */
  readonly instancesPerJob: number
  /** Above so many changed instances only a sample is planned, the rest when somebody asks. */
  readonly planOnDemandAbove: number
}

/** A command that judges plans before they are merged: it exits with 0 where it has nothing to say. */
export interface Policy {
  readonly name: string
  /** A line for `sh`. */
  readonly command: string
  readonly timeoutSeconds: number
}

/** A difference that a provider always reports: `drift.noise` of `integrations.airlock`. `*` stands for any text. */
export interface NoiseRule {
  /** Of objects: `module.*.aws_instance.this[*]`. */
  readonly address: string
  /** Of attributes: `tags_all.*`. */
  readonly attribute: string
  readonly owner: string
  readonly reason: string
  /** The end of the day that `until` names, milliseconds since 1970. */
  readonly untilMs: number
  readonly at: Position
}

/** Who gives an approval, and how. */
export type ApprovalKind = 'environment' | 'review' | 'comment' | 'local' | 'none'

/** What a stack or component sets for itself: `settings.airlock`. */
export interface InstanceSettings {
  /**
   * Who must approve a plan before it is applied: reviewers of the environment, the pull request's review, a comment, Git's user
   * (with records on this machine only), or nobody. Undefined: `local` on this machine, `review` with records elsewhere.
   */
  readonly approval: ApprovalKind | undefined
  /** GitHub's environment that it belongs to; undefined: its stage (`vars.stage`), else its stack. */
  readonly environment: string | undefined
  /** Roles in the cloud for its runs of Terraform. */
  readonly auth: { readonly plan: string | undefined; readonly apply: string | undefined }
  /** Globs of further files, from the repository's root, whose change calls for a plan. */
  readonly watch: readonly string[]
  /** The stack takes one change at a time: nothing of it may be in flight when another is merged. */
  readonly ordered: boolean
}

/**
 * Parses `integrations.airlock`. Keys are read without regard to case, since Atmos lower-cases them.
 * @param gitops `integrations.github.gitops`: what it says of roles and the region counts where nothing else does
 * @throws UserError `setting-unknown`, `setting-invalid`
 */
export function settings(value: Value | undefined, gitops?: Value): Settings {
  const fields = reader(value, 'integrations.airlock', [
    'branch',
    'validate',
    'parallel',
    'plan_days',
    'lease_minutes',
    'drift',
    'destroy',
    'gate',
    'owners',
    'policies',
    'store',
    'recipients',
    'github',
  ])
  const destroy = reader(fields.value('destroy'), 'integrations.airlock.destroy', ['max'])
  return {
    branch: fields.text('branch'),
    validate: fields.choice('validate', ['warn', 'error'], 'warn'),
    parallel: fields.count('parallel'),
    planDays: fields.count('plan_days') ?? 14,
    leaseMinutes: fields.count('lease_minutes') ?? 15,
    noise: noiseRules(fields.value('drift')),
    destroyMax: destroy.count('max') ?? 3,
    gate: fields.choice('gate', ['block', 'warn'], 'block'),
    owners: fields.flag('owners'),
    policies: fields.items('policies').map(policy),
    store: store(fields.value('store'), textAt(gitops, 'artifact-storage', 'region')),
    recipients: fields.texts('recipients'),
    github: github(fields.value('github')),
    auth: { plan: textAt(gitops, 'role', 'plan'), apply: textAt(gitops, 'role', 'apply') },
  }
}

/** A text of somebody else's settings, whatever the case of its keys; what is none of ours is never an error. */
function textAt(value: Value | undefined, ...path: readonly string[]): string | undefined {
  const [key, ...rest] = path
  if (key === undefined) return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined
  if (value?.kind !== 'map') return undefined
  const entry = [...value.entries].find(([name]) => name.toLowerCase() === key)
  return textAt(entry?.[1], ...rest)
}

function store(value: Value | undefined, usualRegion: string | undefined): StoreSettings | undefined {
  const name = 'integrations.airlock.store'
  if (value === undefined) return undefined
  if (value.kind === 'scalar' && typeof value.value === 'string')
    return { url: bucketUrl(value, value.value), region: usualRegion, endpoint: undefined, roles: {} }
  const fields = reader(value, name, ['url', 'region', 'endpoint', 'roles'])
  const roles = reader(fields.value('roles'), `${name}.roles`, storeRoles)
  return {
    url: bucketUrl(fields.value('url') ?? value, fields.needed('url')),
    region: fields.text('region') ?? usualRegion,
    endpoint: fields.text('endpoint'),
    roles: Object.fromEntries(
      storeRoles.flatMap((role) => {
        const arn = roles.text(role)
        return arn === undefined ? [] : [[role, arn]]
      }),
    ),
  }
}

const storeRoles = ['plan', 'fold', 'apply', 'read'] as const satisfies readonly StoreRole[]

function bucketUrl(value: Value, url: string): string {
  if (/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9._-]+)*\/?$/.test(url)) return url.replace(/\/$/, '')
  throw wrong(value, 'integrations.airlock.store', 'a URL such as s3://bucket/prefix')
}

function github(value: Value | undefined): GitHubSettings {
  const fields = reader(value, 'integrations.airlock.github', [
    'runs_on',
    'workflow',
    'max_jobs',
    'instances_per_job',
    'plan_on_demand_above',
  ])
  const runsOn = fields.texts('runs_on')
  return {
    runsOn: runsOn.length > 0 ? runsOn : ['ubuntu-latest'],
    workflow: fields.text('workflow') ?? 'airlock.yml',
    maxJobs: Math.min(fields.count('max_jobs') ?? 256, 256),
    instancesPerJob: fields.count('instances_per_job') ?? 20,
    planOnDemandAbove: fields.count('plan_on_demand_above') ?? 2000,
  }
}

const noiseKeys = ['address', 'attribute', 'owner', 'reason', 'until'] as const

/** Each rule says who answers for it, why, and until when: what is expected for ever is looked at by nobody. */
function noiseRules(value: Value | undefined): NoiseRule[] {
  const name = 'integrations.airlock.drift'
  const list = reader(value, name, ['noise']).value('noise')
  if (list === undefined) return []
  if (list.kind !== 'list') throw wrong(list, `${name}.noise`, 'a list')
  return list.items.map((item) => {
    const fields = reader(item, `${name}.noise`, noiseKeys)
    const day = fields.value('until')
    // Without quotes YAML takes a day for a moment, which Atmos makes an empty map of.
    if (day !== undefined && (day.kind !== 'scalar' || !isDay(day.value)))
      throw wrong(day, `${name}.noise.until`, 'a day in quotes: "2026-12-31"')
    const [address, attribute, owner, reason, until] = noiseKeys.map((key) => {
      const text = fields.text(key)
      if (text !== undefined && text.trim() !== '') return text
      throw missing(item, `${name}.noise`, key)
    }) as [string, string, string, string, string]
    return { address, attribute, owner, reason, untilMs: Date.parse(until) + DAY_MS, at: item.at }
  })
}

const DAY_MS = 86_400_000

function isDay(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
}

function missing(item: Value, name: string, key: string): UserError {
  return new UserError({
    code: 'setting-invalid',
    message: `${name} has an entry without ${key}`,
    fix: `each entry needs ${noiseKeys.join(', ')}`,
    at: item.at,
    exit: 2,
  })
}

/** Parses `settings.airlock` of an instance. @throws UserError `setting-unknown`, `setting-invalid` */
export function instanceSettings(sections: MapValue): InstanceSettings {
  const all = sections.entries.get('settings')
  const value = all?.kind === 'map' ? all.entries.get('airlock') : undefined
  const fields = reader(value, 'settings.airlock', ['approval', 'watch', 'ordered', 'environment', 'auth'])
  const auth = reader(fields.value('auth'), 'settings.airlock.auth', ['plan', 'apply'])
  return {
    approval: fields.chosen('approval', ['environment', 'review', 'comment', 'local', 'none']),
    environment: fields.text('environment'),
    auth: { plan: auth.text('plan'), apply: auth.text('apply') },
    watch: fields.texts('watch'),
    ordered: fields.flag('ordered') ?? false,
  }
}

function policy(item: Value): Policy {
  const fields = reader(item, 'integrations.airlock.policies[]', ['name', 'command', 'timeout_seconds'])
  return {
    name: fields.needed('name'),
    command: fields.needed('command'),
    timeoutSeconds: fields.count('timeout_seconds') ?? 60,
  }
}

function reader(value: Value | undefined, name: string, known: readonly string[]) {
  if (value !== undefined && value.kind !== 'map') throw wrong(value, name, 'a map')
  const entries = new Map([...(value?.entries ?? [])].map(([key, item]) => [key.toLowerCase(), item]))
  for (const [key, item] of entries) {
    if (known.includes(key)) continue
    const near = closest(key, known)
    throw new UserError({
      code: 'setting-unknown',
      message: `${name}.${key} is no setting of Airlock`,
      fix: near ? `did you mean ${name}.${near}?` : `known settings: ${known.join(', ')}`,
      at: item.key ?? item.at,
      exit: 2,
    })
  }
  const scalar = (key: string) => {
    const item = entries.get(key)
    if (item === undefined) return undefined
    if (item.kind !== 'scalar') throw wrong(item, `${name}.${key}`, 'a single value')
    return item
  }
  return {
    value: (key: string): Value | undefined => entries.get(key),
    text(key: string): string | undefined {
      const item = scalar(key)
      if (item === undefined || typeof item.value === 'string') return item?.value as string | undefined
      throw wrong(item, `${name}.${key}`, 'a text')
    },
    needed(key: string): string {
      const item = scalar(key)
      if (typeof item?.value === 'string' && item.value !== '') return item.value
      throw wrong(item ?? value!, `${name}.${key}`, 'a text')
    },
    flag(key: string): boolean | undefined {
      const item = scalar(key)
      if (item === undefined || typeof item.value === 'boolean') return item?.value as boolean | undefined
      throw wrong(item, `${name}.${key}`, 'true or false')
    },
    items(key: string): readonly Value[] {
      const item = entries.get(key)
      if (item === undefined) return []
      if (item.kind !== 'list') throw wrong(item, `${name}.${key}`, 'a list')
      return item.items
    },
    choice<T extends string>(key: string, choices: readonly T[], otherwise: T): T {
      return this.chosen(key, choices) ?? otherwise
    },
    chosen<T extends string>(key: string, choices: readonly T[]): T | undefined {
      const item = scalar(key)
      if (item === undefined) return undefined
      const found = choices.find((choice) => choice === item.value)
      if (found === undefined) throw wrong(item, `${name}.${key}`, choices.join(' or '))
      return found
    },
    count(key: string): number | undefined {
      const item = scalar(key)
      if (item === undefined) return undefined
      if (typeof item.value !== 'number' || !Number.isInteger(item.value) || item.value < 1)
        throw wrong(item, `${name}.${key}`, 'a whole number of at least 1')
      return item.value
    },
    texts(key: string): string[] {
      const item = entries.get(key)
      if (item === undefined) return []
      const items = item.kind === 'list' ? item.items : [item]
      return items.map((it) => {
        if (it.kind === 'scalar' && typeof it.value === 'string') return it.value
        throw wrong(it, `${name}.${key}`, 'a text, or a list of texts')
      })
    },
  }
}

function wrong(value: Value, name: string, expected: string): UserError {
  const found = value.kind === 'scalar' ? JSON.stringify(String(value.value)) : `a ${value.kind}`
  return new UserError({
    code: 'setting-invalid',
    message: `${name} must be ${expected}, not ${found}`,
    fix: 'mend the value, or remove it to use the default',
    at: value.at,
    exit: 2,
  })
}
