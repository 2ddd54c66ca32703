import { expect, test } from 'vitest'
import { memoryRepo } from '../git/drivers/memory.ts'
import { inputFindings, lookAtInputs } from './doctor-uncertain.ts'

const found = async (main: string) => {
  const repo = memoryRepo()
  repo.commit({
    'atmos.yaml':
      'components: {terraform: {base_path: components}}\nstacks: {base_path: stacks, included_paths: ["*"], name_pattern: "{stage}"}\n',
    'stacks/dev.yaml':
      'vars: {stage: dev}\ncomponents: {terraform: {vpc: {}, db: {}, off: {metadata: {enabled: false, component: vpc}}}}\n',
    'components/vpc/main.tf': main,
    'components/db/main.tf': '',
  })
  return (await lookAtInputs(repo, { cwd: '', env: {}, gitRoot: '' })).map((it) => it.found)
}

test('instances with inputs that a commit does not fix are named, with what they are', async () => {
  expect(await found('data "aws_ami" "linux" {}')).toEqual([
    '1 of 2 instances have inputs that a commit does not fix: planned again before an apply, never replayed',
    'vpc@dev: data.aws_ami.linux is read when planning',
  ])
})

test('without any it is said that there are none', async () => {
  expect(await found('')).toEqual(['a commit fixes every input of every plan'])
})

test('many instances with the same inputs are one line, and the largest group comes first', () => {
  const many = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ id: `${name}@dev`, inputs: ['x floats'] }) as const)
  const lines = inputFindings([{ id: 'z@dev', inputs: ['y floats'] }, ...many]).map((it) => it.found)
  expect(lines.slice(1)).toEqual(['a@dev, b@dev, c@dev and 2 more: x floats', 'z@dev: y floats'])
})
