import { shortDigest } from '../digest.ts'
import { isRiskyInstance, stateText } from './detail.ts'
import { visible } from './escape.ts'
import { groupedInstances, reasonsOf } from './groups.ts'
import { absentText, headlineText } from './headline.ts'
import type { CommentInput, CommentInstance, InstanceName, Sentence } from './input.ts'
import { renderTerminal, type TerminalOptions } from './terminal.ts'

/** What the pull request's comment says, for the terminal. */
export function renderCommentTerminal(input: CommentInput, options: TerminalOptions): string {
  const { paint } = options
  const names = Math.max(0, ...input.instances.map((it) => it.component.length))
  const stacks = Math.max(0, ...input.instances.map((it) => it.stack.length))
  const rows = input.instances.map((it) => {
    const text = `${it.component.padEnd(names)}  -s ${it.stack.padEnd(stacks)}  `
    return `  ${visible(text)} ${painted(it, options)}`
  })
  const lists = [
    ['Before merge', input.beforeMerge],
    ['Blocked by', input.blockedBy],
  ] as const
  const passive = input.passive === 0 ? '' : `; ${input.passive} more affected in name only`
  return [
    paint.bold(headlineText(input) + passive),
    ...(rows.length === 0 ? [] : [rows.join('\n')]),
    ...(input.absent ?? []).map((it) => visible(`${absentText(it)} ${it.why}. Nothing is destroyed.`)),
    ...groupedInstances(input).map((it) => detail(it, options)),
    ...lists.flatMap(([title, all]) =>
      all.length === 0 ? [] : [[`${title}:`, ...all.map((it) => `  ${sentence(it)}`)].join('\n')],
    ),
  ].join('\n\n')
}

function detail(group: readonly CommentInstance[], options: TerminalOptions): string {
  const instance = group[0]!
  const { outcome } = instance
  const { paint } = options
  const title = `${paint.bold(visible(instance.component))} in ${visible(group.map((it) => it.stack).join(', '))}`
  const why = reasonsOf(group).map(({ text, at }) =>
    paint.dim(`  because ${visible(text)}${at ? `   ${visible(at.file)}:${at.line}:${at.column}` : ''}`),
  )
  return [`${title}: ${painted(instance, options)}`, ...why, ...body()].join('\n')

  function body(): string[] {
    switch (outcome.kind) {
      case 'planned':
        return [
          ...outcome.reads.map((it) =>
            paint.dim(
              `  reads ${visible(it.call)} (${it.source === 'plan' ? 'as planned in this run' : `from ${it.source}`})`,
            ),
          ),
          ...outcome.provisional.map(
            (it) => `  provisional: ${named(it, instance)} tells its value only after its apply; planned again then`,
          ),
          ...renderTerminal(outcome.plan, { ...options, width: options.width - 2 })
            .split('\n')
            .map((it) => `  ${it}`),
          paint.dim(`  digest ${shortDigest(outcome.digest)}`),
        ]
      case 'deferred':
        return [
          `  planned once ${outcome.waitsFor.map((it) => named(it, instance)).join(', ')} has been applied for the first time`,
        ]
      case 'failed':
        return visible(outcome.output.trimEnd())
          .split('\n')
          .map((it) => `    ${it}`)
      case 'refused':
        return visible(`${outcome.message}\n${outcome.fix}`)
          .split('\n')
          .map((it) => `  ${it}`)
      case 'absent':
        if (instance.removed) return [`  ${visible(outcome.why)}.`]
        return [`  ${visible(outcome.why)}. Nothing is destroyed: nobody removed its declaration.`]
      case 'may':
      case 'unplanned':
        return []
    }
  }
}

function painted(instance: CommentInstance, { paint }: TerminalOptions): string {
  const text = stateText(instance)
  if (instance.outcome.kind === 'failed' || instance.outcome.kind === 'refused') return paint.red(text)
  if (instance.outcome.kind === 'may') {
    const [read] = instance.outcome.reads
    return read
      ? `${text}: reads ${visible(read.output === undefined ? named(read, instance) : `${read.component}.${read.output}`)}`
      : text
  }
  return isRiskyInstance(instance) ? paint.red(`${text} ⚠`) : text
}

function named(name: InstanceName, from: InstanceName): string {
  return visible(name.stack === from.stack ? name.component : `${name.component} in ${name.stack}`)
}

function sentence(parts: Sentence): string {
  return visible(
    parts
      .map((part) => {
        if (typeof part === 'string') return part
        if ('code' in part) return part.code
        if ('bold' in part) return part.bold
        return 'link' in part ? `${part.text} (${part.link})` : part.owner
      })
      .join(''),
  )
}
