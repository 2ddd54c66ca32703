import { expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import { finishedWith } from './finish-late.ts'
import { resolveStacks } from './instances.ts'
import { lateAnswers, type Upstream, upstreams } from './late.ts'
import { type Plain, plain } from './value.ts'
import { UNKNOWN } from './yq.ts'

const stacks = resolveStacks(
  memoryTree({
    'atmos.yaml':
      'stacks: {base_path: stacks, included_paths: ["*"], name_pattern: "{stage}"}\ncomponents: {terraform: {base_path: c}}\n' +
      'templates: {settings: {enabled: true}}\n',
    'stacks/dev.yaml': `vars: {stage: dev}
components:
  terraform:
    vpc: {}
    base: {metadata: {type: abstract}, vars: {m: {own: 1}}}
    app:
      metadata: {inherits: [base]}
      vars:
        id: 'net-{{ (atmos.Component "vpc" .stack).outputs.id }}'
        m: !terraform.state vpc tags
`,
  }),
  { cwd: '', env: {}, gitRoot: '' },
)
const app = stacks.instance('app', 'dev')
const applied: Upstream = { state: { id: 'v1', tags: { a: 1 } }, sensitive: new Set() }
const here = { env: {}, root: '/repo' }

function filledVars(upstream: Upstream): Plain {
  const answers = lateAnswers(app, () => upstream, here)
  const values = new Map(answers.flatMap((it) => (it.kind === 'missing' ? [] : [[it.call, it.value] as const])))
  return plain(finishedWith(stacks, app, values).entries.get('vars')!)
}

test('a template with outputs, and a call that merges, come after the component that they read', () => {
  expect(app.late.map(({ name }) => name).sort()).toEqual(['template', 'terraform.state'])
  expect(upstreams(app)).toEqual(['vpc@dev'])
})

test('a run renders the template and merges the answer with the layer below', () => {
  expect(filledVars(applied)).toEqual({ stage: 'dev', id: 'net-v1', m: { own: 1, a: 1 } })
})

test('outputs that the plan of this run knows come first', () => {
  const planned = { id: 'v2', tags: { b: 2 } }
  expect(filledVars({ ...applied, planned })).toEqual({ stage: 'dev', id: 'net-v2', m: { own: 1, b: 2 } })
})

test('a template is provisional where an output is known only after apply, and waits where nothing was applied', () => {
  const unknown = lateAnswers(app, () => ({ ...applied, planned: { id: UNKNOWN, tags: {} } }), here)
  expect(unknown.find(({ call }) => call.name === 'template')).toMatchObject({ kind: 'provisional', of: 'vpc@dev' })
  const never = lateAnswers(app, () => ({ sensitive: new Set() }), here)
  expect(never.find(({ call }) => call.name === 'template')).toMatchObject({ kind: 'missing', of: 'vpc@dev' })
})
