import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '../../error.ts'
import { initArgs, planArgs } from '../args.ts'
import type { ApplyRun, Job, PlanRun, Ran, SealedFiles, Session, Tool } from '../terraform.ts'
import { type CopyFile, copyFiles, copyOf, dataFolder, inside, lockFileName } from './copy.ts'
import { localBackend } from './local.ts'
import { localLocks, watchLock } from './local-lock.ts'
import type { HeldLock } from './lock.ts'
import type { PluginCache } from './plugins.ts'
import { type PulledState, parseState } from './pulled.ts'
import { ask, run } from './run.ts'
import { type Initialised, kinship, type Siblings } from './siblings.ts'
import { warm, warmth } from './warm.ts'

interface Opened {
  readonly job: Job
  readonly tool: Tool
  /** Absolute folder of the instance: the layout is in `tree`, what is ours lies beside it. */
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly held: HeldLock
  readonly plugins: PluginCache
  readonly siblings: Siblings
  readonly stop: AbortSignal
  readonly line: ((text: string) => void) | undefined
}

type Prepared =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly step: 'init' | 'workspace'; readonly ran: Ran }

const markName = 'initialised'
const planName = 'plan.tfplan'
const pushName = 'push.tfstate'
const logName = 'output.log'
const planChanges = 2
const noWorkspace = 1

/** A session in a working copy whose lock is held. */
export function session({ job, tool, folder, env, held, plugins, siblings, stop, line }: Opened): Session {
  const copy = copyOf(join(folder, 'tree'), job)
  const cwd = join(copy.root, job.folder)
  const planPath = join(folder, planName)
  const log = join(folder, logName)
  const ours = copyFiles(job)
  const initialised = warm(join(folder, markName), join(cwd, dataFolder), job.workspace)
  const stateLock = localLocks(cwd, job)
  let ready = false
  let sealed: { lockFile: string | undefined; made: ReadonlyMap<string, Uint8Array> } | undefined

  const command = (args: readonly string[]) => ({ path: tool.path, args, cwd, env })
  const terraform = (args: readonly string[]) => run(command(args), { log, stop, note: held.note, line })

  async function textOf(path: string): Promise<string | undefined> {
    return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
  }

  async function init(files: ReadonlyMap<string, CopyFile>): Promise<Ran> {
    // The workspace of the last run may be gone, and Terraform would ask which to take instead.
    await rm(join(cwd, dataFolder, 'environment'), { force: true })
    const { reconfigure, passVars } = job.init
    const args = [...initArgs({ varFile: job.varFile, reconfigure, passVars }), '-input=false', '-no-color']
    return plugins.initialise(files, env, () => terraform(args))
  }

  async function prepare(files: ReadonlyMap<string, CopyFile>): Promise<Prepared> {
    ready = false
    sealed = undefined
    await copy.write(files)
    if (await initialised.is(warmth(job, tool, env, files))) {
      await copy.link()
      ready = true
      return { kind: 'ready' }
    }
    await initialised.set(undefined)
    const kin = kinship(job, tool, env, files)
    const turn = await siblings.take(kin, cwd)
    let made: Initialised | undefined
    try {
      const ran = turn === 'taken' ? undefined : await init(files)
      if (ran && ran.exitCode !== 0) return { kind: 'failed', step: 'init', ran }
      await copy.link()
      const chosen = await selectWorkspace()
      if (chosen && chosen.exitCode !== 0) return { kind: 'failed', step: 'workspace', ran: chosen }
      const withLock = await withLockFile(files)
      // Without providers there is no lock file: siblings may take that over, a later run may not.
      const value = warmth(job, tool, env, withLock) ?? (kin && `no lock file: ${kin}`)
      await initialised.set(value)
      if (value !== undefined) made = { cwd, mark: join(folder, markName), value }
    } finally {
      if (turn !== 'taken') turn(made)
    }
    ready = true
    return { kind: 'ready' }
  }

  /** Undefined where no process had to be asked. */
  async function selectWorkspace(): Promise<Ran | undefined> {
    if (job.workspace === undefined || (await (await localBackend(cwd, env, job.workspace))?.select())) return undefined
    const chosen = await terraform(['workspace', 'select', '-no-color', '-or-create', job.workspace])
    if (chosen.exitCode !== noWorkspace || stop.aborted) return chosen
    const made = await terraform(['workspace', 'new', '-no-color', job.workspace])
    return { ...made, output: chosen.output + made.output }
  }

  /** The files with the lock file as `init` left it. */
  async function withLockFile(files: ReadonlyMap<string, CopyFile>): Promise<Map<string, CopyFile>> {
    const text = await textOf(join(cwd, lockFileName))
    if (text === undefined) return new Map(files)
    return new Map([...files, [`${job.folder}/${lockFileName}`, { bytes: Buffer.from(text), executable: false }]])
  }

  async function pull(): Promise<PulledState | undefined> {
    if (!ready) {
      const prepared = await prepare(ours)
      if (prepared.kind === 'failed') throw unreadable(job, prepared.step, prepared.ran)
    }
    await copy.link()
    const local = await localBackend(cwd, env, job.workspace)
    const found = local && (await local.state())
    if (local && found !== 'ask') return found
    const { ran, stdout } = await ask(command(['state', 'pull']))
    if (ran.exitCode !== 0) {
      await initialised.set(undefined)
      throw unreadable(job, 'state pull', ran)
    }
    return parseState(stdout)
  }

  /** What an apply left behind. A state that cannot be read now does not make an apply undone. */
  async function after(): Promise<PulledState | undefined> {
    await copy.link()
    return pull().catch((error: unknown) => {
      if (error instanceof UserError) return undefined
      throw error
    })
  }

  async function prepareSealed(plan: SealedFiles): Promise<Prepared> {
    const { lockFile, made } = plan
    if (sealed && sealed.lockFile === lockFile && sameFiles(sealed.made, made)) return { kind: 'ready' }
    const prepared = await prepare(sealedFiles(plan))
    if (prepared.kind === 'ready') sealed = { lockFile, made }
    return prepared
  }

  function sealedFiles({ lockFile, made }: SealedFiles) {
    const files = new Map<string, CopyFile>(ours)
    for (const [path, bytes] of made)
      files.set(inside('.', path), { bytes, executable: files.get(path)?.executable ?? false })
    if (lockFile !== undefined)
      files.set(`${job.folder}/${lockFileName}`, { bytes: Buffer.from(lockFile), executable: false })
    return files
  }

  /** After a failure nobody knows whether the copy is still what it was initialised as: the next session asks `init`. */
  async function distrusted<T extends { readonly kind: string }>(run: T): Promise<T> {
    if (run.kind === 'failed') await initialised.set(undefined)
    return run
  }

  const runs: Pick<Session, 'plan' | 'show' | 'apply'> = {
    async plan({ destroy, extraArgs, unchangedUnshown }): Promise<PlanRun> {
      const prepared = ready ? ({ kind: 'ready' } as const) : await prepare(ours)
      if (prepared.kind === 'failed') return prepared
      await copy.link()
      const flags = ['-input=false', '-no-color', '-detailed-exitcode', ...(destroy ? ['-destroy'] : [])]
      try {
        const ran = await terraform(
          planArgs({ varFile: job.varFile, planFile: planPath, extra: [...flags, ...extraArgs] }),
        )
        await copy.link()
        if (ran.exitCode !== 0 && ran.exitCode !== planChanges) return { kind: 'failed', step: 'plan', ran }
        if (ran.exitCode === 0 && unchangedUnshown)
          return { kind: 'unchanged', planfile: await readFile(planPath), ran }
        const shown = await ask(command(['show', '-json', '-no-color', planPath]))
        if (shown.ran.exitCode !== 0) return { kind: 'failed', step: 'show', ran: shown.ran }
        sealed = { lockFile: await textOf(join(cwd, lockFileName)), made: await copy.made(ours) }
        return {
          kind: 'planned',
          changed: ran.exitCode === planChanges,
          planfile: await readFile(planPath),
          json: shown.stdout,
          ran,
          ...sealed,
        }
      } finally {
        await rm(planPath, { force: true })
      }
    },

    async show(plan) {
      const prepared = await prepareSealed(plan)
      if (prepared.kind === 'failed') return prepared
      try {
        await writeFile(planPath, plan.planfile, { mode: 0o600 })
        const { ran, stdout } = await ask(command(['show', '-json', '-no-color', planPath]))
        return ran.exitCode === 0 ? { kind: 'shown', json: stdout } : { kind: 'failed', step: 'show', ran }
      } finally {
        await rm(planPath, { force: true })
      }
    },

    async apply(plan, { locked } = {}): Promise<ApplyRun> {
      const { planfile } = plan
      const prepared = await prepareSealed(plan)
      if (prepared.kind === 'failed') return { ...prepared, state: undefined, erroredState: undefined }
      await copy.setErroredAside()
      await copy.link()
      const unwatch = locked && watchLock(stateLock, (await stateLock.read())?.id, locked)
      try {
        await writeFile(planPath, planfile, { mode: 0o600 })
        const ran = await terraform(['apply', '-input=false', '-no-color', planPath])
        const state = await after()
        if (ran.exitCode === 0) return { kind: 'applied', ran, state: state?.id, outputs: state?.outputs ?? {} }
        return { kind: 'failed', step: 'apply', ran, state: state?.id, erroredState: await copy.errored() }
      } finally {
        unwatch?.()
        await rm(planPath, { force: true })
      }
    },
  }

  return {
    plan: async (options) => distrusted(await runs.plan(options)),
    show: async (plan) => distrusted(await runs.show(plan)),
    apply: async (plan, events) => distrusted(await runs.apply(plan, events)),
    lock: () => stateLock.read(),
    errored: () => copy.errored(),
    async push(state) {
      const prepared = ready ? ({ kind: 'ready' } as const) : await prepare(ours)
      if (prepared.kind === 'failed') return prepared
      await copy.link()
      const path = join(folder, pushName)
      try {
        await writeFile(path, state, { mode: 0o600 })
        const ran = await terraform(['state', 'push', path])
        await copy.link()
        return ran.exitCode === 0 ? { kind: 'pushed' } : { kind: 'failed', ran }
      } finally {
        await rm(path, { force: true })
      }
    },
    async unlock(id) {
      if (job.links.size > 0) {
        return { kind: (await stateLock.remove(id)) ? 'released' : 'absent' }
      }
      const prepared = ready ? ({ kind: 'ready' } as const) : await prepare(ours)
      if (prepared.kind === 'failed') return prepared
      const ran = await terraform(['force-unlock', '-no-color', '-force', id])
      return ran.exitCode === 0 ? { kind: 'released' } : { kind: 'failed', ran }
    },
    state: async () => (await pull())?.id,
    outputs: async () => (await pull())?.outputs,
    async shownState() {
      if (!ready) return undefined
      await copy.link()
      const { ran, stdout } = await ask(command(['show', '-json', '-no-color']))
      return ran.exitCode === 0 ? stdout : undefined
    },
    async close() {
      for (const path of job.generated.keys()) await rm(join(copy.root, inside(job.folder, path)), { force: true })
      await rm(log, { force: true })
      await held.release()
    },
  }
}

function sameFiles(a: ReadonlyMap<string, Uint8Array>, b: ReadonlyMap<string, Uint8Array>): boolean {
  return a.size === b.size && [...a].every(([path, bytes]) => Buffer.compare(bytes, b.get(path) ?? Buffer.of()) === 0)
}

function unreadable(job: Job, step: string, { exitCode, output }: Ran): UserError {
  return new UserError({
    code: 'state-unreadable',
    message: `the state of ${job.key} could not be read: terraform ${step} ended with ${exitCode}`,
    fix: 'see what Terraform said, and that the backend can be reached',
    cause: new Error(output),
  })
}

/** Makes the folder that holds an instance's copy, closed to other users. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

/** Removes what a session that was killed left beside its layout: a planfile holds secrets. */
export async function clear(folder: string): Promise<void> {
  await rm(join(folder, planName), { force: true })
  await rm(join(folder, logName), { force: true })
  await rm(join(folder, pushName), { force: true })
}
