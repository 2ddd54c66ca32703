import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pullRequests } from './pull-requests.ts'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'

const ue1 = 'stacks/orgs/plat/dev/ue1.yaml'

/** An apply fails half-way; a fix and a revert are not held up by it; a person says no. */
export const fixAndRevert: Scene = {
  name: 'fix-and-revert',
  title: 'An apply fails half-way: neither a fix nor a revert has to wait for it',
  on: 'small',
  async play(stage) {
    const { airlock, quietly, git, edit, say, cloud } = stage
    const pulls = pullRequests(stage)
    await merged(stage, 'jobs:1.0.0', 'jobs:2.0.0', 'Run jobs 2.0.0', 61)
    await quietly(['plan'], 0)
    await quietly(['approve', '--all'], 0)
    await trap(cloud, '.fail', 'worker-ue1', 'update')
    await airlock(['apply'], 1)
    say('  The queue has the new image, the worker has not. Two branches begin: one goes forward, one goes back.')
    await git('switch', '-qc', 'forward')
    await edit(ue1, 'jobs:2.0.0', 'jobs:2.0.1')
    await git('commit', '-qam', 'Run jobs 2.0.1, which start again')
    await quietly(['plan'], 0)
    await pulls.open(62, 'forward')
    await git('switch', '-q', 'main')
    await git('switch', '-qc', 'back')
    await edit(ue1, 'jobs:2.0.0', 'jobs:1.0.0')
    await git('commit', '-qam', 'Go back to jobs 1.0.0')
    await quietly(['plan'], 0)
    await pulls.open(63, 'back')
    await airlock(['gate', '#62'], 0)
    await airlock(['gate', '#63'], 0)
    await pulls.merge(63)
    say('  The tip asks for what the ledger says was applied, and yet nothing is called clean before reality is:')
    await airlock(['status'], 3)
    say('  The plan that #63 brought is of that very state: approved, it puts the queue back.')
    await rm(join(cloud, '.fail'), { recursive: true })
    await quietly(['approve', '--all'], 0)
    await airlock(['apply'], 0)
    say('  And the answer no: what is rejected waits for nobody, and nobody waits for it.')
    await merged(stage, 'size: 3', 'size: 30', 'Make the cluster ten times as large', 64)
    await quietly(['plan'], 0)
    await airlock(['reject', 'cluster', '-s', 'plat-ue1-dev', '--reason', 'ten times the costs'], 0)
    await airlock(['status'], 3)
  },
}

/** The apply process is killed half-way; the next run finds out what was done, and finishes what is left. */
export const killed: Scene = {
  name: 'killed',
  title: 'Killed half-way (SIGKILL): what was done is found out, what is left is finished',
  on: 'small',
  async play(stage) {
    const { airlock, quietly, killed: kill, say, cloud, repo } = stage
    await merged(stage, 'jobs:1.0.0', 'jobs:2.0.0', 'Run jobs 2.0.0', 65)
    await quietly(['plan'], 0)
    await quietly(['approve', '--all'], 0)
    await trap(cloud, '.slow', 'worker-ue1', '20000')
    await kill(['apply'], async () => {
      const queue = await readFile(join(cloud, 'file', 'queue-ue1.json'), 'utf8')
      return queue.includes('jobs:2.0.0') && (await hasNotedLock(repo))
    })
    say('  The queue has the new image; whether the worker has, nobody knows. Terraform had no time to save its state.')
    await airlock(['status'], 3)
    await airlock(['apply'], 3)
    say('  The lease protects whoever may still be at work. A person who knows that nobody is frees it:')
    await airlock(['unlock', 'jobs', '-s', 'plat-ue1-dev', '--reason', 'the machine was switched off'], 0)
    await rm(join(cloud, '.slow'), { recursive: true })
    await airlock(['apply'], 0)
    await airlock(['status'], 0)
  },
}

/** A change that is squash-merged at once. */
async function merged(stage: Stage, from: string, to: string, subject: string, number: number): Promise<void> {
  await stage.edit(ue1, from, to)
  await stage.git('commit', '-qam', `${subject} (#${number})`)
}

/** Whether the journal has the id of the lock that Terraform took. */
async function hasNotedLock(repo: string): Promise<boolean> {
  const folder = join(repo, '.git', 'airlock', 'documents')
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))
  return texts.some((text) => text.includes('"lock": "'))
}

async function trap(cloud: string, kind: string, name: string, text: string): Promise<void> {
  await mkdir(join(cloud, kind), { recursive: true })
  await writeFile(join(cloud, kind, name), text)
}
