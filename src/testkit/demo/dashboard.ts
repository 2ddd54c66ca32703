import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scene } from './scene.ts'

const cluster = 'stacks/orgs/plat/dev/ue1.yaml'

/** All of it on one page, made of the records. */
export const page: Scene = {
  name: 'dashboard',
  title: 'A dashboard: one page of all the records, without a server',
  on: 'small',
  async play({ airlock, quietly, cloud, edit, git, folder, say, look }) {
    await edit(cluster, 'size: 3', 'size: 4')
    await git('commit', '-qam', 'Add a node in ue1 (#72)')
    await quietly(['plan'], 0)
    const network = join(cloud, 'network', 'plat-ue2-dev.json')
    const found = JSON.parse(await readFile(network, 'utf8')) as object
    await writeFile(network, JSON.stringify({ ...found, cidr: '10.99.0.0/16' }))
    await quietly(['drift', 'vpc', '-s', 'plat-ue2-dev'], 3)
    const file = join(folder, 'dashboard.html')
    await airlock(['dashboard', '--out', file], 0)
    const html = await readFile(file, 'utf8')
    const needs = html.match(/waits for approval|was changed outside/g) ?? []
    if (needs.length < 2) throw new Error(`${file} does not tell what needs a person`)
    say(`  ${look.bold(file)} opens from disk; it asks the network for nothing. (--keep keeps it.)`)
  },
}
