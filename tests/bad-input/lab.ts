import { UserError } from '../../src/error.ts'
import { applyInFlight } from '../../src/flows/apply.ts'
import { approvePlans } from '../../src/flows/approve.ts'
import { planChanges } from '../../src/flows/plan.ts'
import { status } from '../../src/flows/status.ts'
import { unlockInstance } from '../../src/flows/unlock.ts'
import type { World } from '../../src/flows/world.ts'
import { memoryRepo } from '../../src/git/drivers/memory.ts'
import { parseDocument } from '../../src/records/format.ts'
import type { FileLayer } from '../../src/store/drivers/files.ts'
import { fsStore } from '../../src/store/drivers/fs.ts'
import { memoryVault } from '../../src/store/drivers/memory-vault.ts'
import { type ScriptedComponent, scriptedTerraform } from '../../src/terraform/drivers/scripted.ts'
import { estate } from './house.ts'
import { memoryFiles } from './memory-files.ts'

/** One instance, `vpc` in `dev`, in a remote backend; its Terraform is a script, its store lies on a disk in memory. */
export interface Lab {
  readonly files: FileLayer
  readonly terraform: ReturnType<typeof scriptedTerraform>
  /** The world as a new process sees it; processes before it are gone. */
  world(options?: { readonly files?: FileLayer; readonly clock?: () => number }): World
}

const vpc: ScriptedComponent = ({ size }) => ({ objects: { 'terraform_data.this': { input: size } }, outputs: {} })

/** Makes a lab. */
export function lab(): Lab {
  const disk = memoryFiles()
  const repo = memoryRepo({ config: { 'user.name': 'Ann', 'user.email': 'ann@example.test' } })
  const remote = 'terraform:\n  backend_type: s3\n  backend:\n    s3: {bucket: states, key: vpc}\n'
  const { 'stacks/orgs/prod.yaml': _, ...files } = estate
  repo.commit({
    ...files,
    'stacks/catalog/vpc.yaml': estate['stacks/catalog/vpc.yaml']!.replace(
      'terraform:\n  backend_type: local\n',
      remote,
    ),
  })
  const terraform = scriptedTerraform({ components: { 'components/terraform/vpc': vpc } })
  const vault = memoryVault()
  let processes = 0
  let nonces = 0
  return {
    files: disk,
    terraform,
    world({ files = disk, clock } = {}) {
      processes += 1
      const self = { host: 'lab', pid: processes, started: 'once' }
      const store = fsStore({ folder: '/store', files, ...(clock && { clock }) })
      return {
        repo,
        store,
        vault,
        terraform,
        states: unreadable,
        journal: { store, nonce: () => `nonce-${++nonces}`, pause: async () => {}, chance: () => 0 },
        machine: {
          self,
          user: 'ann',
          cores: 1,
          process: (pid) => ({ ...self, pid }),
          isRunning: ({ pid }) => pid === processes,
          every: () => () => {},
        },
        shell: { run: async () => ({ kind: 'exited', code: 0, output: '', durationMs: 1 }) },
        ambient: { cwd: '', env: {}, gitRoot: '' },
      }
    },
  }
}

const quiet = { begin: () => {}, doing: () => {}, finished: () => {} }
export const plan = (world: World) => planChanges(world, {}, quiet)
export const approve = (world: World) => approvePlans(world, { all: true })
export const apply = (world: World) => applyInFlight(world, {}, quiet)

/** No state of the backend can be read but by Terraform itself. */
const unreadable: World['states'] = {
  async read() {
    throw new UserError({ code: 'state-backend-unsupported', message: 'only Terraform reads it', fix: 'ask Terraform' })
  },
}

/** How many applies Terraform began. */
export function applies({ terraform }: Lab): number {
  return terraform.ran.filter((command) => command.startsWith('apply ')).length
}

/** Everything in the store is whole, and what a record names is there. */
export async function whole({ store, vault }: World): Promise<void> {
  for (const key of await store.list('')) {
    const { bytes } = (await store.get(key))!
    if (key.startsWith('plans/')) await vault.decrypt(bytes)
    else JSON.parse(new TextDecoder().decode(bytes))
    if (!key.startsWith('documents/')) continue
    for (const { blob, model } of parseDocument(bytes, key).plans)
      if (!(await store.get(blob)) || !(await store.get(model))) throw new Error(`${key} names what is not there`)
  }
}

/** What a person does after something went wrong: looks, and does what the answer says, until nothing is in flight. */
export async function finish(it: Lab): Promise<string[]> {
  const done: string[] = []
  for (let step = 0; step < 8; step++) {
    const world = it.world()
    const { items } = await status(world)
    const [item] = items
    if (item === undefined) return done
    if (item.kind !== 'in-flight') throw new Error(`${item.kind} was not expected`)
    const next = item.waitsFor.kind
    done.push(next)
    if (next === 'running')
      await unlockInstance(world, { component: 'vpc', stack: 'dev', reason: 'its process is gone' })
    else if (next === 'plan' || next === 're-plan') await plan(world)
    else if (next === 'approval') await approve(world)
    else if (next === 'apply' || next === 'finish') await apply(world)
    else throw new Error(`nothing to do for ${next}`)
  }
  throw new Error(`it does not end: ${done.join(', ')}`)
}

/** The error that a person sees, or the words of an outcome that says the same; undefined when all went well. */
export async function complaint(work: Promise<unknown>): Promise<string | undefined> {
  try {
    const outcome = await work
    const items = (outcome as { items?: readonly { kind: string; output?: string; message?: string }[] }).items ?? []
    return items.flatMap(({ output, message }) => output ?? message ?? []).join('\n') || undefined
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `${error.code}: ${error.message}; ${error.fix}`
  }
}
