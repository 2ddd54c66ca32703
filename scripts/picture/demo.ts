import type { Terminal } from '../../src/cli/command.ts'
import { stage } from '../../src/testkit/demo/stage.ts'

/** The Markdown of `airlock plan --markdown` for a change of the quickstart, all of which was applied before. */
export async function realComment(terminal: Terminal): Promise<string> {
  const here = await stage(terminal, 'quickstart')
  try {
    await here.quietly(['plan', '--json'], 0)
    await here.quietly(['approve', '--all'], 0)
    await here.quietly(['apply', '--json'], 3)
    await here.quietly(['approve', '--all'], 0)
    await here.quietly(['apply', '--json'], 0)
    await here.git('switch', '-qc', 'wider-prod')
    await here.edit('stacks/mixins/stage/prod.yaml', 'address_range: 10.48.0.0/12', 'address_range: 10.96.0.0/12')
    const inherits = '          - vpc/defaults\n'
    await here.edit('stacks/orgs/plat/dev/ue2.yaml', inherits, `${inherits}      vars:\n        region: us-west-2\n`)
    await here.git('commit', '-qam', 'Move prod to its own addresses, and dev of ue2 to the west')
    return await here.quietly(['plan', '--markdown'], 0)
  } finally {
    await here.close()
  }
}
