import { expect, test } from 'vitest'
import { verifyPlanfile } from '../../plan/verify.ts'
import { terraformContract } from '../terraform.contract.ts'
import type { Terraform } from '../terraform.ts'
import { jobOf } from './cli.testkit.ts'
import { type ScriptedComponent, scriptedTerraform } from './scripted.ts'
import { knownAfterApply } from './scripted-plan.ts'

const file: ScriptedComponent = ({ name, text, fail_on }, prior, phase) => {
  const before = prior['folder_file.this']
  if (fail_on === 'create' && !before && phase === 'apply')
    throw new Error(`"${String(name)}" was told to fail on create`)
  const next = phase === 'plan' ? knownAfterApply : Number(before?.version ?? 0) + 1
  const version = before?.text === text ? before?.version : next
  return { objects: { 'folder_file.this': { name, text, version } }, outputs: { text, version } }
}

const components = { 'components/terraform/file': file }
const job = (name: string, text = 'one') => jobOf({ root: '/nowhere' }, { name, main: '', vars: { name, text } })

terraformContract('the scripted driver', async () => {
  const terraform = scriptedTerraform({ components })
  return {
    terraform,
    tool: (await terraform.tool('terraform'))!,
    job: ({ name, text, failOn }) =>
      jobOf({ root: '/nowhere' }, { name, main: '', vars: { name, text, fail_on: failOn } }),
    broken: () => ({ ...job('broken'), folder: 'components/terraform/broken' }),
    dispose: async () => {},
  }
})

async function run(terraform: Terraform, it = job('x')) {
  const session = await terraform.open(it, (await terraform.tool('terraform'))!, {})
  const plan = await session.plan({ destroy: false, extraArgs: [] })
  const apply = plan.kind === 'planned' ? await session.apply(plan) : undefined
  await session.close()
  return { plan, apply }
}

test('an object that was changed behind Terraform’s back is drift, and is put back', async () => {
  const terraform = scriptedTerraform({ components })
  await run(terraform)
  terraform.drift(job('x'), 'folder_file.this', { name: 'x', text: 'edited', version: 1 })
  const { plan } = await run(terraform)
  expect(plan.kind === 'planned' && JSON.parse(plan.json)).toMatchObject({
    resource_drift: [{ address: 'folder_file.this', change: { actions: ['update'], after: { text: 'edited' } } }],
    resource_changes: [{ change: { actions: ['update'], before: { text: 'edited' }, after: { text: 'one' } } }],
  })
})

test('a script can make any step fail, and tells what ran', async () => {
  const terraform = scriptedTerraform({ components, fails: (step) => (step === 'apply' ? 'Error: no' : undefined) })
  expect((await run(terraform)).apply).toMatchObject({ kind: 'failed', step: 'apply', ran: { output: 'Error: no' } })
  expect(terraform.ran).toEqual(['init', 'plan', 'init', 'apply'].map((step) => `${step} 0123456789abcdef/file@x`))
})

test('its planfiles can be opened and verified like real ones', async () => {
  const vars = { name: 'x', text: 'one', list: ['a', 2, { b: true }], none: null }
  const it = { ...jobOf({ root: '/nowhere' }, { name: 'x', main: '', vars }), env: { TF_VAR_secret: 's3cret' } }
  const { plan } = await run(scriptedTerraform({ components }), it)
  if (plan.kind !== 'planned') throw new Error(plan.ran.output)
  const expected = {
    folder: it.folder,
    files: new Map([...it.files].map(([path, { bytes }]) => [path, bytes])),
    generated: it.generated,
    lockFile: Buffer.from(plan.lockFile ?? ''),
    backend: { type: 'local', config: {} },
    workspace: 'x',
    tool: 'terraform' as const,
    terraformVersion: '1.11.4',
    variables: { ...vars, secret: 's3cret' },
    mode: 'normal' as const,
  }
  expect(verifyPlanfile(plan.planfile, expected)).toEqual([])
  expect(verifyPlanfile(plan.planfile, { ...expected, workspace: 'y' })).toMatchObject([{ kind: 'workspace' }])
})

test('a state that another run moved makes a plan stale', async () => {
  const terraform = scriptedTerraform({ components })
  await run(terraform)
  const session = await terraform.open(job('x', 'two'), (await terraform.tool('terraform'))!, {})
  const plan = await session.plan({ destroy: false, extraArgs: [] })
  terraform.move(job('x'))
  expect(plan.kind === 'planned' && (await session.apply(plan))).toMatchObject({ kind: 'failed', step: 'apply' })
})
