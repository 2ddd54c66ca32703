import { told, UserError } from '../error.ts'
import { type CommentCommand, commandUsage, commentCommand } from '../gate/comment-command.ts'
import { canWrite } from '../gate/reviews.ts'
import type { Comment } from '../github/comments.ts'
import type { Permission } from '../github/people.ts'
import { code, words } from '../plan/render/escape.ts'
import { type Asking, asking } from './asking.ts'
import { approveByComment, rejectByComment } from './comment-answers.ts'
import { explained } from './explain.ts'
import { personOf } from './github-approvals.ts'
import { supersedePullRequest } from './pull-request.ts'
import { status } from './status.ts'
import { unlockInstance } from './unlock.ts'
import type { GitHubWorld } from './world.ts'

type Needs = Omit<GitHubWorld, 'terraform'>

/** The comment to answer, and the pull request in whose conversation it is. */
export interface CommandRequest {
  readonly number: number
  readonly comment: number
}

/** What a comment came to. `answered`: a reply was written; `done`: a sign at the comment says it all. */
export interface CommandOutcome {
  readonly kind: 'ignored' | 'answered' | 'done'
  /** For the log. */
  readonly words: string
}

/** A command that may be carried out, by whom, and where it was said. */
export interface CommandContext {
  readonly number: number
  readonly comment: Comment
  readonly permission: Permission
  readonly ask: Asking
}

/**
 * Answers a comment that begins with /airlock: a sign at once, then one reply, or a sign where a reply would say no more. What
 * counts is the comment as it is now and the right that its author has now, not what an event says of them.
 */
export async function answerComment(world: Needs, { number, comment: id }: CommandRequest): Promise<CommandOutcome> {
  const { comments } = world.github
  const comment = await comments.get(id)
  if (comment === undefined) return { kind: 'ignored', words: `comment ${id} was deleted` }
  const parsed = commentCommand(comment.body)
  if (parsed.kind === 'none') return { kind: 'ignored', words: `comment ${id} is no command` }
  await comments.react(id, 'eyes')
  const reply = async (text: string, is: 'confused' | undefined): Promise<CommandOutcome> => {
    if (is !== undefined) await comments.react(id, is)
    await comments.create(number, text)
    return { kind: 'answered', words: text.split('\n', 1)[0] ?? '' }
  }
  if (comment.updatedMs > comment.createdMs)
    return reply(
      'That comment was edited after it was written, so it does not count. Please write a new one.',
      'confused',
    )
  if (parsed.kind === 'wrong') return reply(`${words(parsed.why)}.\n\n${code(parsed.usage)}`, 'confused')
  const { command } = parsed
  const ask = asking(world.github)
  const permission = await ask.permission(comment.author)
  const missing = missingRight(command, comment.author, permission)
  if (missing !== undefined) return reply(missing, 'confused')
  try {
    const text = await carryOut(world, command, { number, comment, permission, ask })
    if (text !== undefined) return await reply(text, undefined)
    await comments.react(id, '+1')
    return { kind: 'done', words: `${command.kind}: done` }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return reply(refusalText(error), 'confused')
  }
}

/** The least right that each command asks for. */
const rights: Readonly<Record<CommentCommand['kind'], 'anybody' | 'read' | 'write' | 'maintain'>> = {
  help: 'anybody',
  explain: 'read',
  plan: 'write',
  approve: 'write',
  reject: 'write',
  apply: 'write',
  supersede: 'write',
  unlock: 'maintain',
}

function missingRight({ kind }: CommentCommand, login: string, permission: Permission): string | undefined {
  const has = {
    anybody: true,
    read: permission !== 'none',
    write: canWrite(permission),
    maintain: permission === 'maintain' || permission === 'admin',
  }[rights[kind]]
  return has
    ? undefined
    : `${words(login)} has the right ${code(permission)} here, and ${code(`/airlock ${kind}`)} takes at least ${code(rights[kind])}.`
}

/** Does what was asked; the reply as Markdown, or nothing where there is nothing to say. @throws UserError */
async function carryOut(world: Needs, command: CommentCommand, context: CommandContext): Promise<string | undefined> {
  const { github } = world
  const { number, comment } = context
  const by = personOf(comment.author)
  switch (command.kind) {
    case 'help':
      return helpText
    case 'plan': {
      const head = await headToPlan(world, number, command.commit)
      await dispatch(world, { task: 'plan', pr: String(number), head_sha: head })
      return undefined
    }
    case 'apply':
      await dispatch(world, { task: 'apply' })
      return undefined
    case 'approve':
      return approveByComment(world, command, context)
    case 'reject':
      return rejectByComment(world, command, context)
    case 'unlock': {
      const { component, stack, reason } = command
      const claim = await unlockInstance(world, { component, stack, reason, by: by.name })
      await dispatch(world, { task: 'gate' })
      return `${code(`${component} -s ${stack}`)} is free again: it was held by ${words(claim.holder.by)}, run ${code(claim.holder.run)}.`
    }
    case 'supersede': {
      const pull = await github.pulls.get(number)
      if (pull.state !== 'open')
        throw new UserError({
          code: 'pull-request-refused',
          message: `pull request #${number} is not open, so that it cannot take the place of another`,
          fix: 'say it in the pull request that is to come',
          exit: 3,
        })
      await supersedePullRequest(world, { number, over: command.over, reason: command.reason, by })
      await dispatch(world, { task: 'gate', pr: String(number), head_sha: pull.head.commit })
      return undefined
    }
    case 'explain':
      return explainText(world, command)
  }
}

/** The commit that is to be planned. A fork's is named by whoever has looked at it. @throws UserError `plan-refused` */
async function headToPlan({ github }: Needs, number: number, commit: string | undefined): Promise<string> {
  const pull = await github.pulls.get(number)
  const refused = (message: string, fix: string) => new UserError({ code: 'plan-refused', message, fix, exit: 3 })
  if (pull.state !== 'open') throw refused(`pull request #${number} is not open`, 'open it again, or a new one')
  const { head } = pull
  if (commit === undefined && head.fork)
    throw refused(
      `#${number} comes from a fork: planning it runs its code, with what plan jobs may read`,
      `look at its changes; then name the commit that you looked at: /airlock plan ${head.commit}`,
    )
  if (commit !== undefined && commit !== head.commit)
    throw refused(
      `${commit.slice(0, 7)} is not what #${number} brings now: its head is ${head.commit.slice(0, 7)}`,
      `look at what came since; then: /airlock plan ${head.commit}`,
    )
  return head.commit
}

async function dispatch(world: Needs, inputs: Readonly<Record<string, string>>): Promise<void> {
  const { branch, checkout } = await status(world)
  await world.github.runs.dispatch(checkout.settings.github.workflow, branch.name, inputs)
}

async function explainText(
  world: Needs,
  { component, stack, path }: CommentCommand & { kind: 'explain' },
): Promise<string> {
  const found = await explained(world, { component, stack, ...(path !== undefined && { path }) })
  const said = found.filter(({ wins }) => path !== undefined || wins.by.kind !== 'computed')
  const most = 50
  const rows = said.slice(0, most).map(({ path: at, wins, over }) => {
    const where = wins.by.kind === 'computed' ? '' : ` (${code(`${wins.at.file}:${wins.at.line}`)})`
    const before = over.length === 0 ? '' : `, instead of ${over.map((it) => code(shown(it.value))).join(', ')}`
    return `- ${code(at.join('.'))} = ${code(shown(wins.value))}${where}${before}`
  })
  const left = said.length - rows.length
  return [
    `${code(`${component} -s ${stack}`)} on the protected branch:`,
    '',
    ...rows,
    ...(left > 0
      ? [`- and ${left} more: name a path, or on a laptop ${code(`airlock explain ${component} -s ${stack}`)}`]
      : []),
  ].join('\n')
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

/** An error in Markdown; every line of it may hold somebody's text. */
export function refusalText(error: UserError): string {
  return told(error)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => words(line))
    .join('\n\n')
}

const helpText = [
  'What Airlock does when a comment begins with it (only the first line counts):',
  '',
  '| comment | does | right |',
  '| --- | --- | --- |',
  `| ${code(commandUsage.plan)} | plans this pull request again; of a fork only the commit that is named | write |`,
  `| ${code(commandUsage.approve)} | approves the plans with this digest (its first 8 digits are enough) | write, not the author |`,
  `| ${code(commandUsage.reject)} | says no to a plan, and takes every yes to it back | write |`,
  `| ${code(commandUsage.apply)} | goes on with what is merged and approved | write |`,
  `| ${code(commandUsage.unlock)} | frees what a dead run, or a person, holds | maintain |`,
  `| ${code(commandUsage.supersede)} | this pull request replaces #N, which is in flight | write |`,
  `| ${code(commandUsage.explain)} | where values come from, on the protected branch | read |`,
].join('\n')
