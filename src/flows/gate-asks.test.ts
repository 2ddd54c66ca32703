import { expect, test } from 'vitest'
import { gateWords } from '../gate/words.ts'
import { processShell } from '../machine/drivers/shell.ts'
import type { ShellCommand, ShellEnd } from '../machine/shell.ts'
import { branchesOf } from '../testkit/branches.ts'
import { flowLab, type LabOptions, labFiles } from '../testkit/flow-lab.ts'
import { type Judged, judge, judgeOpen } from './gate.ts'

const thing = (name: string, size: number) => `    ${name}:\n      vars: { size: ${size} }\n`
const stack = (size: number) => `components:\n  terraform:\n${thing('db', 1)}${thing('vpc', size)}`
const plain = labFiles(['vpc', 'db'], { dev: stack(1) })
const bigger = { 'stacks/dev.yaml': labFiles([], { dev: stack(2) })['stacks/dev.yaml'] as string }

/** An applied estate with these files besides, and a branch that changes vpc, planned. */
async function changed(more: Readonly<Record<string, string>>, options?: LabOptions) {
  const files = { ...plain, ...more }
  const lab = flowLab(files, options)
  await lab.plan()
  await lab.approve()
  await lab.apply()
  const branches = branchesOf(lab, files)
  await branches.branch('bigger', bigger)
  await lab.plan()
  return { ...lab, ...branches }
}

const said = ({ verdict }: Judged) => gateWords(verdict, 0).description
const reasons = ({ verdict }: Judged) => gateWords(verdict, 0).reasons.map(({ message }) => message)

const airlock = (text: string) => ({ 'atmos.yaml': `${plain['atmos.yaml']}integrations:\n  airlock:\n${text}` })
const policy = (command: string, seconds = 5) =>
  airlock(`    policies:\n      - { name: costs, command: '${command}', timeout_seconds: ${seconds} }\n`)

test('an owner of an affected stack must approve on the branch; an e-mail address is a person on a laptop', async () => {
  const lab = await changed({ CODEOWNERS: '# who\n/stacks/dev.yaml @bob ann@acme.test\n/docs/ @carl\n' })
  const before = (await judge(lab.world, {})).judged[0]!
  expect(said(before)).toBe('waits: 1 owner missing')
  expect(reasons(before)).toEqual(['none of @bob, ann@acme.test has approved vpc in dev (CODEOWNERS:2)'])
  await lab.approve()
  expect((await judge(lab.world, {})).judged[0]!.verdict).toMatchObject({ state: 'pass', reasons: [] })
})

test('owners of the component and of what the change touches are asked besides', async () => {
  const owners =
    '/components/terraform/vpc/*.tf @bob\n/components/terraform/vpc/README.md @carl\n/stacks/ @dora\n/components/terraform/db/ @eve\n'
  const lab = await changed({ '.github/CODEOWNERS': owners, 'components/terraform/vpc/README.md': 'about it' })
  const { verdict } = (await judge(lab.world, {})).judged[0]!
  expect(verdict.reasons.map((it) => 'owners' in it && it.owners)).toEqual([['@bob'], ['@dora']])
  await lab.commit('bigger', { 'components/terraform/vpc/README.md': 'more about it' })
  const after = (await judge(lab.world, {})).judged[0]!.verdict
  expect(after.reasons.flatMap((it) => ('owners' in it ? it.owners : []))).toEqual(['@bob', '@carl', '@dora'])
})

test('a team cannot be told on a laptop, and the gate says what to do', async () => {
  const lab = await changed({ CODEOWNERS: '* @acme/network\n' })
  await lab.approve()
  const [judged] = (await judge(lab.world, {})).judged
  expect(gateWords(judged!.verdict, 0).reasons[0]).toMatchObject({
    message: '@acme/network has not approved vpc in dev (CODEOWNERS:1)',
    fix: expect.stringContaining('integrations.airlock.owners: false'),
  })
})

test('a file of owners with a mistake closes the gate with its place, but not for who mends it', async () => {
  const lab = await changed({ CODEOWNERS: '* ann@acme.test\n!/stacks/ @bob\n' })
  await lab.approve()
  const [judged] = (await judge(lab.world, {})).judged
  expect(said(judged!)).toBe('blocked: CODEOWNERS:2 says nothing')
  expect(reasons(judged!)[0]).toMatch(
    /^CODEOWNERS:2:1: "!" does not negate a pattern in CODEOWNERS, so nobody can tell/,
  )
  await lab.branch('mends', { CODEOWNERS: '* ann@acme.test\n' })
  expect((await judge(lab.world, {})).judged[0]!.verdict.state).toBe('pass')
})

test('owners may be left out of it, or asked for where there is no file', async () => {
  const off = await changed({ CODEOWNERS: '* @bob\n', ...airlock('    owners: false\n') })
  expect((await judge(off.world, {})).judged[0]!.verdict.state).toBe('pass')
  const none = await changed(airlock('    owners: true\n'))
  expect(said((await judge(none.world, {})).judged[0]!)).toBe('blocked: no CODEOWNERS file')
})

test('a policy reads the plan as Terraform tells it, knows whose it is, and gives its last lines as the reason', async () => {
  const asked: ShellCommand[] = []
  const shell = (command: ShellCommand): Partial<ShellEnd> => {
    asked.push(command)
    return { kind: 'exited', code: 1, output: '\u001b[31mtoo big\u001b[0m\n\nask Dora\n' } as Partial<ShellEnd>
  }
  const lab = await changed(policy('check costs'), { shell })
  const [judged] = (await judge(lab.world, {})).judged
  expect(said(judged!)).toBe('blocked: policy costs fails for vpc in dev')
  expect(reasons(judged!)).toEqual(['policy costs fails for vpc in dev: too big / ask Dora'])
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({
    line: 'check costs',
    timeoutMs: 5000,
    env: { AIRLOCK_COMPONENT: 'vpc', AIRLOCK_STACK: 'dev' },
  })
  const plan = JSON.parse(String(asked[0]!.input))
  expect(plan.resource_changes[0]).toMatchObject({
    address: 'thing.this',
    change: { actions: ['update'], after: { size: 2 } },
  })
})

test('a policy is handed neither keys of Airlock nor what speaks to GitHub for the job', async () => {
  const asked: ShellCommand[] = []
  const shell = (command: ShellCommand): Partial<ShellEnd> => {
    asked.push(command)
    return { kind: 'exited', code: 0 } as Partial<ShellEnd>
  }
  const lab = await changed(policy('check costs'), { shell })
  const env = {
    PATH: '/bin',
    COSTS_API_TOKEN: 'its own',
    AIRLOCK_AGE_IDENTITY: 'AGE-SECRET-KEY-1',
    AIRLOCK_READS_KEY: 'k',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't',
    ACTIONS_RUNTIME_TOKEN: 't',
    GITHUB_TOKEN: 'ghs_1',
    GH_TOKEN: 'ghs_1',
    GITHUB_ENV: '/tmp/env',
    INPUT_TOKEN: 'ghs_1',
  }
  await judge({ ...lab.world, ambient: { ...lab.world.ambient, env } }, {})
  expect(Object.keys(asked[0]!.env).sort()).toEqual(['AIRLOCK_COMPONENT', 'AIRLOCK_STACK', 'COSTS_API_TOKEN', 'PATH'])
})

test('what a policy said of a plan is remembered with the pull request; one that objected is asked again by a person', async () => {
  let code = 1
  let asked = 0
  const shell = (): Partial<ShellEnd> => {
    asked++
    return { kind: 'exited', code } as Partial<ShellEnd>
  }
  const lab = await changed(policy('check'), { shell })
  await lab.open('bigger')
  expect(asked).toBe(1)
  await judgeOpen(lab.world)
  expect(asked).toBe(1)
  code = 0
  expect((await judge(lab.world, { number: 1 })).judged[0]!.verdict.state).toBe('pass')
  await judge(lab.world, { number: 1 })
  expect(asked).toBe(2)
  await lab.commit('main', { README: 'a policy may be another now' })
  await judgeOpen(lab.world)
  expect(asked).toBe(3)
})

test('a policy that hangs is killed at its time, and closes the gate with that reason', async () => {
  const lab = await changed(policy('echo thinking; exec sleep 600', 1))
  const root = process.cwd()
  const world = {
    ...lab.world,
    repo: { ...lab.repo, root, branch: lab.repo.branch },
    ambient: { ...lab.world.ambient, env: { PATH: process.env.PATH } },
    shell: processShell({ stop: new AbortController().signal }),
  }
  const [judged] = (await judge(world, {})).judged
  expect(said(judged!)).toBe('blocked: policy costs did not end in time for vpc in dev')
  expect(reasons(judged!)).toEqual(['policy costs did not end in time for vpc in dev: thinking / killed after 1 s'])
})
