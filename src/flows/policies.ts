import type { GateRecords } from '../gate/facts.ts'
import { policyInput } from '../gate/policy-input.ts'
import { lastLines } from '../gate/policy-output.ts'
import { type PolicyCase, policyCases, resultOf } from '../gate/rules/policies.ts'
import type { ShellEnd } from '../machine/shell.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import type { Outlook, PolicyResult } from '../records/pull-request.ts'
import type { PolicyEnd } from '../records/verdict.ts'
import { handedOnWithoutGitHub, secretsOf } from '../secrets.ts'
import { readModel } from './model.ts'
import type { World } from './world.ts'

type Needs = Pick<World, 'shell' | 'store' | 'repo' | 'ambient' | 'machine'>

/**
 * What policies say of the plans of a change. Those that were asked before are not asked again.
 * @returns `now`: of all that count; `kept`: those worth remembering, which leaves out what was cut short
 */
export async function policyResults(
  world: Needs,
  outlook: Outlook,
  records: GateRecords,
): Promise<{ readonly now: readonly PolicyResult[]; readonly kept: readonly PolicyResult[] }> {
  const now: PolicyResult[] = []
  const cases = policyCases(outlook, records)
  for (let start = 0; start < cases.length; start += world.machine.cores)
    now.push(
      ...(await Promise.all(
        cases
          .slice(start, start + world.machine.cores)
          .map(async (it) => resultOf(outlook.results, it) ?? (await asked(world, it))),
      )),
    )
  return { now, kept: now.filter(({ how }) => how === 'passed' || how === 'failed') }
}

/** Runs one policy: the plan as Terraform would tell it on standard input, the exit code is the answer. */
async function asked(world: Needs, { policy, id, digest, plan }: PolicyCase): Promise<PolicyResult> {
  const about = { policy, id, digest }
  const model = await readModel(world, plan)
  if (model === undefined) return { ...about, how: 'failed', said: ['the plan is not in the store any more'] }
  const cut = id.lastIndexOf('@')
  const end = await world.shell.run({
    line: policy.command,
    cwd: world.repo.root,
    env: {
      ...handedOnWithoutGitHub(world.ambient.env),
      AIRLOCK_COMPONENT: id.slice(0, cut),
      AIRLOCK_STACK: id.slice(cut + 1),
    },
    input: policyInput(model),
    timeoutMs: policy.timeoutMs,
  })
  const hidden = secrets(secretsOf(world.ambient.env), [])
  const said = lastLines(redactText(end.output, hidden))
  const how = endOf(end)
  return { ...about, how, said: how === 'timed-out' ? [...said, `killed after ${policy.timeoutMs / 1000} s`] : said }
}

function endOf(end: ShellEnd): PolicyEnd {
  if (end.kind !== 'exited') return end.kind
  return end.code === 0 ? 'passed' : 'failed'
}
