import { type AdoptItem, type AdoptRequest, adopt } from '../flows/adopt.ts'
import type { ApplyItem, ApplyRequest } from '../flows/apply.ts'
import { applyInFlight } from '../flows/apply.ts'
import { type ApproveRequest, approvePlans } from '../flows/approve.ts'
import { type DriftItem, type DriftRequest, findDrift } from '../flows/drift.ts'
import { recordsNamed } from '../flows/named.ts'
import { type PlanRequest, planChanges } from '../flows/plan.ts'
import type { PlanItem } from '../flows/planning.ts'
import { remediate } from '../flows/remediate.ts'
import { type StatusItem, status } from '../flows/status.ts'
import type { World } from '../flows/world.ts'
import { type MemoryCommit, type MemoryFiles, type MemoryRepo, memoryRepo } from '../git/drivers/memory.ts'
import type { Machine } from '../machine/machine.ts'
import type { ShellCommand, ShellEnd } from '../machine/shell.ts'
import { countsText } from '../plan/summary.ts'
import type { AddressDocument } from '../records/document.ts'
import { type Journal, readDocument } from '../records/journal.ts'
import type { Instance } from '../stacks/instance.ts'
import { memoryStore } from '../store/drivers/memory.ts'
import { memoryVault } from '../store/drivers/memory-vault.ts'
import type { Store } from '../store/store.ts'
import { type ScriptedComponent, type ScriptedTerraform, scriptedTerraform } from '../terraform/drivers/scripted.ts'
import { knownAfterApply } from '../terraform/drivers/scripted-plan.ts'
import type { Job } from '../terraform/terraform.ts'

/** A world in memory in which flows run as they do on a laptop, and what came out of them in a line an instance. */
export interface FlowLab {
  readonly world: World
  readonly repo: MemoryRepo
  readonly store: Store
  readonly terraform: ScriptedTerraform
  /** What reality answers, for scripts that ask it. */
  readonly cloud: Map<string, unknown>
  /** Milliseconds since 1970; may be set. */
  readonly time: { nowMs: number }
  /** Commits files on top of those that are there; undefined removes one. */
  commit(changes: Readonly<Record<string, string | undefined>>, about?: MemoryCommit): void
  plan(request?: PlanRequest): Promise<string[]>
  approve(request?: Partial<ApproveRequest>): Promise<string[]>
  apply(request?: ApplyRequest): Promise<string[]>
  status(): Promise<string[]>
  /** Plans everything at a commit and writes the baseline. */
  adopt(request?: AdoptRequest): Promise<string[]>
  /** Looks at reality: `vpc@dev out-of-band: 1 to change`. */
  look(request?: DriftRequest): Promise<string[]>
  /** Looks, and puts back: what came of that. */
  remediate(request?: DriftRequest): Promise<string[]>
  document(id: string): Promise<AddressDocument>
  /** After a run was killed (`CutShort`): goes on as a new process, to which the old one is gone. */
  restart(): void
  /** Somebody's Terraform takes the lock of an instance's state, or leaves it there; undefined gives it back. */
  hold(id: string, lock: Parameters<ScriptedTerraform['hold']>[1]): Promise<void>
  /** Moves the state of an instance as another run of Terraform would. */
  moveState(id: string): Promise<void>
  /** Changes an object of an instance behind Terraform's back; undefined deletes it. */
  drift(id: string, object: string, values: Readonly<Record<string, unknown>> | undefined): Promise<void>
  /** Forgets all that Airlock ever recorded: as if the estate had been applied without it. */
  forget(): Promise<void>
  /** Moves the state of an instance from another workspace of its folder to where it asks for it. */
  migrateState(id: string, from: string): Promise<void>
}

/** `components` by name; `fails` as for the scripted Terraform; `shell`: how a command ends, well where left out. */
export interface LabOptions {
  readonly components?: Readonly<Record<string, ScriptedComponent>>
  readonly fails?: (step: 'init' | 'plan' | 'apply', job: Job) => string | undefined
  readonly journal?: (journal: Journal) => Journal
  readonly shell?: (command: ShellCommand) => Partial<ShellEnd>
  /** The world as this lab's flows are to see it. */
  readonly world?: (world: World) => World
}

const atmosYaml = `components:
  terraform:
    base_path: components/terraform
    auto_generate_backend_file: true
stacks:
  base_path: stacks
  included_paths: ["**/*"]
  name_pattern: "{stage}"
`

/**
 * One object that holds the variables. Outputs: `size` is known when planned; `steady` never changes, but no plan can say
 * so; `version` counts applies.
 */
const thing: ScriptedComponent = (vars, prior, phase) => {
  const { version: before, steady: _, ...old } = prior['thing.this'] ?? {}
  const unchanged = before !== undefined && JSON.stringify(old) === JSON.stringify(vars)
  const later = (value: unknown) => (unchanged || phase === 'apply' ? value : knownAfterApply)
  const version = later(unchanged ? before : Number(before ?? 0) + 1)
  const steady = later('steady')
  return { objects: { 'thing.this': { ...vars, version, steady } }, outputs: { size: vars.size, version, steady } }
}

/** The files of a component that every lab begins with, and the manifests of its stacks. */
export function labFiles(components: readonly string[], stacks: Readonly<Record<string, string>>): MemoryFiles {
  return {
    'atmos.yaml': atmosYaml,
    ...Object.fromEntries(components.map((name) => [`components/terraform/${name}/main.tf`, `# ${name}\n`])),
    ...Object.fromEntries(
      Object.entries(stacks).map(([stage, body]) => [
        `stacks/${stage}.yaml`,
        `vars:\n  stage: ${stage}\nterraform:\n  backend_type: local\n${body}`,
      ]),
    ),
  }
}

/** Makes the world with one commit on `main`. */
export function flowLab(files: MemoryFiles, options: LabOptions = {}): FlowLab {
  const repo = memoryRepo({ config: { 'user.name': 'Ann', 'user.email': 'ann@acme.test' } })
  let current: Record<string, MemoryFiles[string]> = { ...files }
  repo.commit(current)
  const time = { nowMs: Date.UTC(2026, 10, 24, 9) }
  const process = { pid: 1, killed: false }
  const store = mortal({ ...memoryStore({ clock: () => ++time.nowMs }), url: 'file:///memory' }, process)
  const cloud = new Map<string, unknown>()
  const names = Object.keys(files).flatMap((path) => /^components\/terraform\/([^/]+)\/main\.tf$/.exec(path)?.[1] ?? [])
  const terraform = scriptedTerraform({
    components: Object.fromEntries(
      names.map((name) => [`components/terraform/${name}`, options.components?.[name] ?? thing]),
    ),
    ...(options.fails && { fails: options.fails }),
    killed: () => {
      process.killed = true
    },
  })
  let nonces = 0
  const journal: Journal = { store, nonce: () => `nonce-${++nonces}`, pause: async () => {}, chance: () => 0.5 }
  const machine: Machine = {
    get self() {
      return { host: 'lab', pid: process.pid, started: 'then' }
    },
    user: 'ann',
    cores: 4,
    process: () => undefined,
    isRunning: ({ pid }) => pid === process.pid,
    every: () => () => {},
  }
  const own: World = {
    repo,
    store,
    journal: options.journal?.(journal) ?? journal,
    vault: memoryVault(),
    terraform,
    states: terraform.states,
    machine,
    shell: {
      run: async (command) =>
        ({ kind: 'exited', code: 0, output: '', durationMs: 1, ...options.shell?.(command) }) as ShellEnd,
    },
    ambient: { cwd: '', env: {}, gitRoot: '' },
  }
  const world = options.world?.(own) ?? own
  const events = { begin: () => {}, doing: () => {}, finished: () => {} }
  const placeOf = ({ folder, workspace }: Pick<Instance, 'folder' | 'workspace'>) => {
    const path = workspace === 'default' ? 'terraform.tfstate' : 'terraform.tfstate.d'
    return { key: folder, links: new Map([[path, `${repo.mainWorktree}/${folder}/${path}`]]), workspace }
  }
  const instanceOf = async (id: string) => {
    const { checkout } = await status(world)
    const instance = checkout.inventory.get(id as `${string}@${string}`)
    if (!instance) throw new Error(`no instance ${id}`)
    return instance
  }
  return {
    world,
    repo,
    store,
    terraform,
    cloud,
    time,
    commit(changes, about) {
      current = Object.fromEntries(
        Object.entries({ ...current, ...changes }).filter((it): it is [string, string] => it[1] !== undefined),
      )
      repo.commit(current, about)
    },
    plan: async (request = {}) => (await planChanges(world, request, events)).items.map(planLine),
    approve: async (request = {}) => {
      const { approved } = await approvePlans(world, { all: Object.keys(request).length === 0, ...request })
      return approved.map(({ id }) => id)
    },
    apply: async (request = {}) => (await applyInFlight(world, request, events)).items.map(applyLine),
    adopt: async (request = {}) => (await adopt(world, request, events)).items.map(adoptLine),
    look: async (request = {}) => (await findDrift(world, request, events)).items.map(lookLine),
    remediate: async (request = {}) =>
      (await remediate(world, request, { ...events, beginRemedy: () => {}, remedied: () => {} })).items.map(applyLine),
    status: async () => (await status(world)).items.map(statusLine),
    document: async (id) => {
      const cut = id.lastIndexOf('@')
      const { address } = await recordsNamed(world, id.slice(0, cut), id.slice(cut + 1))
      return readDocument(store, address)
    },
    async hold(id, lock) {
      const instance = await instanceOf(id)
      const isLocal = instance.backendType === 'local' || instance.backendType === ''
      const remote = { key: `${repo.id}/${id}`, links: new Map<string, string>(), workspace: instance.workspace }
      terraform.hold(isLocal ? placeOf(instance) : remote, lock)
    },
    moveState: async (id) => terraform.move(placeOf(await instanceOf(id))),
    drift: async (id, object, values) => terraform.drift(placeOf(await instanceOf(id)), object, values),
    async forget() {
      for (const key of await store.list('')) await store.delete(key, { kind: 'any' })
    },
    migrateState: async (id, from) => {
      const instance = await instanceOf(id)
      terraform.transfer(placeOf({ ...instance, workspace: from }), placeOf(instance))
    },
    restart() {
      process.pid += 1
      process.killed = false
    },
  }
}

/** A store that a killed process reaches no more. */
function mortal(store: Store, process: { readonly killed: boolean }): Store {
  const alive = <A extends unknown[], R>(act: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (process.killed) throw new Error('killed')
      return act(...args)
    }
  }
  return { ...store, get: alive(store.get), put: alive(store.put), list: alive(store.list), now: alive(store.now) }
}

function planLine(item: PlanItem): string {
  switch (item.kind) {
    case 'planned':
      return `${item.id} planned${item.provisional.length > 0 ? ` provisionally on ${item.provisional.join(', ')}` : ''}`
    case 'failed':
      return `${item.id} failed at ${item.step}`
    case 'deferred':
      return `${item.id} deferred, waits for ${item.waitsFor.join(', ')}`
    case 'blocked':
      return `${item.id} blocked by ${item.by}`
    case 'refused':
      return `${item.id} refused: ${item.code}`
    case 'not-planned':
      return `${item.id} not planned: ${item.why}`
  }
}

function applyLine(item: ApplyItem): string {
  switch (item.kind) {
    case 'applied':
      return `${item.id} applied${item.replanned === 'no' ? '' : `, planned again: ${item.replanned}`}`
    case 'advanced':
      return `${item.id} advanced`
    case 'waits':
      return `${item.id} waits for ${item.upstreams?.join(', ') ?? item.for}${item.differences ? ', another plan than approved' : ''}`
    case 'blocked':
      return `${item.id} blocked by ${item.by}`
    case 'refused':
      return `${item.id} refused: ${item.message.split('\n')[0]}`
    case 'failed':
      return `${item.id} failed at ${item.step}, ${item.outcome}`
  }
}

function lookLine(item: DriftItem): string {
  switch (item.kind) {
    case 'drifted': {
      const { class: is, changes } = item.finding.finding
      return `${item.id} ${is}: ${countsText(changes)}`
    }
    case 'failed':
      return `${item.id} failed: ${item.why}`
    default:
      return `${item.id} ${item.kind}`
  }
}

function adoptLine({ id, standing }: AdoptItem): string {
  return `${id} ${standing.kind === 'applied' ? 'applied' : standing.why}`
}

function statusLine(item: StatusItem): string {
  switch (item.kind) {
    case 'in-flight':
      return `${item.id} ${item.why.map(({ kind }) => kind).join(', ')}: ${item.refusal?.code ?? item.waitsFor.kind}`
    case 'follows':
      return `${item.id} follows ${item.upstreams.join(', ')}`
    case 'drifted':
      return `${item.id} drifted: ${item.finding.class}${item.approval ? `, ${item.approval.kind}` : ''}`
    case 'unknown':
      return `${item.id} unknown: ${item.why.why}`
    case 'moved':
      return `${item.id} moved from ${item.from}`
    case 'absent':
      return `${item.id} absent: ${item.why}`
  }
}
