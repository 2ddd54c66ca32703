import { UserError } from '../error.ts'
import type { Tree } from '../git/tree.ts'
import type { Ambient } from './ambient.ts'
import { absolute } from './config-base.ts'
import { goBoolean } from './config-env.ts'
import { kindOf, type MapValue, type Value, valueAt } from './value.ts'

/** Reads settings by path (`stacks.base_path`), as loosely as Atmos does: a number is a text, `"true"` a boolean. */
export interface ConfigReader {
  value(path: string): Value | undefined
  map(path: string): MapValue | undefined
  text(path: string): string
  /** A text alone counts as a list of one. */
  texts(path: string): string[]
  truth(path: string, otherwise: boolean): boolean
}

export function configReader(raw: MapValue, ambient: Ambient, tree: Tree): ConfigReader {
  const value = (path: string): Value | undefined => {
    const found = valueAt(raw, path.split('.'))
    return found?.kind === 'scalar' && found.value === null ? undefined : found
  }
  const textAt = (path: string, found: Value): string => {
    if (found.kind !== 'scalar' || found.value === null) throw wrong(path, found, 'a text')
    return computed(path, String(found.value), found, ambient, tree)
  }
  return {
    value,
    map: (path) => {
      const found = value(path)
      if (found !== undefined && found.kind !== 'map') throw wrong(path, found, 'a map')
      return found
    },
    text: (path) => {
      const found = value(path)
      return found === undefined ? '' : textAt(path, found)
    },
    texts: (path) => {
      const found = value(path)
      if (found === undefined) return []
      return found.kind === 'list' ? found.items.map((item) => textAt(path, item)) : [textAt(path, found)]
    },
    truth: (path, otherwise) => {
      const found = value(path)
      if (found === undefined) return otherwise
      if (found.kind === 'scalar' && typeof found.value === 'boolean') return found.value
      const read = found.kind === 'scalar' ? goBoolean(textAt(path, found)) : undefined
      if (read === undefined) throw wrong(path, found, 'true or false')
      return read
    },
  }
}

/** YAML functions of `atmos.yaml`, worked out where a setting is used. */
function computed(path: string, text: string, { at }: Value, ambient: Ambient, tree: Tree): string {
  const [, name, args] = /^!(\S+)\s*(.*)$/s.exec(text) ?? []
  if (name === undefined) return text
  if (name === 'env') {
    const [variable, otherwise] = args!.split(/\s+/)
    return ambient.env[variable ?? ''] ?? otherwise ?? ''
  }
  if (name === 'cwd') return `${absolute(tree, ambient.cwd)}${args === '' ? '' : `/${args}`}`
  if (name === 'repo-root' || name === 'git.root')
    return ambient.gitRoot === undefined ? args! : absolute(tree, ambient.gitRoot)
  throw new UserError({
    code: 'not-yet',
    message: `${path} is "${text}", and Airlock does not run !${name} in atmos.yaml`,
    at,
    exit: 2,
  })
}

function wrong(path: string, value: Value, wanted: string): UserError {
  return new UserError({
    code: 'config-invalid',
    message: `${path} is a ${kindOf(value)}, not ${wanted}`,
    at: value.at,
    exit: 2,
  })
}
