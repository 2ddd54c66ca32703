import { expect, test } from 'vitest'
import { fixtureText } from './fixtures/read.ts'
import { parsePlan } from './parse.ts'
import { plannedOutputs } from './plan.ts'
import { valueAt, valueChanges, valueText } from './value.ts'

const change = () => parsePlan(fixtureText('change/plan.json.golden'))
const found = (address: string) => change().changes.find((it) => it.address === address)

test('every action of a real plan is told apart', () => {
  expect(change().changes.map((it) => [it.address, it.action])).toEqual([
    ['terraform_data.adopted', 'update'],
    ['terraform_data.cluster', 'delete-create'],
    ['terraform_data.gone_data', 'create'],
    ['terraform_data.many["a|b"]', 'no-op'],
    ['terraform_data.many["c`d"]', 'delete'],
    ['terraform_data.many["e-->@acme/x"]', 'create'],
    ['terraform_data.net', 'update'],
    ['module.child.terraform_data.this', 'forget'],
  ])
})

test('imports, moves, reasons and what forces a replacement are kept', () => {
  expect(found('terraform_data.adopted')?.importing).toEqual({ id: 'existing-1', identity: undefined })
  expect(found('terraform_data.net')?.previousAddress).toBe('terraform_data.network')
  expect(found('terraform_data.many["c`d"]')?.reason).toBe('delete_because_each_key')
  expect(found('terraform_data.cluster')?.replacePaths).toEqual([['triggers_replace']])
})

test('unknown and sensitive marks sit on the values they belong to', () => {
  const net = found('terraform_data.net')
  expect(valueAt(net?.after, ['output'])).toEqual({ kind: 'unknown' })
  expect(valueAt(net?.after, ['input', 'token'])?.kind).toBe('sensitive')
  expect(valueAt(net?.after, ['input', 'big'])).toEqual({ kind: 'known', value: 12345678901234567890n })
  expect(
    valueChanges(net?.before, net?.after).map((it) => [it.path.join('.'), valueText(it.before), valueText(it.after)]),
  ).toEqual([
    ['input.name', '"alpha"', '"beta"'],
    ['input.tags', '{}', '{ ["a.b/c"] = "x", plain = "y" }'],
    ['input.token', '(sensitive)', '(sensitive)'],
    ['output', expect.stringContaining('alpha'), '(known after apply)'],
  ])
})

test('planned outputs are known where the plan knows them', () => {
  const outputs = plannedOutputs(change())
  expect(outputs.get('static')).toEqual({ kind: 'known', value: 'x-beta' })
  expect(outputs.get('name')).toEqual({ kind: 'unknown' })
  expect(outputs.get('token')?.kind).toBe('sensitive')
})

test('provisioners and provider configuration come from the configuration, versions from the lock file', () => {
  const lock = 'provider "terraform.io/builtin/terraform" {\n  version     = "1.2.3"\n  hashes = [\n  ]\n}\n'
  const plan = parsePlan(fixtureText('create/plan.json.golden'), lock)
  expect(plan.provisioners).toMatchObject([{ address: 'terraform_data.cluster', type: 'local-exec' }])
  expect(plan.providers).toMatchObject([
    { key: 'terraform', source: 'terraform.io/builtin/terraform', version: '1.2.3' },
  ])
})

test('variables behind providers and provisioners are inputs: those named, or all when the plan hides the way', () => {
  const plan = (reference: string) =>
    parsePlan({
      format_version: '1.2',
      terraform_version: '1.11.4',
      variables: { region: { value: 'eu-1' }, size: { value: 3 }, key: { value: 'hunter22' } },
      configuration: {
        provider_config: {
          aws: {
            name: 'aws',
            full_name: 'registry.terraform.io/hashicorp/aws',
            expressions: { region: { references: [reference] } },
          },
        },
        root_module: { variables: { region: {}, size: {}, key: { sensitive: true } } },
      },
    })
  expect(plan('var.region').inputs.map((it) => it.name)).toEqual(['region'])
  expect(plan('module.roles.arn').inputs.map((it) => it.name)).toEqual(['key', 'region', 'size'])
  expect(plan('local.region').inputs[0]?.value.kind).toBe('sensitive')
})

test('checks say what they came to', () => {
  expect(change().checks).toEqual([{ address: 'check.ok', status: 'pass', problems: [] }])
})

test('a deferred change keeps its reason, drift is kept apart', () => {
  const resource = {
    address: 'a.b',
    mode: 'managed',
    type: 'a',
    name: 'b',
    provider_name: 'p',
    change: { actions: ['create'], before: null, after: { x: 1 }, after_unknown: {} },
  }
  const plan = parsePlan({
    format_version: '1.2',
    terraform_version: '1.11.4',
    complete: false,
    deferred_changes: [{ reason: 'provider_config_unknown', resource_change: resource }],
    resource_drift: [{ ...resource, change: { actions: ['update'], before: { x: 1 }, after: { x: 2 } } }],
  })
  expect(plan.complete).toBe(false)
  expect(plan.changes).toEqual([])
  expect(plan.deferred).toMatchObject([
    { reason: 'provider_config_unknown', change: { address: 'a.b', action: 'create' } },
  ])
  expect(plan.drift).toMatchObject([{ address: 'a.b', action: 'update' }])
})

test.each([
  [
    'an action nobody knows',
    { resource_changes: [{ address: 'a.b', change: { actions: ['explode'] } }] },
    'a.b has the action ["explode"]',
  ],
  ['another format', { format_version: '2.0' }, 'format 2.0'],
  ['a field of another type', { resource_changes: 'none' }, '"resource_changes" is not a list of objects'],
])('%s is refused', (_, part, message) => {
  const json = { format_version: '1.2', terraform_version: '1.11.4', ...part }
  expect(() => parsePlan(json)).toThrow(
    expect.objectContaining({ code: 'plan-unreadable', message: expect.stringContaining(message) }),
  )
  expect(() => parsePlan('{"format_version":')).toThrow(expect.objectContaining({ code: 'plan-unreadable' }))
})
