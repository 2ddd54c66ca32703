import { GoError, type GoFunctions, GoMap, GoNumber, GoSlice, type GoValue, goFunction } from '../../value.ts'

/** Whether sprig takes a value for empty: nil, zero, false, and text, lists and maps without anything. */
export function isEmpty(value: GoValue): boolean {
  if (value instanceof GoSlice) return value.items.length === 0
  if (value instanceof GoMap) return value.entries.size === 0
  if (value instanceof GoNumber) return Number(value.value) === 0
  return value === null || value === false || value === '' || value === 0n || value === 0
}

/** sprig's functions that choose between values. */
export const defaultFunctions: GoFunctions = {
  coalesce: goFunction('func(...any) any', (...values: GoValue[]) => values.find((value) => !isEmpty(value)) ?? null),
  default: goFunction('func(any, ...any) any', (otherwise: GoValue, ...given: GoValue[]) =>
    given.length === 0 || isEmpty(given[0]!) ? otherwise : given[0]!,
  ),
  empty: goFunction('func(any) bool', isEmpty),
  fail: goFunction('func(string) (string, error)', (message: string) => {
    throw new GoError(message)
  }),
  ternary: goFunction('func(any, any, bool) any', (yes: GoValue, no: GoValue, choice: boolean) => (choice ? yes : no)),
}
