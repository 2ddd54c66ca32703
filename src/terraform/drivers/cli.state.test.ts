import { once } from 'node:events'
import { chmod, lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, sandbox } from '../../testkit/sandbox.ts'
import type { ApplyRun, Job, PlanRun, Session, Terraform, Tool } from '../terraform.ts'
import { fileComponent, hasTerraform, jobOf, sandboxTerraform } from './cli.testkit.ts'

const noExtra = { destroy: false, extraArgs: [] }

describe.skipIf(!hasTerraform)('what real Terraform leaves in and around a working copy', () => {
  let box: Sandbox
  let terraform: Terraform
  let tool: Tool
  beforeAll(async () => {
    box = await sandbox()
    terraform = sandboxTerraform(box)
    tool = (await terraform.tool('terraform'))!
  })
  afterAll(() => box.dispose())

  async function within<T>(job: Job, use: (session: Session) => Promise<T>): Promise<T> {
    const session = await terraform.open(job, tool, {})
    try {
      return await use(session)
    } finally {
      await session.close()
    }
  }

  function planned(run: PlanRun) {
    if (run.kind !== 'planned') throw new Error(`the plan is ${run.kind}: ${run.ran.output}`)
    return run
  }

  const job = (name: string, over: Partial<Job> = {}, vars: Readonly<Record<string, unknown>> = {}) =>
    jobOf(box, { name, main: fileComponent, vars: { name, text: 'one', ...vars }, ...over })

  const planAndApply = (it: Job): Promise<ApplyRun> =>
    within(it, async (session) => session.apply(planned(await session.plan(noExtra))))

  test('local state of a named workspace lies where Atmos looks for it', async () => {
    await planAndApply(job('named'))
    const file = join(box.root, 'checkout/components/terraform/file/terraform.tfstate.d/named/terraform.tfstate')
    expect(JSON.parse(await readFile(file, 'utf8')).outputs.text.value).toBe('one')
  })

  test('a link to a state file may lead to nothing yet: Terraform makes the file where the link leads', async () => {
    const target = join(box.root, 'checkout/plain/terraform.tfstate')
    const it = (text: string) =>
      job('plain', { workspace: 'default', links: new Map([['terraform.tfstate', target]]) }, { text })
    const looked = await within(it('one'), (session) => session.plan(noExtra))
    expect(planned(looked).changed).toBe(true)
    for (const text of ['one', 'two']) {
      expect((await planAndApply(it(text))).kind).toBe('applied')
      expect(JSON.parse(await readFile(target, 'utf8')).outputs.text.value).toBe(text)
    }
    const link = join(box.root, 'work/0123456789abcdef/file@plain/tree/components/terraform/file/terraform.tfstate')
    expect(await readlink(link)).toBe(target)
    expect((await lstat(target)).isFile()).toBe(true)
  })

  test('a file that the plan made is sealed with it, and is there again when it is applied elsewhere', async () => {
    await planAndApply(job('imported'))
    const { main, ...over } = {
      main: `terraform {
  required_providers {
    folder = { source = "airlock.dev/demo/folder" }
  }
}
import {
  to = folder_file.found
  id = "imported"
}
`,
      workspace: 'importing',
    }
    const it = jobOf(box, { name: 'importing', main, vars: {}, ...over })
    const plan = planned(
      await within(it, (session) => session.plan({ destroy: false, extraArgs: ['-generate-config-out=found.tf'] })),
    )
    expect([...plan.made.keys()]).toEqual(['components/terraform/file/found.tf'])
    expect(Buffer.from([...plan.made.values()][0]!).toString()).toContain('resource "folder_file" "found"')
    const run = await within(it, async (session) => session.apply(plan))
    expect(run.ran.output).toContain('1 imported')
    expect(
      await readdir(join(box.root, 'work/0123456789abcdef/file@importing/tree/components/terraform/file')),
    ).toContain('found.tf')
  })

  test('the plan tells the lock file that init made, and no planfile or log stays behind', async () => {
    const plan = planned(await within(job('lockfile'), (session) => session.plan(noExtra)))
    expect(plan.lockFile).toContain('provider "airlock.dev/demo/folder"')
    expect(plan.made.size).toBe(0)
    expect((await readdir(join(box.root, 'work/0123456789abcdef/file@lockfile'))).sort()).toEqual([
      'initialised',
      'lock',
      'tree',
    ])
  })

  test('a job that would write outside of its working copy is refused, and holds nobody up', async () => {
    const outside = job('outside', { generated: new Map([['../../../../x', '']]) })
    await expect(terraform.open(outside, tool, {})).rejects.toMatchObject({ code: 'path-outside' })
    await (await terraform.open(job('outside'), tool, { waiting: (holder) => expect(holder).toBe('nobody') })).close()
  })

  test('a folder that other users can change is no place for working copies', async () => {
    const shared = join(box.root, 'shared')
    await mkdir(join(shared, 'work'), { recursive: true })
    await chmod(join(shared, 'work'), 0o777)
    const careless = sandboxTerraform({ ...box, root: shared })
    await expect(careless.open(job('x'), tool, {})).rejects.toMatchObject({ code: 'work-folder-unsafe', exit: 2 })
  })

  test('a provider version that does not exist fails init, with Terraform’s words', async () => {
    const main = fileComponent.replace('demo/folder"', 'demo/folder", version = "2.0.0"')
    const run = await within(jobOf(box, { name: 'noversion', main, vars: {} }), (session) => session.plan(noExtra))
    expect(run).toMatchObject({ kind: 'failed', step: 'init' })
    expect(run.ran.output).toContain('no available releases match')
  })

  test('variables of the outer process do not reach Terraform, those of the job do', async () => {
    const outer = { ...box, env: { ...box.env, TF_VAR_text: 'outer', TF_WORKSPACE: 'outer', TF_CLI_ARGS: '-bogus' } }
    const meddled = sandboxTerraform(outer)
    const vars = { name: 'environment' }
    const it = jobOf(box, { name: 'environment', main: fileComponent, vars })
    const session = await meddled.open({ ...it, env: { ...it.env, TF_VAR_text: 'of the job' } }, tool, {})
    const run = await session.apply(planned(await session.plan(noExtra)))
    await session.close()
    expect(run).toMatchObject({ kind: 'applied', outputs: { text: 'of the job' } })
  })

  test('instances that start at once share the plugin cache without harm', async () => {
    const fresh = sandboxTerraform({ ...box, root: join(box.root, 'fresh') })
    const runs = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => {
        const session = await fresh.open(job(`parallel-${name}`), tool, {})
        const run = await session.plan(noExtra)
        await session.close()
        return run.kind === 'planned' ? run.kind : run.ran.output
      }),
    )
    expect(runs).toEqual(['planned', 'planned', 'planned', 'planned'])
  })

  test('instances of one component are initialised once, and no process is asked for a local workspace or state', async () => {
    const fresh = sandboxTerraform({ ...box, root: join(box.root, 'siblings') })
    const log = join(box.root, 'commands')
    const path = join(box.root, 'logging-terraform')
    await writeFile(path, `#!/bin/sh\necho "$1" >> '${log}'\nexec '${tool.path}' "$@"\n`, { mode: 0o755 })
    const elsewhere = JSON.stringify({ terraform: { backend: { local: { workspace_dir: 'spaces' } } } })
    const other = job('own-backend')
    const jobs = [
      job('first'),
      job('second'),
      { ...other, generated: new Map([...other.generated, ['backend.tf.json', elsewhere]]) },
    ]
    const outputs = await Promise.all(
      jobs.map(async (it) => {
        const session = await fresh.open(it, { ...tool, path }, {})
        const run = await session.apply(planned(await session.plan(noExtra)))
        await session.close()
        return run.kind === 'applied' ? run.outputs : run.ran.output
      }),
    )
    expect(outputs).toEqual(jobs.map(() => ({ text: 'one', version: 1 })))
    const ran = (await readFile(log, 'utf8')).trim().split('\n').sort()
    expect(ran).toEqual(['apply', 'apply', 'apply', 'init', 'init', 'plan', 'plan', 'plan', 'show', 'show', 'show'])
  })

  test('a state that could not be stored is given to the caller', async () => {
    const server = createServer((request, response) => {
      request.resume()
      response.writeHead(request.method === 'GET' ? 404 : request.method === 'POST' ? 400 : 200).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const address = `http://127.0.0.1:${port}/state`
    const plain = job('errored', { workspace: undefined, links: new Map() })
    const backend = JSON.stringify({ terraform: { backend: { http: { address, retry_max: 0 } } } })
    const run = await planAndApply({ ...plain, generated: new Map([...plain.generated, ['backend.tf.json', backend]]) })
    server.close()
    expect(run).toMatchObject({ kind: 'failed', step: 'apply', state: undefined })
    if (run.kind === 'failed') {
      const state = JSON.parse(Buffer.from(run.erroredState ?? '').toString())
      expect(state.resources[0].instances[0].attributes.name).toBe('errored')
    }
  })

  test('a working copy keeps nothing of another commit but what makes init quick, and no file with variables or settings', async () => {
    await within(job('commit', { generated: new Map([...job('commit').generated, ['extra.tf', '# x']]) }), (session) =>
      session.plan(noExtra),
    )
    await within(job('commit'), (session) => session.plan(noExtra))
    const folder = join(box.root, 'work/0123456789abcdef/file@commit/tree/components/terraform/file')
    expect((await readdir(folder)).sort()).toEqual([
      '.terraform',
      '.terraform.lock.hcl',
      'main.tf',
      'terraform.tfstate.d',
    ])
  })
})
