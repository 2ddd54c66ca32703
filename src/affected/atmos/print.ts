import type { Plain } from '../../stacks/value.ts'
import { encode } from '../../yaml/encode.ts'
import { listOf, type PlainMap } from './described.ts'

/** The items as `describe affected --format matrix` gives them: what a job of GitHub Actions needs of each. */
export function matrixOf(items: readonly PlainMap[]): { readonly include: readonly PlainMap[] } {
  return {
    include: items.map(({ stack, component, component_path, component_type }) => ({
      stack: stack!,
      component: component!,
      component_path: component_path!,
      component_type: component_type!,
    })),
  }
}

/** The items as `--format yaml` prints them: keys in Atmos' order, and no nulls where lists and maps belong. */
export function itemsYaml(items: readonly PlainMap[]): string {
  return items.length === 0 ? '[]\n' : items.map(itemYaml).join('')
}

function itemYaml(item: PlainMap): string {
  const lines = Object.entries(item).flatMap(([key, value]) => fieldYaml(key, value).trimEnd().split('\n'))
  return `${lines.map((line, at) => `${at === 0 ? '- ' : '  '}${line}`).join('\n')}\n`
}

function fieldYaml(key: string, value: Plain): string {
  if (key === 'dependents') {
    const items = listOf(value) as readonly PlainMap[]
    if (items.length === 0) return 'dependents: []'
    const inner = itemsYaml(items).trimEnd().split('\n')
    return ['dependents:', ...inner.map((line) => `  ${line}`)].join('\n')
  }
  return encode({ [key]: key === 'settings' ? (value ?? {}) : value })
}
