import { valueAt } from '../value.ts'
import type { StacksCheck } from './trap.ts'

/** The list strategy `merge`, which keeps the texts and numbers of the earlier list. */
export const listMerge: StacksCheck = ({ config }) => {
  if (config.listMergeStrategy !== 'merge') return []
  const at = valueAt(config.raw, ['settings', 'list_merge_strategy'])?.at ?? config.raw.at
  return [
    {
      kind: 'list-merge',
      at,
      message: 'with list_merge_strategy: merge a later list never replaces a text or number of an earlier one',
      fix: 'use replace or append, or maps instead of lists',
    },
  ]
}

/** Parts of a name pattern that are no token, which the name is made without. */
export const patternParts: StacksCheck = ({ config }) => {
  const { namePattern, nameTemplate } = config.stacks
  if (nameTemplate !== '') return []
  const lost = namePattern.split('-').filter((part) => !/^\{(?:namespace|tenant|environment|stage)\}$/.test(part))
  if (namePattern === '' || lost.length === 0) return []
  return [
    {
      kind: 'name-pattern',
      at: valueAt(config.raw, ['stacks', 'name_pattern'])?.at ?? config.raw.at,
      message: `stack names are made without ${lost.map((part) => `"${part}"`).join(' and ')} of the name_pattern`,
      fix: 'use name_template, such as "acme-{{ .vars.stage }}"',
    },
  ]
}
