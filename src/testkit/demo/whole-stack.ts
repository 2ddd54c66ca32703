import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scene } from './scene.ts'

const dev = 'stacks/orgs/plat/dev'

const workflows = `workflows:
  jobs:
    stack: plat-ue2-dev
    steps:
      - name: network
        command: terraform apply vpc
      - name: quiet
        type: shell
        command: test -e "$FOLDER_CLOUD/quiet" || { echo "the old jobs still run"; exit 1; }
      - name: jobs
        command: terraform deploy jobs
`

/** A new stack from nothing, and a workflow file with a step that fails at first. */
export const wholeStack: Scene = {
  name: 'whole-stack',
  title: 'A whole stack: one component after another; and a workflow, resumed',
  on: 'small',
  async play({ airlock, cloud, git, repo, run, say }) {
    const write = (path: string, text: string) => writeFile(join(repo, path), text)
    const ue2 = await readFile(join(repo, dev, 'ue2.yaml'), 'utf8')
    await write(
      `${dev}/ue3.yaml`,
      ue2.replaceAll('ue2', 'ue3').replace('us-east-2', 'us-east-3').replace('region_number: 2', 'region_number: 3'),
    )
    await git('add', '-A')
    await git('commit', '-qm', 'Open the region ue3 (#51)')
    say('  A stack was merged of which nothing is there yet.')
    await airlock(['up', '-s', 'plat-ue3-dev', '--dry-run'], 0)
    await airlock(['up', '-s', 'plat-ue3-dev', '--approve'], 0)
    say(
      '  The cluster was planned once the network was applied, with its real values. Now a workflow file of Atmos: its Terraform\n' +
        '  steps go the same way, and a shell step between them fails.',
    )
    await write(`${dev}/ue2.yaml`, `${ue2}    jobs:\n      vars:\n        image: jobs:2.0.0\n`)
    await run('mkdir', ['-p', 'stacks/workflows'], '.')
    await write('stacks/workflows/jobs.yaml', workflows)
    await git('add', '-A')
    await git('commit', '-qm', 'Run jobs in ue2, once the old ones are quiet (#52)')
    await airlock(['run', 'jobs', '--dry-run'], 0)
    await airlock(['run', 'jobs'], 1)
    say('  Somebody stops the old jobs, and the run goes on from there.')
    await writeFile(join(cloud, 'quiet'), '')
    await airlock(['run', 'jobs', 'jobs', '--approve', '--from-step', 'quiet'], 0)
    await airlock(['status'], 0)
  },
}
