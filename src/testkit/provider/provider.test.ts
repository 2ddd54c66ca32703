import { execFile } from 'node:child_process'
import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTerraform } from '../../terraform/drivers/cli.testkit.ts'
import { type Sandbox, sandbox } from '../sandbox.ts'

interface Result {
  readonly code: number
  readonly output: string
}

const command = 'terraform'

const head = `terraform {
  required_providers {
    folder = { source = "airlock.dev/demo/folder" }
  }
}
`

describe.skipIf(!hasTerraform)('the folder cloud, through real Terraform', { timeout: 120_000 }, () => {
  let box: Sandbox
  beforeAll(async () => {
    box = await sandbox()
  })
  afterAll(() => box.dispose())

  /** A configuration in a folder of its own, initialised. */
  async function project(name: string, env: Readonly<Record<string, string>> = {}) {
    const folder = join(box.root, name)
    await mkdir(folder)
    const terraform = (...args: string[]) =>
      new Promise<Result>((resolve) =>
        execFile(
          command,
          [...args, '-no-color'],
          { cwd: folder, env: { ...box.env, ...env } as NodeJS.ProcessEnv },
          (error, stdout, stderr) =>
            resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, output: stdout + stderr }),
        ),
      )
    const write = (body: string) => writeFile(join(folder, 'main.tf'), head + body)
    await write('')
    expect(await terraform('init', '-input=false')).toMatchObject({ code: 0 })
    return {
      write,
      plan: (...args: string[]) => terraform('plan', '-input=false', '-detailed-exitcode', ...args),
      apply: (...args: string[]) => terraform('apply', '-input=false', '-auto-approve', ...args),
      run: terraform,
      async planJson() {
        expect((await terraform('plan', '-input=false', '-out=p')).code).toBe(0)
        return JSON.parse((await terraform('show', '-json', 'p')).output)
      },
    }
  }

  const object = async (kind: string, name: string) =>
    JSON.parse(await readFile(join(box.cloud, kind, `${name}.json`), 'utf8'))
  const exists = (path: string) =>
    access(join(box.cloud, path)).then(
      () => true,
      () => false,
    )
  async function trap(kind: '.fail' | '.slow', name: string, text: string) {
    await mkdir(join(box.cloud, kind), { recursive: true })
    await writeFile(join(box.cloud, kind, name), text)
  }

  const network = (name: string, cidr: string, region = 'us-east-2') => `
resource "folder_network" "this" {
  name   = "${name}"
  region = "${region}"
  cidr   = "${cidr}"
}
output "subnets" { value = folder_network.this.subnets }
`

  test('an object is made, changed in place with what follows from it known in the plan, and deleted', async () => {
    const it = await project('life')
    await it.write(network('life', '10.1.0.0/16'))
    expect(await it.apply()).toMatchObject({ code: 0 })
    expect(await object('network', 'life')).toMatchObject({ cidr: '10.1.0.0/16', id: expect.stringMatching(/^net-/) })
    await it.write(network('life', '10.2.0.0/16'))
    const plan = await it.planJson()
    expect(plan.resource_changes[0].change).toMatchObject({
      actions: ['update'],
      after_unknown: {},
    })
    expect(plan.output_changes.subnets.after).toEqual(['10.2.0.0/20', '10.2.16.0/20', '10.2.32.0/20'])
    expect((await it.run('apply', 'p')).code).toBe(0)
    expect((await object('network', 'life')).subnets[2]).toBe('10.2.32.0/20')
    expect((await it.run('destroy', '-auto-approve')).code).toBe(0)
    expect(await readdir(join(box.cloud, 'network'))).toEqual([])
  })

  test('an edit and a deletion behind Terraform’s back are drift, and an apply puts them back', async () => {
    const it = await project('drift')
    const two = `${network('drift', '10.1.0.0/16')}
resource "folder_app" "this" {
  name             = "drift"
  image            = "shop:1"
  cluster_endpoint = "https://x"
}
`
    await it.write(two)
    await it.apply()
    expect(await it.plan()).toMatchObject({ code: 0 })
    const edited = { ...(await object('network', 'drift')), cidr: '10.9.0.0/16' }
    await writeFile(join(box.cloud, 'network/drift.json'), JSON.stringify(edited))
    await rm(join(box.cloud, 'app/drift.json'))
    const { resource_drift: drift } = await it.planJson()
    expect(
      drift.map((found: { address: string; change: { actions: string[] } }) => [
        found.address,
        ...found.change.actions,
      ]),
    ).toEqual([
      ['folder_app.this', 'delete'],
      ['folder_network.this', 'update'],
    ])
    expect(await it.plan()).toMatchObject({ code: 2 })
    expect((await it.apply()).code).toBe(0)
    expect((await object('network', 'drift')).cidr).toBe('10.1.0.0/16')
    expect(await it.plan()).toMatchObject({ code: 0 })
  })

  test('what cannot be changed in place is replaced', async () => {
    const it = await project('replace')
    await it.write(network('replace', '10.1.0.0/16'))
    await it.apply()
    await it.write(network('replace', '10.1.0.0/16', 'us-east-1'))
    const { resource_changes: changes } = await it.planJson()
    expect(changes[0].change).toMatchObject({ actions: ['delete', 'create'], replace_paths: [['region']] })
    const { id } = await object('network', 'replace')
    expect((await it.run('apply', 'p')).code).toBe(0)
    expect(await object('network', 'replace')).toMatchObject({ region: 'us-east-1' })
    expect((await object('network', 'replace')).id).not.toBe(id)
  })

  test('a cluster’s endpoint is unknown in every plan; by name it may stay, by address it moves with the network', async () => {
    const it = await project('cluster')
    const cluster = (mode: string, cidr: string, version: string) => `
resource "folder_cluster" "this" {
  name          = "cluster-${mode}"
  version       = "${version}"
  network_cidr  = "${cidr}"
  endpoint_mode = "${mode}"
}
output "endpoint" { value = folder_cluster.this.endpoint }
`
    const endpoints: string[] = []
    for (const [mode, cidr, version] of [
      ['name', '10.1.0.0/16', '1.31'],
      ['name', '10.2.0.0/16', '1.31'],
      ['name', '10.2.0.0/16', '1.32'],
      ['address', '10.2.0.0/16', '1.32'],
    ] as const) {
      await it.write(cluster(mode, cidr, version))
      expect((await it.planJson()).output_changes.endpoint).toMatchObject({ after_unknown: true })
      expect((await it.run('apply', 'p')).code).toBe(0)
      endpoints.push((await object('cluster', `cluster-${mode}`)).endpoint)
    }
    expect(endpoints).toEqual([
      'https://cluster-name.v1-31.clusters.test:6443',
      'https://cluster-name.v1-31.clusters.test:6443',
      'https://cluster-name.v1-32.clusters.test:6443',
      'https://10.2.0.10:6443',
    ])
  })

  test('an object that exists is not overwritten; it can be imported, and looked up', async () => {
    const it = await project('import')
    await writeFile(
      join(box.cloud, 'network/found.json'),
      JSON.stringify({
        name: 'found',
        region: 'us-east-2',
        cidr: '10.3.0.0/16',
        id: 'net-1',
        subnets: ['10.3.0.0/20', '10.3.16.0/20', '10.3.32.0/20'],
        strange: true,
      }),
    )
    await it.write(network('found', '10.3.0.0/16'))
    const clash = await it.apply()
    expect(clash.code).toBe(1)
    expect(clash.output.replace(/\s+/g, ' ')).toContain('network/found exists already')
    expect((await it.run('import', 'folder_network.this', 'found')).code).toBe(0)
    expect(await it.plan()).toMatchObject({ code: 0 })
    const lookup = (name: string) => `data "folder_lookup" "${name}" {
  kind = "network"
  name = "${name}"
}
output "${name}" { value = data.folder_lookup.${name}.exists }
`
    await it.write(network('found', '10.3.0.0/16') + lookup('found') + lookup('missing'))
    expect((await it.planJson()).planned_values.outputs).toMatchObject({
      found: { value: true },
      missing: { value: false },
    })
  })

  const files = (names: readonly string[], more = '') =>
    names
      .map((name) => `resource "folder_file" "${name}" {\n  name = "${name}"\n  content = { a = "b" }\n${more}}\n`)
      .join('')

  test('a trap makes an apply fail half-way; once it is gone the rest is made', async () => {
    const it = await project('half')
    await it.write(files(['good', 'bad']))
    await trap('.fail', 'bad', '')
    const failed = await it.apply()
    expect(failed.code).toBe(1)
    expect(failed.output).toContain('refused to create "bad"')
    expect([await exists('file/good.json'), await exists('file/bad.json')]).toEqual([true, false])
    await rm(join(box.cloud, '.fail/bad'))
    expect((await it.apply()).output).toContain('1 added, 0 changed, 0 destroyed')
  })

  test('a trap can spring after the fact: the object exists, and no state knows it', async () => {
    const it = await project('after')
    await it.write(files(['ghost']))
    await trap('.fail', 'ghost', 'create after')
    expect((await it.apply()).code).toBe(1)
    expect(await exists('file/ghost.json')).toBe(true)
    expect((await it.run('state', 'list')).output).toBe('')
  })

  test('objects fail on the operation they were told to, and take the time they were told to', async () => {
    const it = await project('told')
    await it.write(files(['told'], '  fail_on = "delete"\n'))
    expect((await it.apply()).code).toBe(0)
    const destroy = await it.run('destroy', '-auto-approve')
    expect([destroy.code, destroy.output.includes('was told to fail on delete')]).toEqual([1, true])
    await trap('.slow', 'told', '600')
    await it.write(files(['told'], '  delay_ms = 600\n'))
    const begun = performance.now()
    expect((await it.apply()).code).toBe(0)
    expect(performance.now() - begun).toBeGreaterThan(1_200)
  })

  test('a secret is hidden where it is marked, and shows where the provider forgot to mark it', async () => {
    const it = await project('secret', { APP_TOKEN: 'tok-env-4711' })
    await it.write(`
resource "folder_secret" "marked" {
  name  = "marked"
  value = "s3cret-value"
}
resource "folder_secret" "env" {
  name     = "env"
  from_env = "APP_TOKEN"
}
`)
    const { resource_changes: changes } = await it.planJson()
    const of = (address: string) =>
      changes.find((change: { address: string }) => change.address === `folder_secret.${address}`).change
    expect(of('marked')).toMatchObject({
      after: { value: 's3cret-value', echo: 's3cret-value' },
      after_sensitive: { value: true, token: true },
    })
    expect(of('marked').after_sensitive).not.toHaveProperty('echo')
    expect(of('env').after.echo).toBe('tok-env-4711')
    const { output, code } = await it.run('apply', 'p')
    expect(code).toBe(0)
    expect(output).not.toContain('s3cret-value')
  })

  test('without a cloud, and with a broken object in it, Terraform says what is wrong', async () => {
    const lost = await project('lost', { FOLDER_CLOUD: '' })
    await lost.write(network('lost', '10.1.0.0/16'))
    expect((await lost.plan()).output).toContain('Set FOLDER_CLOUD')
    const it = await project('broken')
    await it.write(files(['broken']))
    await it.apply()
    await writeFile(join(box.cloud, 'file/broken.json'), '{"name": ')
    const { code, output } = await it.plan()
    expect([code, output.includes('is no JSON')]).toEqual([1, true])
    await writeFile(join(box.cloud, 'file/broken.json'), '{"name": "broken", "content": 5}')
    expect((await it.plan()).output.replace(/\s+/g, ' ')).toContain('"content" of a file must be ["map","string"]')
  })

  test('no provider process outlives its Terraform', async () => {
    const processes = await new Promise<string>((resolve) =>
      execFile('ps', ['-eo', 'args'], (_, stdout) => resolve(stdout)),
    )
    expect(processes.split('\n').filter((line) => line.includes(join(box.root, 'terraform')))).toEqual([])
  })
})
