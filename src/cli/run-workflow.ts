import type { ExitCode } from '../error.ts'
import {
  dryRun,
  runWorkflow,
  type WorkflowEvents,
  type WorkflowOutcome,
  type WorkflowRequest,
} from '../flows/run-workflow.ts'
import type { StepEnd } from '../flows/steps.ts'
import { actionText } from '../sequences/action.ts'
import type { Planned, Sequence } from '../sequences/sequence.ts'
import { instanceId } from '../stacks/instance.ts'
import { openWorld } from '../wire.ts'
import { upEvents } from './bring-up.ts'
import type { Command, Terminal } from './command.ts'
import { noteDirty } from './dirty.ts'
import { entries } from './registry.ts'
import { run } from './run.ts'
import { type Paint, paint, table } from './style.ts'
import { turnWords } from './up.ts'

export const command: Command = {
  name: 'run',
  summary: 'Run an Atmos workflow file, resumable at each step',
  usage: 'airlock run FILE [WORKFLOW] [-s STACK] [--from-step NAME] [--approve] [--dry-run] [--json]',
  description:
    'Runs the steps of an Atmos workflow one after another. Terraform steps are planned, approved and applied as all else in\n' +
    'Airlock is, never by the atmos binary; shell steps run in a shell. Every step is checked before the first one runs. The\n' +
    'first step that fails or waits ends the run, which prints the command that goes on from there.',
  examples: [
    { command: 'airlock run deploy -s plat-ue2-dev', does: 'the only workflow of deploy.yaml, for one stack' },
    { command: 'airlock run deploy network --from-step cluster', does: 'go on from a step' },
    { command: 'airlock run deploy network --dry-run', does: 'only say what each step would do' },
  ],
  flags: [
    { name: 'stack', short: 's', type: 'string', value: 'STACK', help: "Goes before the steps' own stacks" },
    { name: 'from-step', type: 'string', value: 'NAME', help: 'Leave out what comes before this step' },
    { name: 'approve', type: 'boolean', help: 'Say yes, in your name, to each plan shown' },
    { name: 'dry-run', type: 'boolean', help: 'Only say what each step would do' },
    { name: 'terraform', type: 'string', value: 'COMMAND', help: 'Use this terraform or tofu' },
  ],
  positional: ['FILE', 'WORKFLOW?'],
  async run({ positional: [file, workflow], flags }, terminal) {
    const { stack, terraform } = flags as { stack?: string; terraform?: string }
    const fromStep = flags['from-step'] as string | undefined
    const request: WorkflowRequest = {
      file: file!,
      approve: flags.approve === true,
      cwd: terminal.resolve('.'),
      ...(workflow && { workflow }),
      ...(stack && { stack }),
      ...(fromStep && { fromStep }),
      ...(terraform && { terraform }),
    }
    const world = await openWorld(terminal)
    await noteDirty(terminal, world)
    const look = paint(terminal.color)
    const json = flags.json === true
    if (flags['dry-run'] === true) {
      const opened = await dryRun(world, request)
      const words = standingWords(opened)
      terminal.print(
        json
          ? JSON.stringify(sequenceJson(opened.sequence), undefined, 2)
          : ['Nothing was done. It would run:', ...sequenceLines(opened.sequence, words, look)].join('\n'),
      )
      return 0
    }
    const { close, ...events } = workflowEvents(terminal, json, look)
    const outcome = await runWorkflow(world, request, events).finally(close)
    if (json) terminal.print(JSON.stringify(outcomeJson(outcome), undefined, 2))
    else terminal.print(outcomeText(outcome, look))
    return ({ done: 0, failed: 1, waits: 3 } as const)[outcome.end]
  },
}

function workflowEvents(terminal: Terminal, json: boolean, look: Paint): WorkflowEvents & { close(): void } {
  const { close, ...work } = upEvents(terminal, { json })
  const say = (text: string) => (json ? terminal.note(text) : terminal.print(text))
  return {
    work,
    close,
    begin: ({ step }, text) => say(`${look.bold('▸')} ${look.bold(step.name)}  ${look.dim(text)}`),
    output: say,
    ended({ step }, end) {
      close()
      say(`${mark(end, look)} ${look.bold(step.name)}  ${end.text}`)
    },
    look: (words): Promise<ExitCode> =>
      run(words, entries, () => (json ? { ...terminal, print: terminal.note } : terminal)),
  }
}

function mark({ kind }: StepEnd, look: Paint): string {
  const marks = { done: look.green('✓'), forgiven: look.yellow('!'), skipped: '-', waits: look.yellow('·') }
  return kind === 'failed' ? look.red('✗') : marks[kind]
}

/** How the run came out: what stopped it, and the command that goes on. */
function outcomeText({ end, results, stopped, resume, sequence }: WorkflowOutcome, look: Paint): string {
  const { name } = sequence.workflow
  if (end === 'done') {
    const ran = results.filter((it) => it.end.kind !== 'skipped').length
    return `\n${look.bold(`Workflow ${name} is done`)}: ${ran} ${ran === 1 ? 'step' : 'steps'}${ran < results.length ? `, ${results.length - ran} skipped` : ''}.`
  }
  const last = results.find((it) => it.end.kind === end && (stopped === undefined || it.step === stopped))
  const detail = last && 'detail' in last.end ? last.end.detail : undefined
  return [
    '',
    look.bold(
      `${end === 'failed' ? 'Failed' : 'Waiting'}: step ${last?.step} of workflow ${last?.workflow}: ${last?.end.text}`,
    ),
    ...(detail?.trim()
      ? detail
          .trimEnd()
          .split('\n')
          .map((line) => `  ${line}`)
      : []),
    '',
    `To go on: ${resume}`,
  ].join('\n')
}

function outcomeJson({ end, results, stopped, resume, sequence }: WorkflowOutcome): unknown {
  const { file, name } = sequence.workflow
  return { file, workflow: name, end, stopped: stopped ?? null, resume: resume ?? null, left: sequence.left, results }
}

/** Where the instance of a step stands, for steps that name one. */
function standingWords({ status }: Awaited<ReturnType<typeof dryRun>>): (planned: Planned) => string {
  return ({ action }) => {
    if (action?.kind !== 'terraform' || action.component === undefined || action.verb === 'plan') return ''
    const id = instanceId(action.component, action.stack)
    const item = status.items.find((it) => it.id === id)
    return turnWords(item)
  }
}

function sequenceLines(sequence: Sequence, words: (planned: Planned) => string, look: Paint): string[] {
  const { workflow, before, steps, left } = sequence
  return [
    ...before.flatMap((it) => sequenceLines(it, words, look)),
    '',
    `${look.bold(workflow.name)} ${look.dim(workflow.file)}`,
    ...(left.length > 0 ? [look.dim(`  left out: ${left.join(', ')}`)] : []),
    ...table(steps.flatMap((it) => rows(it, '', words, look))),
  ]
}

function rows(planned: Planned, indent: string, words: (planned: Planned) => string, look: Paint): string[][] {
  const { step, inner, called } = planned
  return [
    [
      `${indent}${look.bold(step.name)}`,
      `${step.when ? 'if its condition holds: ' : ''}${does(planned)}`,
      words(planned),
    ],
    ...inner.flatMap((it) => rows(it, `${indent}  `, words, look)),
    ...(called ? called.steps.flatMap((it) => rows(it, `${indent}  `, words, look)) : []),
  ]
}

/** What a step would do. */
function does({ step, action, stack }: Planned): string {
  switch (step.kind) {
    case 'atmos':
      return action ? actionText(action) : `${step.command.text}${stack ? ` (stack ${stack.text})` : ''}`
    case 'shell':
      return `shell: ${step.command.text.trim().replaceAll('\n', '; ')}`
    case 'script':
      return `${step.interpreter}: ${step.script.text.trim().replaceAll('\n', '; ')}`
    case 'env':
      return `sets ${[...step.variables.keys()].join(', ')}`
    case 'group':
      return `${step.steps.length} steps`
  }
}

function sequenceJson({ workflow, before, steps, left }: Sequence): unknown {
  return {
    file: workflow.file,
    workflow: workflow.name,
    before: before.map(sequenceJson),
    left,
    steps: steps.map(plannedJson),
  }
}

function plannedJson(planned: Planned): unknown {
  const { step, stack, action, called, inner } = planned
  return {
    name: step.name,
    kind: step.kind,
    does: does(planned),
    stack: (action?.kind === 'terraform' ? action.stack : stack?.text) ?? null,
    ...(inner.length > 0 && { steps: inner.map(plannedJson) }),
    ...(called && { calls: sequenceJson(called) }),
  }
}
