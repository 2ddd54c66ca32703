import { expect, test } from 'vitest'
import { awsEnv, type Credentials } from '../credentials/credentials.ts'
import { UserError } from '../error.ts'
import type { StateRef } from '../terraform/states.ts'
import type { Job } from '../terraform/terraform.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { applyInFlight } from './apply.ts'
import { planChanges } from './plan.ts'
import type { World } from './world.ts'

const arn = (account: string, name: string) => `arn:aws:iam::${account.repeat(12)}:role/${name}`
const component = (account: string, vars = '{size: 1}') => `
      vars: ${vars}
      settings: {airlock: {approval: none, auth: {plan: "${arn(account, 'plan')}", apply: "${arn(account, 'apply')}"}}}
`
const stacks = {
  dev: `components:
  terraform:
    vpc:${component('1')}    app:${component('2', '{net: !terraform.state vpc dev size}')}    free:
      vars: {size: 3}
      settings: {airlock: {approval: none}}
`,
}
const events = { begin: () => {}, doing: () => {}, finished: () => {} }

/** A world whose roles give keys that name them, and what came of it: `vpc plan: <role>`. */
function laboratory(refuse: (role: string) => boolean = () => false) {
  const jobs: { readonly step: string; readonly job: Job }[] = []
  const reads: StateRef[] = []
  const lab = flowLab(labFiles(['vpc', 'app', 'free'], stacks), {
    fails: (step, job) => {
      jobs.push({ step, job })
      return undefined
    },
  })
  const credentials: Credentials = {
    async forRole(role) {
      if (refuse(role)) throw new UserError({ code: 'role-refused', message: `no ${role}` })
      return awsEnv({ accessKeyId: role, secretAccessKey: `secret of ${role}`, sessionToken: `token of ${role}` })
    },
  }
  const world: World = {
    ...lab.world,
    ambient: { ...lab.world.ambient, env: { AWS_PROFILE: 'laptop', AWS_ACCESS_KEY_ID: 'AKIALAPTOP' } },
    credentials,
    states: {
      read: (ref) => {
        reads.push(ref)
        return lab.world.states.read(ref)
      },
    },
  }
  const roles = (wanted: string) =>
    jobs
      .filter(({ step }) => step === wanted)
      .map(({ job }) => `${job.folder.split('/').at(-1)} ${job.env.AWS_ACCESS_KEY_ID ?? 'ambient'}`)
  return { world, jobs, reads, roles }
}

test('each instance is planned and applied with its own roles, and with no keys of another', async () => {
  const { world, jobs, roles } = laboratory()
  await planChanges(world, {}, events)
  expect(roles('plan').sort()).toEqual([`app ${arn('2', 'plan')}`, 'free ambient', `vpc ${arn('1', 'plan')}`])
  for (const { job } of jobs.filter((it) => !it.job.folder.endsWith('free'))) {
    expect(Object.keys(job.env)).toContain('AWS_PROFILE')
    expect(job.env.AWS_PROFILE).toBeUndefined()
    expect(job.env.AWS_SECRET_ACCESS_KEY).toBe(`secret of ${job.env.AWS_ACCESS_KEY_ID}`)
  }
  await applyInFlight(world, {}, events)
  expect(roles('apply').sort()).toEqual([`app ${arn('2', 'apply')}`, 'free ambient', `vpc ${arn('1', 'apply')}`])
})

test('a state is read with the role of the instance that reads it', async () => {
  const { world, reads } = laboratory()
  await planChanges(world, {}, events)
  await applyInFlight(world, {}, events)
  const ofVpc = reads.filter(({ folder }) => folder.endsWith('/vpc')).map(({ role }) => role)
  expect(ofVpc).toContain(arn('2', 'plan'))
  expect(ofVpc).toContain(arn('2', 'apply'))
})

test('an instance whose role is refused fails alone', async () => {
  const { world } = laboratory((role) => role === arn('1', 'plan'))
  const { items } = await planChanges(world, {}, events)
  expect(items.map(({ id, kind }) => `${id} ${kind}`).sort()).toEqual([
    'app@dev blocked',
    'free@dev planned',
    'vpc@dev failed',
  ])
})
