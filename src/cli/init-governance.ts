import { type ExitCode, UserError } from '../error.ts'
import { applyGovernance, type Estate, prepareGovernance } from '../flows/installation.ts'
import type { Environment, MergeRules } from '../github/governance.ts'
import type { GovernanceEdit } from '../installation/environments.ts'
import { openGitHub } from '../wire/github.ts'
import type { Terminal } from './command.ts'
import { paint, table } from './style.ts'

/** `airlock init --apply`: says what GitHub's settings become, asks, and changes them. */
export async function initGovernance(
  terminal: Terminal,
  estate: Estate,
  reviewers: readonly string[],
  yes: boolean,
): Promise<ExitCode> {
  const opened = await openGitHub(terminal)
  if (opened.kind === 'closed')
    throw new UserError({ code: 'github-unreachable', message: opened.message, fix: opened.fix, exit: 2 })
  const { github } = opened
  const edits = await prepareGovernance({ github }, estate, reviewersOf(reviewers))
  const { owner, name } = github.repository
  if (edits.length === 0) {
    terminal.print(`${owner}/${name} on GitHub has all environments and rules that it needs.\n`)
    return 0
  }
  const look = paint(terminal.color)
  terminal.print([look.bold(`On GitHub, ${owner}/${name}`), ...table(edits.map(editRow)), ''].join('\n'))
  if (!yes && !/^y(es)?$/i.test((await terminal.ask('Change this? y/N '))?.trim() ?? '')) {
    terminal.print('Nothing was changed on GitHub. Next: airlock init --apply --yes')
    return 3
  }
  const results = await applyGovernance({ github }, edits)
  const refused = results.filter(({ refused }) => refused !== undefined)
  terminal.print(
    [
      `Changed ${results.length - refused.length} of ${results.length} on GitHub.`,
      ...refused.map(({ edit, refused }) => `  ${look.yellow('not')} ${editRow(edit)[0]}: ${refused}`),
      ...(refused.length > 0 ? ['  Approvals work without: settings.airlock.approval: review or comment.'] : []),
      '',
    ].join('\n'),
  )
  return 0
}

/** `prod=@acme/sre`, several with commas between flags; of the same environment all count. */
export function reviewersOf(flags: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {}
  for (const flag of flags) {
    const [, environment, who] = /^([^=]+)=(@?[\w.-]+(?:\/[\w.-]+)?)$/.exec(flag) ?? []
    if (environment === undefined)
      throw new UserError({
        code: 'flag-value-invalid',
        message: `--reviewers ${flag} does not say who approves which environment`,
        fix: 'write --reviewers prod=@acme/sre, or --reviewers prod=ann',
        exit: 2,
      })
    const login = who!.includes('/') ? who! : who!.replace(/^@/, '')
    found[environment] = [...(found[environment] ?? []), login]
  }
  return found
}

function editRow(edit: GovernanceEdit): [string, string] {
  const sign = edit.is === undefined ? '+' : '~'
  return edit.kind === 'environment'
    ? [`${sign} environment ${edit.name}`, environmentWords(edit.becomes)]
    : [`${sign} ruleset of ${edit.branch}`, rulesWords(edit.becomes)]
}

function environmentWords({ reviewers, branches }: Environment): string {
  const may =
    branches === undefined ? 'any branch' : branches === 'protected' ? 'protected branches' : branches.join(', ')
  return [`runs of ${may}`, ...(reviewers.length > 0 ? [`approved by ${reviewers.join(' or ')}`] : [])].join('; ')
}

function rulesWords({ requiredChecks, requiredReviews, codeOwnerReview }: MergeRules): string {
  const checks = requiredChecks.map(({ context }) => context).join(', ')
  const reviews = requiredReviews === 1 ? '1 review' : `${requiredReviews} reviews`
  return [
    `${checks} must be green`,
    ...(requiredReviews > 0 ? [codeOwnerReview ? `${reviews}, by code owners` : reviews] : []),
  ].join('; ')
}
