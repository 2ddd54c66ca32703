import { typeOf } from '../../types.ts'
import { type GoFunctions, type GoValue, goFunction } from '../../value.ts'
import { deepEqual } from '../deep-equal.ts'
import { reflectKind } from '../kinds.ts'

/** sprig's functions that ask what a value is. */
export const typeFunctions: GoFunctions = {
  deepEqual: goFunction('func(any, any) bool', deepEqual),
  kindIs: goFunction('func(string, any) bool', (kind: string, value: GoValue) => reflectKind(value) === kind),
  kindOf: goFunction('func(any) string', reflectKind),
  typeIs: goFunction('func(string, any) bool', (type: string, value: GoValue) => typeOf(value) === type),
  typeIsLike: goFunction('func(string, any) bool', (type: string, value: GoValue) =>
    [type, `*${type}`].includes(typeOf(value)),
  ),
  typeOf: goFunction('func(any) string', typeOf),
}
