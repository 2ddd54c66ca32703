import { isRiskyInstance, nameText, stateText, unplannedText } from './detail.ts'
import { byEnvironment } from './environments.ts'
import { cellCode, html, words } from './escape.ts'
import type { CommentInstance } from './input.ts'

/** More columns than this do not fit a screen: then rows say where. */
const mostColumns = 8

/**
 * Components and environments as a table. `twins` names, for an instance whose plan says the same as an earlier one's in
 * its row, that earlier one; of more than `mostRows` rows the rest is only counted.
 */
export function matrix(
  instances: readonly CommentInstance[],
  twins: ReadonlyMap<CommentInstance, CommentInstance>,
  mostRows: number,
): string {
  const environments = [...new Set(instances.map((it) => it.environment))].sort(byEnvironment)
  const components = [...grouped(instances, (it) => it.component)]
  if (mostRows === 0)
    return `The table of ${components.length} ${components.length === 1 ? 'component' : 'components'} is left out here.`
  if (environments.length > mostColumns) return list(components, mostRows)
  const rows = components.slice(0, mostRows).map(([component, its]) => {
    const at = grouped(its, (it) => it.environment)
    return [
      words(component),
      ...environments.map(
        (environment) =>
          at
            .get(environment)
            ?.map((it) => cellText(it, twins.get(it)))
            .join(', ') ?? '–',
      ),
    ]
  })
  return table(['component', ...environments.map(words)], rows) + leftOut(components.length - mostRows)
}

/** One row for each component and outcome, where there are too many environments for columns. */
function list(components: readonly (readonly [string, readonly CommentInstance[]])[], mostRows: number): string {
  const rows = components.flatMap(([component, its]) =>
    [...grouped(its, (it) => cellText(it, undefined))].map(([text, where]) => {
      const left = where.length - 12
      const shown = where.slice(0, 12).map((it) => words(it.environment))
      return [words(component), text, shown.join(', ') + (left > 0 ? ` and ${left} more` : '')]
    }),
  )
  return table(['component', 'change', 'where'], rows.slice(0, mostRows)) + leftOut(rows.length - mostRows)
}

const progressText = {
  applied: 'applied',
  running: 'applying',
  waits: 'in flight',
  failed: '⚠ **apply failed**',
  rejected: 'rejected',
} as const

function cellText(instance: CommentInstance, twin: CommentInstance | undefined): string {
  if (instance.progress) return progressText[instance.progress.state]
  if (twin && instance.outcome.kind !== 'unplanned')
    return `${isRiskyInstance(instance) ? '⚠ ' : ''}same as ${words(twin.environment)}`
  const { outcome } = instance
  switch (outcome.kind) {
    case 'planned': {
      const text = html(stateText({ ...instance, removed: false }))
      return isRiskyInstance(instance) ? `⚠ **${text}**` : text === 'no change' ? text : `**${text}**`
    }
    case 'may': {
      const [read] = outcome.reads
      if (read === undefined) return 'may change'
      return `may change: reads ${read.output === undefined ? nameText(read, instance, cellCode) : cellCode(`${read.component}.${read.output}`)}`
    }
    case 'deferred':
      return `deferred until ${outcome.waitsFor
        .slice(0, 3)
        .map((it) => nameText(it, instance, cellCode))
        .join(', ')} is applied`
    case 'failed':
      return '⚠ **planning failed**'
    case 'refused':
      return '⚠ **refused**'
    case 'absent':
      if (instance.removed) return 'nothing to destroy'
      return 'no longer there'
    case 'unplanned':
      return outcome.change === 'destroy' ? '⚠ **to be removed**' : unplannedText[outcome.change]
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function leftOut(rows: number): string {
  return rows > 0
    ? `

${rows} more ${rows === 1 ? 'row is' : 'rows are'} left out here.`
    : ''
}

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}
