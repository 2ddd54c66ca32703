import { UserError } from '../error.ts'
import { type Init, prepareInit, writeInit } from '../flows/init.ts'
import { unifiedDiff } from '../installation/diff.ts'
import type { FileEdit } from '../installation/edit.ts'
import { type NextStep, nextSteps } from '../installation/next.ts'
import { openInit } from '../wire.ts'
import type { Command, Terminal } from './command.ts'
import { initGovernance } from './init-governance.ts'
import { type Paint, paint, table } from './style.ts'

export const command: Command = {
  name: 'init',
  summary: 'Write the workflow for GitHub Actions, and say what else there is to do',
  usage:
    'airlock init [--try] [--from cloudposse] [--actions OWNER/NAME] [--ref COMMIT] [--shared WORKFLOW] [--apply] [--reviewers ENVIRONMENT=WHO] [--yes] [--json]',
  description:
    'Shows what it would write, asks, writes, and prints the next steps. A file that it wrote and nobody changed is\n' +
    'brought up to date; any other is left alone, and what would change in it is shown (exit code 3). With --apply it\n' +
    'makes the environments and the ruleset on GitHub, with the token in GITHUB_TOKEN or GH_TOKEN, or that of gh.',
  examples: [
    { command: 'airlock init', does: 'see what it writes, then say yes' },
    { command: 'airlock init --try --yes', does: 'only plan and comment: no store, no secrets' },
    { command: 'airlock init --from cloudposse', does: 'replace the workflows of Cloud Posse' },
    { command: 'airlock init --apply --reviewers prod=@acme/sre', does: 'environments and ruleset too' },
  ],
  flags: [
    { name: 'try', type: 'boolean', help: 'Only plan and comment: no store, no secrets but a role that plans' },
    { name: 'from', type: 'string', value: 'WHOSE', help: 'Replace workflows of: cloudposse' },
    { name: 'actions', type: 'string', value: 'OWNER/NAME', help: 'The repository of the actions' },
    { name: 'ref', type: 'string', value: 'COMMIT', help: 'Their full commit id' },
    { name: 'shared', type: 'string', value: 'WORKFLOW', help: 'Call this workflow of your organisation instead' },
    { name: 'apply', type: 'boolean', help: 'Make environments and the ruleset on GitHub' },
    { name: 'reviewers', type: 'list', value: 'ENVIRONMENT=WHO', help: 'Who approves an environment: prod=@acme/sre' },
    { name: 'yes', short: 'y', type: 'boolean', help: 'Do it without asking' },
  ],
  positional: [],
  async run({ flags }, terminal) {
    const { from, actions, ref, shared } = flags as Partial<Record<'from' | 'actions' | 'ref' | 'shared', string>>
    checkFlags({ from, actions, ref, shared, trying: flags.try === true })
    const world = await openInit(terminal)
    const init = await prepareInit(world, {
      kind: flags.try === true ? 'try' : 'full',
      ...(from !== undefined && { from: 'cloudposse' }),
      ...(actions !== undefined && { actions }),
      ...(ref !== undefined && { ref }),
      ...(shared !== undefined && { shared }),
    })
    const { json, yes } = { json: flags.json === true, yes: flags.yes === true }
    const look = paint(terminal.color)
    const changes = init.edits.filter(({ kind }) => kind === 'write' || kind === 'remove')
    const blocked = init.edits.some(({ kind }) => kind === 'blocked')
    if (json) {
      if (yes && !blocked) await writeInit(world, init.edits)
      terminal.print(JSON.stringify(initJson(init, yes && !blocked), undefined, 2))
      return blocked || (changes.length > 0 && !yes) ? 3 : 0
    }
    terminal.print(editsText(init, look))
    if (blocked) return 3
    if (changes.length > 0) {
      if (!yes && !(await agreed(terminal, changes.length))) {
        terminal.print('Nothing was written. Next: airlock init --yes')
        return 3
      }
      await writeInit(world, init.edits)
      terminal.print(`Written: ${changes.map(({ path }) => path).join(', ')}\n`)
    }
    if (flags.apply === true) {
      const code = await initGovernance(terminal, init.estate, (flags.reviewers ?? []) as readonly string[], yes)
      if (code !== 0) return code
    }
    terminal.print(stepsText(stepsOf(init), look))
    return 0
  },
}

function checkFlags({
  from,
  actions,
  ref,
  shared,
  trying,
}: Partial<Record<'from' | 'actions' | 'ref' | 'shared', string | undefined>> & { readonly trying: boolean }): void {
  const invalid = (flag: string, value: string, expected: string) =>
    new UserError({ code: 'flag-value-invalid', message: `${flag} ${value} is not ${expected}`, exit: 2 })
  if (from !== undefined && from !== 'cloudposse') throw invalid('--from', from, 'known; it can be cloudposse')
  if (actions !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(actions))
    throw invalid('--actions', actions, 'a repository such as acme/airlock')
  if (ref !== undefined && !/^[0-9a-f]{40}$/.test(ref))
    throw invalid('--ref', ref, 'a full commit id of 40 hex digits, which nobody can move as they can a tag')
  if (shared !== undefined && !/^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml@[0-9a-f]{40}$/.test(shared))
    throw invalid('--shared', shared, 'a workflow such as acme/airlock/.github/workflows/airlock.yml@<full commit id>')
  if (shared !== undefined && trying)
    throw new UserError({
      code: 'flags-conflict',
      message: '--try and --shared exclude each other: a shared workflow has all jobs',
      fix: 'leave one of them out',
      exit: 2,
    })
}

async function agreed(terminal: Terminal, count: number): Promise<boolean> {
  const answer = await terminal.ask(`Write ${count === 1 ? 'this' : `these ${count} files`}? y/N `)
  return answer !== undefined && /^y(es)?$/i.test(answer.trim())
}

function editsText({ edits, staying, counterparts }: Init, look: Paint): string {
  const blocks = [
    ...edits.map((edit) => editLines(edit, look)),
    ...staying.map(({ path, besides }) => [
      `${look.yellow('Kept')}: ${path} also has ${besides.join(', ')}. Take Cloud Posse's jobs out of it by hand.`,
    ]),
    ...(counterparts.length === 0
      ? []
      : [
          [
            look.bold('What becomes of integrations.github.gitops'),
            ...table(counterparts.map(({ setting, value, becomes }) => [setting, shortened(value), becomes])),
          ],
        ]),
  ]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n\n`
}

function editLines(edit: FileEdit, look: Paint): string[] {
  switch (edit.kind) {
    case 'same':
      return [`${edit.path} is up to date.`]
    case 'write':
      return painted(unifiedDiff(edit.path, edit.before, edit.after), look)
    case 'remove':
      return painted(unifiedDiff(edit.path, edit.before, undefined), look)
    case 'blocked':
      return [
        ...painted(unifiedDiff(edit.path, edit.before, edit.after), look),
        '',
        `${look.red(look.bold('Refused:'))} ${edit.path} ${edit.why === 'changed' ? 'was changed after airlock init wrote it' : 'was not written by airlock init'}, and is left as it is.`,
        '  Take from the lines above what you want, or move the file away and run airlock init again; another name:',
        '  integrations.airlock.github.workflow in atmos.yaml.',
      ]
  }
}

function painted(lines: readonly string[], look: Paint): string[] {
  return lines.map((line) =>
    /^(---|\+\+\+) /.test(line)
      ? look.bold(line)
      : line.startsWith('@@')
        ? look.dim(line)
        : line.startsWith('+')
          ? look.green(line)
          : line.startsWith('-')
            ? look.red(line)
            : line,
  )
}

function stepsOf({ kind, estate }: Init): NextStep[] {
  const { settings, branch, environments, url, workflowPath } = estate
  const { store, recipients, auth } = settings
  return nextSteps({ kind, workflowPath, branch, environments, store, recipients, planRole: auth.plan, url })
}

function stepsText(steps: readonly NextStep[], look: Paint): string {
  return [
    look.bold('Next'),
    ...steps.flatMap(({ what, how }, index) => [`  ${index + 1}. ${what}`, ...how.map((line) => `     ${line}`)]),
  ].join('\n')
}

function initJson(init: Init, written: boolean) {
  return {
    kind: init.kind,
    files: init.edits.map(({ kind, path, ...it }) => ({ path, kind, ...('why' in it && { why: it.why }) })),
    written,
    staying: init.staying,
    counterparts: init.counterparts,
    next: stepsOf(init),
  }
}

function shortened(text: string): string {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text
}
