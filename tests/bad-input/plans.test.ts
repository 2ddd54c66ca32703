import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seal, unseal } from '../../src/plan/seal.ts'
import { planBlobKey } from '../../src/records/keys.ts'
import { ageVault } from '../../src/store/drivers/age.ts'
import { documents, type House, house, steady } from './house.ts'

let it: House
beforeAll(async () => {
  it = await house()
})
afterAll(() => it.dispose())

const vpc = ['vpc', '-s', 'dev']
const already =
  'Refused: no plan of vpc -s dev waits for an approval\n  it is approved already: airlock apply vpc -s dev\n'

async function size(size: number): Promise<void> {
  await it.write({
    'stacks/catalog/vpc.yaml': (await it.read('stacks/catalog/vpc.yaml')).replace(/size: \d+/, `size: ${size}`),
  })
  await it.commit(`Make vpc ${size}`)
}

/** Plans and approves `vpc` in `dev`, and tells of the record. */
async function approved() {
  expect(await it.airlock(['plan', ...vpc])).toMatchObject({ code: 0, err: '' })
  // A yes stays good for a plan that would do the same.
  const { err } = await it.airlock(['approve', ...vpc])
  expect(['', already]).toContain(err)
  const document = (await documents(it)).find(({ content }) => content.names[0] === 'vpc@dev')!
  const plan = document.content.plans.at(-1)!
  return { ...document, plan, blob: join(it.store, plan.blob) }
}

/** What `apply` answers when it refuses, and that nothing was applied. */
async function refusal(): Promise<string> {
  const states = await serial()
  const { code, out, err } = await it.airlock(['apply', ...vpc])
  expect([code, err]).toEqual([3, ''])
  expect(await serial()).toBe(states)
  const [, refused] = /\n(Refused: [\s\S]*?)\n\n/.exec(out) ?? []
  return steady(refused ?? out)
}

const stateFile = () => join(it.repo, 'components/terraform/vpc/terraform.tfstate.d/dev/terraform.tfstate')

async function serial(): Promise<number | undefined> {
  const text = await readFile(stateFile(), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as { serial: number }).serial
}

test('a plan that fails is shown whole, one without a folder says where, and the others are kept', async () => {
  await it.git('switch', '-qc', 'wrong')
  await it.write({
    'components/terraform/lone/main.tf':
      'variable "stage" {\n  type = string\n}\n\noutput "a" {\n  value = var.stge\n}\n',
    'stacks/orgs/dev.yaml': `${await it.read('stacks/orgs/dev.yaml')}components:
  terraform:
    lone: {}
    nowhere: {}
    vpc:
      vars:
        size: 5
`,
  })
  await it.commit('Add two that cannot be')
  const { code, out } = await it.airlock(['plan'])
  expect([code, steady(out)]).toMatchInlineSnapshot(`
    [
      1,
      "⚠ 2 of 3 plans failed; 1 planned: 1 add

      lone     -s dev   planning failed
      nowhere  -s dev   planning failed
      vpc      -s dev   1 to add

    lone in dev: planning failed
      because it is new   stacks/orgs/dev.yaml:7:5
        
        Error: Reference to undeclared input variable
        
          on main.tf line 6, in output "a":
           6:   value = var.stge
        
        An input variable with the name "stge" has not been declared. Did you mean
        "stage"?

    nowhere in dev: planning failed
      because it is new   stacks/orgs/dev.yaml:8:5
        stacks/orgs/dev.yaml:8:5: nowhere in dev stands for the Terraform component in components/terraform/nowhere, and there is no such folder
        create the folder, or correct metadata.component

    vpc in dev: 1 to add
      because vars.size 1 → 5   stacks/orgs/dev.yaml:11:15
      +   terraform_data.this
            input  5
            known after apply: id, output
      digest HEX
    ",
    ]
  `)
  const [kept] = await documents(it)
  expect(kept?.content).toMatchObject({ names: ['vpc@dev'], plans: [{ status: { kind: 'open' } }] })
  await it.git('switch', '-q', 'main')
})

test('one byte of a sealed plan that is another', async () => {
  const { blob } = await approved()
  const bytes = await readFile(blob)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(blob, bytes)
  expect(await refusal()).toMatchInlineSnapshot(`
    "Refused: the sealed plan of vpc in dev was changed after it was sealed.
      sealed  sha256 HEX  by Ann Example, run local-…, at HH:MM UTC
      found   other bytes: they do not decrypt to what was sealed
      Nothing was applied.
      plan again: airlock plan vpc -s dev"
  `)
  const status = await it.airlock(['status'])
  expect([status.code, status.out]).toEqual([
    3,
    expect.stringContaining('vpc   -s dev    must be planned again: its sealed plan is broken'),
  ])
})

test('a sealed plan that is not there any more', async () => {
  const { blob } = await approved()
  await rm(blob)
  expect(await refusal()).toMatchInlineSnapshot(`
    "Refused: the sealed plan of vpc in dev is not in the store any more (plans/HEX)
      plan again: airlock plan vpc -s dev"
  `)
})

test('the sealed plan of another component, put in the place of this one', async () => {
  expect((await it.airlock(['plan', 'vpc', '-s', 'prod'])).code).toBe(0)
  const other = (await documents(it)).find(({ content }) => content.names[0] === 'vpc@prod')!.content.plans.at(-1)!
  const { blob } = await approved()
  await writeFile(blob, await readFile(join(it.store, other.blob)))
  expect(await refusal()).toMatchInlineSnapshot(`
    "Refused: the sealed plan of vpc in dev was changed after it was sealed.
      sealed  sha256 HEX  by Ann Example, run local-…, at HH:MM UTC
      found   sha256 HEX
      Nothing was applied.
      plan again: airlock plan vpc -s dev"
  `)
  const { content, path, plan } = await approved()
  const { seal: its, blob: key, model } = other
  const forged = { ...plan, seal: its, blob: key, model }
  await writeFile(path, JSON.stringify({ ...content, plans: [...content.plans.slice(0, -1), forged] }))
  expect(await refusal()).toMatchInlineSnapshot(`
    "Refused: the sealed plan that the records name for vpc in dev is of vpc in prod: its address is vpc-prod-HEX, not vpc-dev-HEX
      plan again: airlock plan vpc -s dev"
  `)
})

test('a planfile that was made from other code, sealed as if it were this one', async () => {
  const vault = ageVault({ folder: join(it.root, 'config', 'airlock') })
  const open = async (record: { blob: string; seal: string }) =>
    unseal(await vault.decrypt(await readFile(join(it.store, record.blob))), {
      sha256: record.seal,
      component: 'vpc',
      stack: 'dev',
      sealedBy: '',
    })
  await it.git('switch', '-qc', 'evil')
  const code = await it.read('components/terraform/vpc/main.tf')
  await it.write({ 'components/terraform/vpc/main.tf': code.replace('var.size', 'var.size * 1') })
  await it.commit('Say the same in other words')
  expect((await it.airlock(['plan', ...vpc])).code).toBe(0)
  const evil = (await documents(it)).find(({ content }) => content.names[0] === 'vpc@dev')!.content.plans.at(-1)!
  await it.git('switch', '-q', 'main')
  const { content, path, plan } = await approved()
  const { planfile } = await open(evil)
  const forged = seal({ ...(await open(plan)), planfile })
  const key = planBlobKey(forged.sha256)
  await writeFile(join(it.store, key), await vault.encrypt(forged.bytes))
  const record = { ...plan, seal: forged.sha256, blob: key }
  await writeFile(path, JSON.stringify({ ...content, plans: [...content.plans.slice(0, -1), record] }))
  expect(await refusal()).toMatchInlineSnapshot(`
    "Refused: the planfile of vpc in dev is not what the tip asks for:
      components/terraform/vpc/main.tf: expected sha256 HEX, found sha256 HEX
      Nothing was applied.
      plan again: airlock plan vpc -s dev"
  `)
})

test('a state that moved after the plan was made', async () => {
  await approved()
  expect((await it.airlock(['apply', ...vpc])).out).toContain('1 of 1 done')
  await size(2)
  await approved()
  const state = await readFile(stateFile(), 'utf8')
  await writeFile(
    stateFile(),
    state.replace(/"serial": (\d+)/, (_, serial: string) => `"serial": ${Number(serial) + 1}`),
  )
  expect(await refusal()).toMatchInlineSnapshot(`
    "Refused: the state of vpc in dev has moved since its plan was made at HH:MM UTC (run local-…): planned on serial N of HEX, found serial N of HEX
      somebody applied it without Airlock, or another run did; nothing was applied. Plan again: airlock plan vpc -s dev"
  `)
  const status = await it.airlock(['status'])
  expect(status.out).toContain('vpc   -s dev    must be planned again: the state has moved')
})
