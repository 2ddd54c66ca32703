import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApplyRun, Job, PlanRun, Session, Terraform, Tool } from './terraform.ts'

/** What a driver's test makes ready: Terraform, and jobs for a component that holds one `folder_file`. */
export interface ContractSetup {
  readonly terraform: Terraform
  readonly tool: Tool
  /** A job of the component; `name` names the instance and its object, and `text` is what the object holds. */
  job(vars: { readonly name: string; readonly text: string; readonly failOn?: string }): Job
  /** A job of a component whose configuration is no Terraform. */
  broken(): Job
  dispose(): Promise<void>
}

type Planned = Extract<PlanRun, { kind: 'planned' }>
type Applied = Extract<ApplyRun, { kind: 'applied' }>

interface Change {
  readonly address: string
  readonly change: { readonly actions: readonly string[] }
}

interface PlanJson {
  readonly resource_changes: readonly Change[]
  readonly output_changes: Readonly<Record<string, { readonly after?: unknown; readonly after_unknown: unknown }>>
}

const noExtra = { destroy: false, extraArgs: [] }

function planned(run: PlanRun): Planned {
  if (run.kind !== 'planned') throw new Error(`the plan is ${run.kind}: ${run.ran.output}`)
  return run
}

function applied(run: ApplyRun): Applied {
  if (run.kind !== 'applied') throw new Error(`apply failed at ${run.step}: ${run.ran.output}`)
  return run
}

const actions = ({ json }: { readonly json: string }) =>
  (JSON.parse(json) as PlanJson).resource_changes.map(({ address, change }) => `${address} ${change.actions.join('+')}`)

/** What every driver of Terraform must do alike. */
export function terraformContract(name: string, setup: () => Promise<ContractSetup>): void {
  describe(`${name} keeps the contract of Terraform`, () => {
    let it: ContractSetup
    beforeAll(async () => {
      it = await setup()
    })
    afterAll(() => it.dispose())

    async function within<T>(job: Job, use: (session: Session) => Promise<T>): Promise<T> {
      const session = await it.terraform.open(job, it.tool, {})
      try {
        return await use(session)
      } finally {
        await session.close()
      }
    }
    const plan = (job: Job, options = noExtra) => within(job, async (session) => planned(await session.plan(options)))
    const apply = (job: Job, plan: Planned) => within(job, (session) => session.apply(plan))

    test('a plan is sealed in one session and applied in another, and then nothing is left to do', async () => {
      const job = it.job({ name: 'whole', text: 'one' })
      expect(await within(job, (session) => session.state())).toBeUndefined()
      expect(await within(job, (session) => session.outputs())).toBeUndefined()

      const first = await plan(job)
      expect(first.changed).toBe(true)
      expect(actions(first)).toEqual(['folder_file.this create'])

      const { state, outputs } = applied(await apply(job, first))
      expect(outputs).toEqual({ text: 'one', version: 1 })
      expect(state?.lineage).toMatch(/./)
      expect(await within(job, (session) => session.state())).toEqual(state)
      expect(await within(job, (session) => session.outputs())).toEqual(outputs)

      const unshown = await within(job, (session) => session.plan({ ...noExtra, unchangedUnshown: true }))
      expect([unshown.kind, 'json' in unshown]).toEqual(['unchanged', false])
      const second = await plan(job)
      expect(second.changed).toBe(false)
      expect(actions(second)).toEqual(['folder_file.this no-op'])
    })

    test('plan and apply can share a session', async () => {
      const job = it.job({ name: 'shared', text: 'one' })
      const outputs = await within(job, async (session) =>
        applied(await session.apply(planned(await session.plan(noExtra)))),
      )
      expect(outputs.outputs).toEqual({ text: 'one', version: 1 })
    })

    test('a planfile is shown as it was when it was planned; one that was tampered with is not', async () => {
      const job = it.job({ name: 'shown', text: 'one' })
      const sealed = await plan(job)
      const shown = await within(job, (session) => session.show(sealed))
      expect(shown.kind === 'shown' && actions(shown)).toEqual(actions(sealed))
      const tampered = { ...sealed, planfile: sealed.planfile.slice(0, -100) }
      expect(await within(job, (session) => session.show(tampered))).toMatchObject({ kind: 'failed', step: 'show' })
      expect(await apply(job, tampered)).toMatchObject({ kind: 'failed', step: 'apply' })
    })

    test('a plan says which outputs it knows already, and which only apply can tell', async () => {
      await apply(it.job({ name: 'outputs', text: 'one' }), await plan(it.job({ name: 'outputs', text: 'one' })))
      const { json } = await plan(it.job({ name: 'outputs', text: 'two' }))
      const { text, version } = (JSON.parse(json) as PlanJson).output_changes
      expect(text).toMatchObject({ after: 'two', after_unknown: false })
      expect(version).toMatchObject({ after_unknown: true })
    })

    test('a plan is refused once the state has moved, and the state stays as it is', async () => {
      const job = it.job({ name: 'stale', text: 'one' })
      const [early, late] = [await plan(job), await plan(job)]
      const { state } = applied(await apply(job, late))
      const refused = await apply(job, early)
      expect(refused).toMatchObject({ kind: 'failed', step: 'apply', state, erroredState: undefined })
      expect(refused.ran.output).toContain('Saved plan is stale')
    })

    test('destroying leaves a state without outputs, and a higher serial', async () => {
      const job = it.job({ name: 'destroyed', text: 'one' })
      const before = applied(await apply(job, await plan(job)))
      const destroy = await plan(job, { destroy: true, extraArgs: [] })
      expect(actions(destroy)).toEqual(['folder_file.this delete'])
      const after = applied(await apply(job, destroy))
      expect(after.outputs).toEqual({})
      expect(after.state?.lineage).toBe(before.state?.lineage)
      expect(after.state?.serial).toBeGreaterThan(before.state?.serial ?? 0)
    })

    test('an apply that fails says so, and what the state is then', async () => {
      const job = it.job({ name: 'failing', text: 'one', failOn: 'create' })
      const run = await apply(job, await plan(job))
      expect(run).toMatchObject({ kind: 'failed', step: 'apply', erroredState: undefined })
      expect(run.ran.exitCode).toBe(1)
      expect(run.ran.output).toContain('was told to fail on create')
      expect(run).toHaveProperty('state', await within(job, (session) => session.state()))
      const again = it.job({ name: 'failing', text: 'one' })
      expect(applied(await apply(again, await plan(again))).outputs).toEqual({ text: 'one', version: 1 })
    })

    test('a state that nobody works on has no lock, before an apply and after it', async () => {
      const job = it.job({ name: 'unlocked', text: 'one' })
      expect(await within(job, (session) => session.lock())).toBeUndefined()
      expect(await within(job, (session) => session.unlock('7c0e'))).toEqual({ kind: 'absent' })
      await apply(job, await plan(job))
      expect(await within(job, (session) => session.lock())).toBeUndefined()
    })

    test('configuration that is no Terraform fails before the plan, with what is wrong', async () => {
      const run = await within(it.broken(), (session) => session.plan(noExtra))
      expect(run).toMatchObject({ kind: 'failed', step: 'init' })
      expect(run.ran.exitCode).not.toBe(0)
      expect(run.ran.output).toContain('Error')
    })

    test('a working copy is used by one at a time; who waits is told for whom', async () => {
      const job = it.job({ name: 'contended', text: 'one' })
      const first = await it.terraform.open(job, it.tool, {})
      const holders: string[] = []
      let opened = false
      const second = it.terraform.open(job, it.tool, { waiting: (holder) => holders.push(holder) }).then((session) => {
        opened = true
        return session
      })
      await expect.poll(() => holders).toHaveLength(1)
      expect(opened).toBe(false)
      await first.close()
      await (await second).close()
    })
  })
}
