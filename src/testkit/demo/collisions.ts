import { pullRequests } from './pull-requests.ts'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'

const cluster = ['cluster', '-s', 'plat-ue1-dev']

/** Two changes at a time: kept apart until one is applied, or brought together in one plan. */
export const collisions: readonly Scene[] = [
  {
    name: 'collision',
    title: 'Collision: two branches touch one instance',
    on: 'small',
    async play(stage) {
      const { git, airlock, quietly, say } = stage
      const pulls = pullRequests(stage)
      await twoBranches(stage)
      say('  #51 merges first. Both change cluster in plat-ue1-dev, so #52 must wait for it:')
      await pulls.merge(51)
      await airlock(['gate', 'newer-clusters'], 3)
      await quietly(['approve', '--all'], 0)
      await airlock(['apply'], 0)
      say('  The plan of #52 for cluster in plat-ue2-dev is kept; only the other one was made on a state that moved.')
      await git('switch', '-q', 'newer-clusters')
      await git('merge', '-q', '-m', 'Merge main', 'main')
      await quietly(['plan', ...cluster], 0)
      await airlock(['gate'], 0)
      await git('switch', '-q', 'main')
    },
  },
  {
    name: 'coalesced',
    title: 'Two merges before an apply: one plan that names both',
    on: 'small',
    async play(stage) {
      const { airlock, quietly, say } = stage
      const pulls = pullRequests(stage)
      await twoBranches(stage, async () => {
        await quietly(['approve', '--all'], 0)
      })
      await pulls.merge(51)
      say('  Nobody waits for the gate: #52 is merged past it.')
      await pulls.merge(52)
      await quietly(['plan', ...cluster], 0)
      await airlock(['show', ...cluster], 0)
      say('  Both were approved, each with its own plan. The plan at the tip is another, so it is asked for once more:')
      await airlock(['apply'], 3)
      await quietly(['approve', ...cluster], 0)
      await airlock(['apply'], 0)
    },
  },
]

/** #51 makes one cluster larger, #52 gives both a newer version; each is planned, then opened. */
async function twoBranches({ git, edit, quietly, ...stage }: Stage, planned = async () => {}): Promise<void> {
  const pulls = pullRequests({ git, edit, quietly, ...stage })
  const branch = async (number: number, name: string, title: string, [file, from, to]: [string, string, string]) => {
    await git('switch', '-qc', name, 'main')
    await edit(file, from, to)
    await git('commit', '-qam', title)
    await quietly(['plan'], 0)
    await planned()
    await pulls.open(number, name)
  }
  await branch(51, 'larger-cluster', 'Enlarge a cluster', ['stacks/orgs/plat/dev/ue1.yaml', 'size: 3', 'size: 5'])
  await branch(52, 'newer-clusters', 'Take a newer version', ['stacks/catalog/cluster.yaml', '"1.31"', '"1.32"'])
}
