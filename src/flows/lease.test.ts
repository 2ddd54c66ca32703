import { expect, test } from 'vitest'
import { transact } from '../records/journal.ts'
import type { Session } from '../terraform/terraform.ts'
import { type FlowLab, flowLab, labFiles } from '../testkit/flow-lab.ts'
import { applyInFlight } from './apply.ts'
import { unlockInstance } from './unlock.ts'
import type { World } from './world.ts'

const minute = 60_000
const names = { component: 'vpc', stack: 'dev' }
const events = { begin: () => {}, doing: () => {}, finished: () => {} }

async function approved(): Promise<FlowLab> {
  const lab = flowLab(labFiles(['vpc'], { dev: 'components:\n  terraform:\n    vpc:\n      vars: { size: 1 }\n' }))
  await lab.plan()
  await lab.approve()
  return lab
}

/** A world in which something happens while a step of Terraform runs. */
function during(world: World, step: 'show' | 'apply', happens: () => Promise<void>): World {
  const open: World['terraform']['open'] = async (...given) => {
    const session = await world.terraform.open(...given)
    const meanwhile: Pick<Session, 'show' | 'apply'> = {
      async show(plan) {
        if (step === 'show') await happens()
        return session.show(plan)
      },
      async apply(plan, seen) {
        if (step === 'apply') await happens()
        return session.apply(plan, seen)
      },
    }
    return { ...session, ...meanwhile }
  }
  return { ...world, terraform: { ...world.terraform, open } }
}

const kinds = async (world: World) => (await applyInFlight(world, {}, events)).items.map(({ kind }) => kind)

/** Somebody to whom the run seems to be dead. */
const mistaken = ({ world }: FlowLab): World => ({
  ...world,
  machine: { ...world.machine, isRunning: () => false },
})

test('an apply that outlasts its lease, its renewals lost, ends as it would: nobody took what still runs', async () => {
  const lab = await approved()
  const long = during(lab.world, 'apply', async () => {
    lab.time.nowMs += 40 * minute
    expect((await lab.apply({ planMissing: true }).catch(String)).toString()).toMatch(
      /refused: vpc in dev is being applied/,
    )
  })
  // The working copy is held too; the claim alone must be enough.
  const free = { ...long, terraform: { ...long.terraform } }
  expect(await kinds(free)).toEqual(['applied'])
  expect(await lab.status()).toEqual([])
})

test('a holder that lost its claim while Terraform ran says what happened all the same', async () => {
  const lab = await approved()
  const lost = during(lab.world, 'apply', async () => {
    await unlockInstance(mistaken(lab), { ...names, reason: 'it looked dead' })
    expect((await lab.document('vpc@dev')).attempts).toMatchObject([{ outcome: 'unknown' }])
  })
  expect(await kinds(lost)).toEqual(['applied'])
  expect((await lab.document('vpc@dev')).attempts).toMatchObject([{ outcome: 'done' }])
  expect(await lab.status()).toEqual([])
})

test('what a holder that lost its claim did is not written over what was begun after it', async () => {
  const lab = await approved()
  const address = (await lab.document('vpc@dev')).address
  const taken = during(lab.world, 'apply', async () => {
    await unlockInstance(mistaken(lab), { ...names, reason: 'it looked dead' })
    const claim = { kind: 'claim', holder: { run: '9', by: 'Ben' }, purpose: 'apply', leaseMs: 15 * minute } as const
    await transact(lab.world.journal, address, claim)
    const { plans, fence } = await lab.document('vpc@dev')
    await transact(lab.world.journal, address, {
      kind: 'intend',
      fence,
      attempt: 'later',
      action: 'apply',
      commit: 'c0ffee',
      apply: {
        plan: plans[0]!.id,
        target: plans[0]!.fingerprint,
        approval: 'needed',
        state: undefined,
        movedReads: [],
      },
    })
  })
  expect(await kinds(taken)).toEqual(['refused'])
  expect((await lab.document('vpc@dev')).attempts).toMatchObject([{ outcome: 'unknown' }, { id: 'later' }])
})

test('nothing is begun once two thirds of the lease are gone', async () => {
  const lab = await approved()
  const slow = during(lab.world, 'show', async () => {
    lab.time.nowMs += 11 * minute
  })
  const { items } = await applyInFlight(slow, {}, events)
  expect(items).toMatchObject([{ kind: 'refused', message: expect.stringContaining('too far gone to begin') }])
  expect(lab.terraform.ran.filter((it) => it.startsWith('apply'))).toEqual([])
  expect(await lab.document('vpc@dev')).not.toHaveProperty('claim')
  expect(await lab.apply()).toEqual(['vpc@dev applied'])
})

test('a store that takes each write twice, or loses the answer, makes one apply and one ledger', async () => {
  for (const fault of ['twice', 'lost'] as const) {
    const lab = await approved()
    const { store } = lab.world
    const faulty: World['store'] = {
      ...store,
      async put(key, bytes, condition) {
        const put = await store.put(key, bytes, condition)
        if (fault === 'twice') await store.put(key, bytes, condition)
        if (fault === 'lost' && key.startsWith('documents/')) throw new Error('no answer')
        return put
      },
    }
    const world = { ...lab.world, store: faulty, journal: { ...lab.world.journal, store: faulty } }
    expect(await kinds(world)).toEqual(['applied'])
    expect(lab.terraform.ran.filter((it) => it.startsWith('apply'))).toHaveLength(1)
    expect(await lab.status()).toEqual([])
  }
})
