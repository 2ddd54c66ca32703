import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scene } from './scene.ts'

/** Reality is changed outside; four kinds of difference are told apart, and one is put back. */
export const drifted: Scene = {
  name: 'drift',
  title: 'Drift: changed outside, other data, not applied yet, or noise',
  on: 'small',
  async play({ airlock, cloud, edit, git, say }) {
    const change = async (path: string, values: Readonly<Record<string, unknown>>) => {
      const file = join(cloud, path)
      await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...values }))
    }
    say(
      '  By hand, in the cloud: the network of ue2 gets another range, somebody leaves a notice that a data source reads, and a\n' +
        '  counter of a cluster moves. And a change is merged, and not applied.',
    )
    await change('network/plat-ue2-dev.json', { cidr: '10.99.0.0/16' })
    await change('cluster/plat-ue2-dev.json', { revision: 7 })
    await writeFile(join(cloud, 'file', 'notice.json'), JSON.stringify({ name: 'notice', content: { text: 'moving' } }))
    await edit('stacks/orgs/plat/dev/ue1.yaml', 'size: 3', 'size: 4')
    await git('commit', '-qam', 'Add a node in ue1 (#71)')
    await airlock(['drift'], 3)
    await airlock(['drift', 'vpc', '-s', 'plat-ue2-dev', '--issues', '--webhook'], 3)
    say('  It is put back as everything is applied: planned, sealed, approved.')
    await airlock(['drift', 'vpc', '-s', 'plat-ue2-dev', '--remediate'], 3)
    await airlock(['approve', 'vpc', '-s', 'plat-ue2-dev'], 0)
    await airlock(['drift', 'vpc', '-s', 'plat-ue2-dev', '--remediate'], 0)
  },
}
