import { describe } from 'vitest'
import { sandbox } from '../../testkit/sandbox.ts'
import { terraformContract } from '../terraform.contract.ts'
import { fileComponent, hasTerraform, jobOf, sandboxTerraform } from './cli.testkit.ts'

describe.skipIf(!hasTerraform)('real Terraform', () => {
  terraformContract('the cli driver', async () => {
    const box = await sandbox()
    const terraform = sandboxTerraform(box)
    const tool = (await terraform.tool('terraform'))!
    return {
      terraform,
      tool,
      job: ({ name, text, failOn = null }) =>
        jobOf(box, { name, main: fileComponent, vars: { name, text, fail_on: failOn } }),
      broken: () => jobOf(box, { name: 'broken', main: 'resource "folder_file" {', vars: {} }),
      dispose: box.dispose,
    }
  })
})
