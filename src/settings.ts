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

/** What a stack or component sets for itself: `settings.airlock`. */
export interface InstanceSettings {
  /** Who must approve a plan before it is applied. */
  readonly approval: 'local' | 'none'
  /** Globs of further files, from the repository's root, whose change calls for a plan. */
  readonly watch: readonly string[]
  /** The stack takes one change at a time: nothing of it may be in flight when another is merged. */
  readonly ordered: boolean
}

/**
 * Parses `integrations.airlock`. Keys are read without regard to case, since Atmos lower-cases them.
 * @throws UserError `setting-unknown`, `setting-invalid`
 */
export function settings(value: Value | undefined): Settings {
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
  const fields = reader(value, 'settings.airlock', ['approval', 'watch', 'ordered'])
  return {
    approval: fields.choice('approval', ['local', 'none'], 'local'),
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
      const item = scalar(key)
      if (item === undefined) return otherwise
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
