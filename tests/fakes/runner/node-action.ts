import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { JobRun, StepResult } from './machine.ts'
import { runStep, type StepRun } from './step.ts'
import { mapIn, type TemplateMap } from './template.ts'

type Given = Parameters<typeof runStep>[1]

/** Runs a JavaScript action: `pre` and `main` now, `post` after the job's steps with the state that they left. */
export async function runNodeAction(
  job: JobRun,
  folder: string,
  action: TemplateMap,
  inputs: ReadonlyMap<string, string>,
  given: Given,
  before: (step: StepRun) => void,
): Promise<StepResult> {
  const runs = mapIn(action, 'runs')
  const env = { ...given.env, ...inputEnv(inputs) }
  const script = (name: string) => async (step: StepRun) => {
    const path = join(folder, String(runs.get(name)))
    if (!existsSync(path)) throw new Error(`File not found: '${path}'`)
    return await step.exec(job.host.node, [path])
  }
  if (runs.has('pre')) {
    const pre = await runStep(job, { ...given, env }, script('pre'))
    if (pre !== 'success') return pre
  }
  if (runs.has('post'))
    job.posts.unshift({
      name: `Post ${String(action.get('name'))}`,
      condition: postCondition(runs),
      work: (interrupt) =>
        runStep(job, { ...given, interrupt, env: { ...env, ...stateEnv(given.state) } }, script('post')),
    })
  return await runStep(job, { ...given, env: { ...env, ...stateEnv(given.state) } }, (step) => {
    before(step)
    return script('main')(step)
  })
}

function postCondition(runs: TemplateMap) {
  const condition = runs.get('post-if')
  return typeof condition === 'string' ? { expression: condition } : (condition ?? { expression: 'always()' })
}

function inputEnv(inputs: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...inputs].map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
}

function stateEnv(state: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...state].map(([name, value]) => [`STATE_${name}`, value]))
}
