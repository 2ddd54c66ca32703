import { UserError } from '../error.ts'
import type { ShellEnd } from '../machine/shell.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { secretsOf } from '../secrets.ts'
import { actionOf, actionText } from '../sequences/action.ts'
import type { Planned } from '../sequences/sequence.ts'
import { ownVariables, rendered, type Scope } from '../sequences/values.ts'
import type { Text } from '../sequences/workflow.ts'
import { joinPath } from '../stacks/paths.ts'
import type { Running, StepEnd } from './steps.ts'

/** One try at a step that stands for itself: variables, an action, or a command. */
export async function attempt(running: Running, scope: Scope, planned: Planned): Promise<StepEnd> {
  const { step } = planned
  const { place, events } = running
  const own = ownVariables(place, scope, step)
  const env = { ...place.processEnv, ...place.configEnv, ...own }
  const render = (text: Text) => rendered(text, scope, step, env)
  switch (step.kind) {
    case 'env': {
      events.begin(planned, `sets ${[...step.variables.keys()].join(', ')}`)
      for (const [name, text] of step.variables) scope.set.set(name, render(text))
      return { kind: 'done', text: 'set' }
    }
    case 'group':
      throw new Error(`${planned.what} is a group, which has no try of its own`)
    case 'atmos': {
      const command = { ...step.command, text: render(step.command) }
      const stack = planned.stack && render(planned.stack)
      const action = planned.action ?? actionOf(command, stack, planned.what, env)
      events.begin(planned, actionText(action))
      if (action.kind !== 'workflow')
        return running.ports.act(action, { what: planned.what, at: step.command.at, env: own })
      throw new UserError({
        code: 'step-command-unsupported',
        message: `${planned.what} calls a workflow that a template names`,
        fix: 'write the name of the workflow out, so that it can be checked before anything runs',
        at: step.command.at,
        exit: 2,
      })
    }
    case 'shell':
    case 'script': {
      const text = render(step.kind === 'shell' ? step.command : step.script)
      const folder = step.workingDirectory ?? scope.sequence.workflow.workingDirectory
      const { timeoutMs } = step
      const hide = hiding(env)
      events.begin(planned, hide(firstLine(text)))
      const lines = byLine((line) => events.output(hide(line)))
      const ended = await running.ports.shell.run(
        {
          // An interpreter reads its script from standard input.
          ...(step.kind === 'shell' ? { line: text } : { line: step.interpreter, input: text }),
          cwd: folder === undefined ? place.cwd : inBase(place.base, render(folder)),
          env,
          ...(timeoutMs !== undefined && { timeoutMs }),
        },
        { text: lines.take },
      )
      lines.end()
      running.interrupted ||= ended.kind === 'interrupted'
      if (ended.kind === 'exited') scope.values.set(step.name, ended.output.trimEnd())
      return shellEnd({ ...ended, output: hide(ended.output) })
    }
  }
}

/** Hides what the environment of a step keeps secret, in what its commands say. */
function hiding(env: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const known = secrets(secretsOf(env))
  return (text) => redactText(text, known)
}

/** Hands on what comes in pieces line by line: a secret is never cut in two. */
function byLine(line: (text: string) => void): { take(chunk: string): void; end(): void } {
  let rest = ''
  return {
    take(chunk) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      for (const it of lines) line(it)
    },
    end() {
      if (rest !== '') line(rest)
      rest = ''
    },
  }
}

function shellEnd(ended: ShellEnd): StepEnd {
  const { output } = ended
  if (ended.kind === 'interrupted') return { kind: 'failed', text: 'interrupted', output }
  if (ended.kind !== 'exited') return { kind: 'failed', text: 'not done in time, and was ended', output }
  if (ended.code === 0) return { kind: 'done', text: 'done', output }
  return { kind: 'failed', text: `ended with ${ended.code}`, output }
}

function firstLine(text: string): string {
  const [first = '', ...more] = text.trim().split('\n')
  return more.length > 0 ? `${first} …` : first
}

function inBase(base: string, folder: string): string {
  return folder.startsWith('/') ? folder : joinPath(base, folder)
}
