import { createHash } from 'node:crypto'
import { UserError } from '../../error.ts'
import type { StateLock } from '../state-lock.ts'
import type { States } from '../states.ts'
import type { ApplyRun, Job, PlanRun, Ran, Session, StateId, Terraform, Tool } from '../terraform.ts'
import { changesAnything, type Objects, planJson, type Values, type Wanted } from './scripted-plan.ts'
import { scriptedPlanfile } from './scripted-planfile.ts'

/**
 * What a component makes of its variables. In a plan, what only apply can tell is `knownAfterApply`. To throw is to fail.
 * @param prior the objects as they are
 */
export type ScriptedComponent = (vars: Values, prior: Objects, phase: 'plan' | 'apply') => Wanted

/**
 * What a component throws when its apply is cut short after it came as far as `made`: `failed` on its own, or `killed`
 * together with whoever runs it; with `stored: false` nothing of it got into the state, but for what Terraform saves of it
 * when it failed on its own.
 */
export class CutShort extends Error {
  readonly made: Objects
  readonly how: 'failed' | 'killed'
  readonly stored: boolean
  constructor(how: 'failed' | 'killed', made: Objects, { stored = true }: { readonly stored?: boolean } = {}) {
    super(how)
    this.how = how
    this.made = made
    this.stored = stored
  }
}

interface ScriptedState {
  readonly id: StateId
  readonly objects: Objects
  readonly outputs: Values
}

/** What a planfile stands for. */
interface Planned {
  readonly state: string
  readonly serial: number
  readonly destroy: boolean
  readonly vars: Values
  readonly json: string
}

interface Script {
  /** Components by folder: `components/terraform/vpc`. A folder that is not here fails `init`. */
  readonly components: Readonly<Record<string, ScriptedComponent>>
  /** Makes a step of a job fail, with this output. */
  readonly fails?: (step: 'init' | 'plan' | 'apply', job: Job) => string | undefined
  /** Called when Terraform was killed in an apply, before that throws. */
  readonly killed?: () => void
}

/** Terraform played in memory, with the cloud that it works on. */
export interface ScriptedTerraform extends Terraform {
  /** Every command that ran: `plan 0123456789abcdef/vpc@dev`. */
  readonly ran: readonly string[]
  /** Its local states, as if they were read from their files. */
  readonly states: States
  /** Changes an object behind Terraform's back; undefined deletes it. */
  drift(job: StatePlace, address: string, values: Values | undefined): void
  /** Moves a state to another place with all that it tells of, as `mv` does with a local one. */
  transfer(from: StatePlace, to: StatePlace): void
  /** Somebody's Terraform takes the lock of a state; undefined gives it back. `visible`: it can be seen without being taken. */
  hold(
    job: Pick<Job, 'links' | 'workspace' | 'key'>,
    lock: (StateLock & { readonly visible: boolean }) | undefined,
  ): void
  /** Moves the state's serial, as another run would. */
  move(job: StatePlace): void
}

/** What of a job says where its state is. */
type StatePlace = Pick<Job, 'links' | 'workspace' | 'key'>

const tool: Tool = { kind: 'terraform', path: '/scripted/terraform', version: '1.11.4' }
const lockFile = '# Made by the scripted Terraform.\n'
const noState = 0
const planChanges = 2

/** Where a job's state is: equal for all jobs of one state address. */
function stateOf({ links, workspace, key }: StatePlace): string {
  return `${[...links.values()].join(' ') || key}#${workspace ?? ''}`
}

/** Values of root variables, from the variables file and the environment. */
function varsOf({ generated, varFile, env }: Job): Values {
  const fromEnv = Object.entries(env).flatMap(([name, value]): [string, unknown][] =>
    name.startsWith('TF_VAR_') && value !== undefined ? [[name.slice('TF_VAR_'.length), readValue(value)]] : [],
  )
  return { ...Object.fromEntries(fromEnv), ...(JSON.parse(generated.get(varFile) ?? '{}') as Values) }
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const nameOf = (planfile: Uint8Array) => createHash('sha256').update(planfile).digest('hex')

const said = (output: string, exitCode = 0): Ran => ({ exitCode, output, durationMs: 0 })
const unreadable = said('Error: Failed to load plan file\n', 1)

/**
 * A driver for tests of flows: components are functions, states and objects lie in memory, and plans come out in
 * Terraform's shape, as JSON and as files that can be opened and verified. Only the planfiles it wrote are known to it.
 */
export function scriptedTerraform({
  components,
  fails = () => undefined,
  killed = () => {},
}: Script): ScriptedTerraform {
  const states = new Map<string, ScriptedState>()
  const cloud = new Map<string, Objects>()
  const busy = new Map<string, Promise<void>>()
  const plans = new Map<string, Planned>()
  const locks = new Map<string, StateLock & { readonly visible: boolean }>()
  let locksGiven = 0
  let errored: Uint8Array | undefined
  const ran: string[] = []

  function begin(step: 'init' | 'plan' | 'apply', job: Job): Ran | undefined {
    ran.push(`${step} ${job.key}`)
    if (step === 'init' && !components[job.folder]) return said(`Error: there is no script for ${job.folder}\n`, 1)
    const failure = fails(step, job)
    return failure === undefined ? undefined : said(failure, 1)
  }

  function attempt(act: () => Wanted): Wanted | Ran {
    try {
      return act()
    } catch (error) {
      if (error instanceof CutShort) throw error
      return said(`Error: ${error instanceof Error ? error.message : String(error)}\n`, 1)
    }
  }

  /** What Terraform says where another one has the lock. One that was left beside a local state stops nobody. */
  function locked(job: Job): Ran | undefined {
    const lock = locks.get(stateOf(job))
    if (lock === undefined || lock.visible) return undefined
    const { id, operation, who, created } = lock
    return said(
      `Error: Error acquiring the state lock\n\nLock Info:\n  ID:        ${id}\n  Operation: ${operation}\n  Who:       ${who}\n  Created:   ${created}\n`,
      1,
    )
  }

  /** The objects that the state knows, as they are. */
  function refreshed(address: string): Objects {
    const known = states.get(address)?.objects ?? {}
    return Object.fromEntries(Object.entries(cloud.get(address) ?? {}).filter(([name]) => name in known))
  }

  function plan(job: Job, destroy: boolean): PlanRun {
    const broken = begin('init', job)
    if (broken) return { kind: 'failed', step: 'init', ran: broken }
    const failed = begin('plan', job) ?? locked(job)
    if (failed) return { kind: 'failed', step: 'plan', ran: failed }
    const vars = varsOf(job)
    const address = stateOf(job)
    const state = states.get(address)
    const found = refreshed(address)
    const component = components[job.folder]!
    const wanted = destroy ? { objects: {}, outputs: {} } : attempt(() => component(vars, found, 'plan'))
    if ('exitCode' in wanted) return { kind: 'failed', step: 'plan', ran: wanted }
    const json = planJson(vars, { recorded: state?.objects ?? {}, found, outputs: state?.outputs ?? {} }, wanted)
    const changed = changesAnything(json)
    const planfile = scriptedPlanfile({
      job,
      version: tool.version,
      destroy,
      variables: vars,
      state: state?.id,
      lockFile,
    })
    const text = JSON.stringify(json)
    plans.set(nameOf(planfile), { state: address, serial: state?.id.serial ?? noState, destroy, vars, json: text })
    return {
      kind: 'planned',
      changed,
      planfile,
      json: text,
      ran: said(changed ? 'Terraform will perform actions.\n' : 'No changes.\n', changed ? planChanges : 0),
      lockFile,
      made: new Map(),
    }
  }

  async function apply(job: Job, bytes: Uint8Array, seen: (lock: StateLock) => void = () => {}): Promise<ApplyRun> {
    const address = stateOf(job)
    const before = states.get(address)
    const failure = (step: 'init' | 'apply', it: Ran): ApplyRun => ({
      kind: 'failed',
      step,
      ran: it,
      state: states.get(address)?.id,
      erroredState: undefined,
    })
    const broken = begin('init', job)
    if (broken) return failure('init', broken)
    const failed = begin('apply', job) ?? locked(job)
    if (failed) return failure('apply', failed)
    const planned = plans.get(nameOf(bytes))
    if (!planned) return failure('apply', unreadable)
    const { state, serial, destroy, vars } = planned
    if (state !== address || serial !== (before?.id.serial ?? noState))
      return failure('apply', said('Error: Saved plan is stale\n', 1))
    const [who, created] = ['ann@lab', '2026-11-24T09:00:00Z']
    const lock = {
      id: `lock-${++locksGiven}`,
      operation: 'OperationTypeApply',
      who,
      created,
      visible: job.links.size > 0,
    }
    locks.set(address, lock)
    if (lock.visible) seen(lock)
    await new Promise((resolve) => setImmediate(resolve)) // whoever saw it may write it down
    const prior = refreshed(address)
    const component = components[job.folder]!
    const made = destroy
      ? { objects: {}, outputs: {} }
      : cutShort(address, before, prior, () => attempt(() => component(vars, prior, 'apply')))
    locks.delete(address)
    if ('exitCode' in made) {
      const saved = errored
      errored = undefined
      return { ...failure('apply', made), ...(saved && { erroredState: saved }) } as ApplyRun
    }
    const id = { lineage: before?.id.lineage ?? `lineage of ${address}`, serial: serial + 1 }
    const { objects, outputs } = made
    states.set(address, { id, objects, outputs })
    cloud.set(address, objects)
    return { kind: 'applied', ran: said('Apply complete!\n'), state: id, outputs }
  }

  /** What an apply makes; what it had made when it was cut short is there, and in the state. */
  function cutShort(
    address: string,
    before: ScriptedState | undefined,
    prior: Objects,
    act: () => Wanted | Ran,
  ): Wanted | Ran {
    try {
      return act()
    } catch (error) {
      if (!(error instanceof CutShort)) throw error
      const { lineage, serial } = before?.id ?? { lineage: `lineage of ${address}`, serial: noState }
      const isMoved = JSON.stringify(prior) !== JSON.stringify(error.made)
      if (isMoved && error.stored)
        states.set(address, {
          id: { lineage, serial: serial + 1 },
          objects: error.made,
          outputs: before?.outputs ?? {},
        })
      const saved = { id: { lineage, serial: serial + 1 }, objects: error.made, outputs: before?.outputs ?? {} }
      if (isMoved && !error.stored) errored = new TextEncoder().encode(JSON.stringify(saved))
      cloud.set(address, error.made)
      if (error.how === 'failed') return said('Error: the apply was cut short\n', 1)
      killed()
      throw error
    }
  }

  /** Waits until nobody has the working copy, then has it; the answer gives it back. */
  async function take(key: string, waiting: (holder: string) => void): Promise<() => void> {
    const holder = 'another session of this process'
    if (busy.has(key)) waiting(holder)
    for (let before = busy.get(key); before; before = busy.get(key)) await before
    let free = () => {}
    busy.set(
      key,
      new Promise((resolve) => {
        free = resolve
      }),
    )
    return () => {
      busy.delete(key)
      free()
    }
  }

  return {
    ran,
    states: {
      async read({ backendType, backend, workspace, folder }) {
        if (backendType !== 'local' && backendType !== '')
          throw new UserError({
            code: 'state-backend-unsupported',
            message: `the state of ${folder} lies in a "${backendType}" backend, which cannot be read directly yet`,
          })
        const path = workspace === 'default' ? (backend.path ?? 'terraform.tfstate') : 'terraform.tfstate.d'
        const state = states.get(`${folder}/${String(path)}#${workspace}`)
        return (
          state && {
            id: state.id,
            objects: Object.keys(state.objects).length,
            outputs: Object.fromEntries(
              Object.entries(state.outputs).map(([name, value]) => [name, { value, sensitive: false }]),
            ),
          }
        )
      },
    },
    tool: async (command) => (command === 'terraform' ? tool : undefined),
    async open(job, _tool, { waiting = () => {} }): Promise<Session> {
      const release = await take(job.key, waiting)
      return {
        async plan({ destroy, unchangedUnshown }) {
          const made = plan(job, destroy)
          if (made.kind !== 'planned' || made.changed || !unchangedUnshown) return made
          return { kind: 'unchanged', planfile: made.planfile, ran: made.ran }
        },
        async show({ planfile }) {
          const planned = plans.get(nameOf(planfile))
          return planned ? { kind: 'shown', json: planned.json } : { kind: 'failed', step: 'show', ran: unreadable }
        },
        apply: ({ planfile }, { locked: seen } = {}) => apply(job, planfile, seen),
        async lock() {
          const lock = locks.get(stateOf(job))
          return lock?.visible ? lock : undefined
        },
        errored: async () => undefined,
        async push(bytes) {
          states.set(stateOf(job), JSON.parse(new TextDecoder().decode(bytes)) as ScriptedState)
          return { kind: 'pushed' }
        },
        async unlock(id) {
          const lock = locks.get(stateOf(job))
          if (lock?.id !== id)
            return job.links.size > 0 ? { kind: 'absent' } : { kind: 'failed', ran: said('Error: no such lock\n', 1) }
          locks.delete(stateOf(job))
          return { kind: 'released' }
        },
        state: async () => states.get(stateOf(job))?.id,
        outputs: async () => states.get(stateOf(job))?.outputs,
        shownState: async () => undefined,
        close: async () => release(),
      }
    },
    drift(job, address, values) {
      const { [address]: _, ...rest } = cloud.get(stateOf(job)) ?? {}
      cloud.set(stateOf(job), values ? { ...rest, [address]: values } : rest)
    },
    transfer(from, to) {
      const state = states.get(stateOf(from))
      if (!state) throw new Error(`nothing was applied for ${from.key} yet`)
      states.set(stateOf(to), state)
      cloud.set(stateOf(to), cloud.get(stateOf(from)) ?? {})
      states.delete(stateOf(from))
      cloud.delete(stateOf(from))
    },
    hold(job, lock) {
      if (lock) locks.set(stateOf(job), lock)
      else locks.delete(stateOf(job))
    },
    move(job) {
      const state = states.get(stateOf(job))
      if (!state) throw new Error(`nothing was applied for ${job.key} yet`)
      states.set(stateOf(job), { ...state, id: { ...state.id, serial: state.id.serial + 1 } })
    },
  }
}
