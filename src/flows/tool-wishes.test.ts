import { expect, test } from 'vitest'
import type { MemoryFiles } from '../git/drivers/memory.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { checkout, commitOf } from './checkout.ts'
import { fits, toolWishes, versionFor } from './tool-wishes.ts'

const body = `components:
  terraform:
    vpc:
      dependencies: { tools: { terraform: 1.9.8 } }
    app: { vars: { size: 1 } }
`

async function wishesOf(more: MemoryFiles, ids: readonly `${string}@${string}`[]) {
  const { world } = flowLab({ ...labFiles(['vpc', 'app'], { dev: body }), ...more })
  return toolWishes(await checkout(world, await commitOf(world, 'HEAD')), ids)
}
const releases = async () => ['1.9.8', '1.11.4', '1.10.0', '2.0.0']

test('each instance asks for what its stack and its code say, and the repository for all of them', async () => {
  const asked = await wishesOf(
    {
      '.tool-versions': 'nodejs 20.1.0\nterraform 1.9.8 # as in production\n',
      'components/terraform/vpc/versions.tf': 'terraform {\n  required_version = ">= 1.5"\n}\n',
    },
    ['vpc@dev'],
  )
  expect(asked).toEqual({
    kind: 'terraform',
    command: 'terraform',
    wishes: [
      { constraint: '1.9.8', from: '.tool-versions' },
      { constraint: '1.9.8', from: 'vpc@dev: dependencies.tools' },
      { constraint: '>= 1.5', from: 'components/terraform/vpc: required_version' },
    ],
  })
  expect(fits(asked, '1.9.8')).toBe(true)
  expect(fits(asked, '1.11.4')).toBe(false)
})

test('without a wish any version will do; a range is met by the newest release in it', async () => {
  expect(fits(await wishesOf({}, ['app@dev']), '1.3.0')).toBe(true)
  const code = { 'components/terraform/app/versions.tf': 'terraform {\n  required_version = "~> 1.5"\n}\n' }
  expect(await versionFor(await wishesOf(code, ['app@dev']), releases)).toBe('1.11.4')
})

test('components of one job that ask for different versions are told of each other', async () => {
  const code = { 'components/terraform/app/versions.tf': 'terraform {\n  required_version = ">= 1.10"\n}\n' }
  await expect(versionFor(await wishesOf(code, ['app@dev', 'vpc@dev']), releases)).rejects.toThrow(
    />= 1\.10 {3}components\/terraform\/app: required_version\n {2}1\.9\.8 {3}vpc@dev: dependencies\.tools/,
  )
})
