import { isRiskyInstance, nameText, stateText } from './detail.ts'
import { code, html, words } from './escape.ts'
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
  const environments = unique(instances.map((it) => it.environment))
  const components = unique(instances.map((it) => it.component))
  const at = (component: string, environment: string) =>
    instances.filter((it) => it.component === component && it.environment === environment)
  if (environments.length > mostColumns) return list(instances, components, mostRows)
  const rows = components.slice(0, mostRows).map((component) => [
    words(component),
    ...environments.map((environment) => {
      const here = at(component, environment)
      return here.length === 0 ? '–' : here.map((it) => cellText(it, twins.get(it))).join(', ')
    }),
  ])
  return table(['component', ...environments.map(words)], rows) + leftOut(components.length - mostRows)
}

/** One row for each component and outcome, where there are too many environments for columns. */
function list(instances: readonly CommentInstance[], components: readonly string[], mostRows: number): string {
  const rows = components.flatMap((component) => {
    const here = instances.filter((it) => it.component === component)
    return unique(here.map((it) => cellText(it, undefined))).map((text) => {
      const where = here.filter((it) => cellText(it, undefined) === text).map((it) => it.environment)
      const left = where.length - 12
      return [words(component), text, where.slice(0, 12).map(words).join(', ') + (left > 0 ? ` and ${left} more` : '')]
    })
  })
  return table(['component', 'change', 'where'], rows.slice(0, mostRows)) + leftOut(rows.length - mostRows)
}

function cellText(instance: CommentInstance, twin: CommentInstance | undefined): string {
  if (twin) return `same as ${words(twin.environment)}`
  const { outcome } = instance
  switch (outcome.kind) {
    case 'planned': {
      const text = html(stateText({ ...instance, removed: false }))
      return isRiskyInstance(instance) ? `⚠ **${text}**` : text === 'no change' ? text : `**${text}**`
    }
    case 'may': {
      const [read] = outcome.reads
      if (read === undefined) return 'may change'
      return `may change: reads ${read.output === undefined ? nameText(read, instance) : code(`${read.component}.${read.output}`).replaceAll('|', '\\|')}`
    }
    case 'deferred':
      return `deferred until ${outcome.waitsFor
        .slice(0, 3)
        .map((it) => nameText(it, instance).replaceAll('|', '\\|'))
        .join(', ')} is applied`
    case 'failed':
      return '⚠ **planning failed**'
    case 'refused':
      return '⚠ **refused**'
    case 'absent':
      if (instance.removed) return 'nothing to destroy'
      return 'no longer there'
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

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)]
}
