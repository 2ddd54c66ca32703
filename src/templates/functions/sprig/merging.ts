import { elementType, keyType } from '../../types.ts'
import { GoMap, GoPanic, type GoValue } from '../../value.ts'
import { isEmpty } from './defaults.ts'

/**
 * Maps merged into the first, by mergo's rules: maps below them are merged too; else a value is kept unless it is
 * empty, or with `overwrite` replaced. The first map is changed, and shares with the others what it takes from them.
 */
export function merged(into: GoMap, from: readonly GoMap[], { overwrite }: { readonly overwrite: boolean }): GoMap {
  for (const map of from) mergeInto(into, map, overwrite)
  return into
}

function mergeInto(into: GoMap, from: GoMap, overwrite: boolean): void {
  for (const [key, value] of from.entries) {
    const present = into.entries.has(key)
    const current = into.entries.get(key) ?? null
    if (value === null && !overwrite) continue
    if (value instanceof GoMap && current instanceof GoMap && keyType(current.type) === keyType(value.type))
      mergeInto(current, value, overwrite)
    else if (overwrite || !present || isEmpty(current)) set(into, key, value, from.type)
  }
}

function set(into: GoMap, key: GoValue, value: GoValue, fromType: string): void {
  const [wanted, given] = [elementType(into.type), elementType(fromType)]
  if (wanted !== 'interface {}' && wanted !== given)
    throw new GoPanic(`reflect.Value.SetMapIndex: value of type ${given} is not assignable to type ${wanted}`)
  into.entries.set(key, value)
}
