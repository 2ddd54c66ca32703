import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'

const folder = 'stacks/orgs/plat/dev'

/** What makes instances go away, and what of it destroys something. */
export const removed: readonly Scene[] = [
  {
    name: 'removed',
    title: 'Removed by name: destroyed, in reverse order. Vanished: nothing happens',
    on: 'small',
    async play(stage) {
      await brokenPattern(stage)
      await removal(stage)
      await moved(stage)
      await rekeyed(stage)
    },
  },
]

async function brokenPattern({ say, git, edit, airlock }: Stage): Promise<void> {
  say('  A slip in atmos.yaml, and a whole stack is gone from sight. Nobody removed anything by name:')
  await edit('atmos.yaml', 'orgs/**/*', 'orgs/**/ue2*')
  await git('commit', '-qam', 'Tidy up')
  await airlock(['status'], 3)
  await git('reset', '-q', '--hard', 'HEAD~1')
}

async function removal({ say, git, edit, airlock }: Stage): Promise<void> {
  say(
    '  A whole stack is removed: its manifest is deleted. Its plans come with the branch. More than one removal at once\n  needs its number here:',
  )
  await edit('atmos.yaml', 'stacks:', 'integrations: { airlock: { destroy: { max: 1 } } }\n\nstacks:')
  await git('commit', '-qam', 'Ask for the number of removals')
  await git('switch', '-qc', 'retire')
  await git('rm', '-q', `${folder}/ue2.yaml`)
  await git('commit', '-qam', 'Retire dev in ue2')
  await airlock(['plan'], 0)
  await airlock(['approve', '--all'], 3)
  await airlock(['approve', '--all', '--destroy', '3'], 0)
  await git('switch', '-q', 'main')
  await git('merge', '-q', '--squash', 'retire')
  await git('commit', '-qm', 'Retire dev in ue2 (#51)')
  await airlock(['apply'], 0)
  say('  A network is removed, and the cluster still reads it:')
  await edit(
    `${folder}/ue1.yaml`,
    '    vpc:\n      vars:\n        address_range: 10.16.0.0/12\n        region_number: 1\n',
    '',
  )
  await git('commit', '-qam', 'Remove the network')
  await airlock(['status'], 3)
  await git('reset', '-q', '--hard', 'HEAD~1')
}

async function moved({ say, git, edit, airlock }: Stage): Promise<void> {
  say('  The component jobs is called queue from now on, with the state that it has:')
  await edit(
    `${folder}/ue1.yaml`,
    '    jobs:\n',
    '    queue:\n      metadata:\n        component: jobs\n        terraform_workspace: plat-ue1-dev\n',
  )
  await git('commit', '-qam', 'Call it what it is')
  await airlock(['affected', '--base', 'HEAD~1'], 0)
  await airlock(['apply'], 0)
}

async function rekeyed({ say, git, edit, airlock }: Stage): Promise<void> {
  say('  A branch changes where the state of the network is. Terraform would make all of it a second time:')
  await git('switch', '-qc', 'rekey')
  await edit(`${folder}/ue1.yaml`, '    vpc:\n', '    vpc:\n      metadata:\n        terraform_workspace: network\n')
  await git('commit', '-qam', 'Give the network a workspace of its own')
  await airlock(['plan', 'vpc', '-s', 'plat-ue1-dev'], 3)
}
