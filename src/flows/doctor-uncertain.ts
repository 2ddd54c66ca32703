import { uncertainInputs } from '../affected/uncertain.ts'
import { reading } from '../git/reading.ts'
import type { Repo } from '../git/repo.ts'
import type { Finding } from '../installation/finding.ts'
import type { Ambient } from '../stacks/ambient.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { resolveStacks } from '../stacks/instances.ts'

/** Which inputs of plans a commit alone does not fix: instances with the same ones are told of together, most first. */
export async function lookAtInputs(repo: Repo, ambient: Ambient): Promise<Finding[]> {
  const tree = await repo.workTree((path) => /\.(ya?ml|tmpl|tf|tf\.json)$/.test(path))
  const uncertain = await reading([tree], (it) =>
    [...resolveStacks(it!, ambient).inventory().values()]
      .filter(({ abstract, enabled }) => !abstract && enabled)
      .map((instance) => ({ id: instance.id, inputs: uncertainInputs(it!, instance) })),
  )
  return inputFindings(uncertain)
}

interface Uncertain {
  readonly id: InstanceId
  readonly inputs: readonly string[]
}

/** The findings for these instances. Nothing is wrong with such inputs: plans that have them are made again before they are applied. */
export function inputFindings(instances: readonly Uncertain[]): Finding[] {
  const groups = new Map<string, Uncertain[]>()
  for (const it of instances)
    if (it.inputs.length > 0) groups.set(it.inputs.join('; '), [...(groups.get(it.inputs.join('; ')) ?? []), it])
  const some = [...groups.values()].flat().length
  if (some === 0) return [{ name: 'inputs', state: 'ok', found: 'a commit fixes every input of every plan' }]
  const head: Finding = {
    name: 'inputs',
    state: 'ok',
    found: `${some} of ${instances.length} instances have inputs that a commit does not fix: planned again before an apply, never replayed`,
  }
  const most = [...groups].sort(([, a], [, b]) => b.length - a.length)
  return [
    head,
    ...most.map(([inputs, those]): Finding => ({ name: 'inputs', state: 'ok', found: `${namesOf(those)}: ${inputs}` })),
  ]
}

const named = 3

function namesOf(instances: readonly Uncertain[]): string {
  const names = instances.slice(0, named).map(({ id }) => id)
  return `${names.join(', ')}${instances.length > named ? ` and ${instances.length - named} more` : ''}`
}
