import { bytesOf } from '../../bytes.ts'
import { typeOf } from '../../types.ts'
import { GoMap, GoPanic, GoSlice, type GoValue } from '../../value.ts'
import { numeric } from '../cast.ts'

/**
 * Values of one type in their order; maps by what they hold under a key. Values of several types stay as they are.
 * @throws GoPanic where Go panics: a map without the key, or nil at the beginning
 */
export function sortedBy(key: string, items: readonly GoValue[]): GoSlice {
  if (items[0] === null) throw new GoPanic('runtime error: invalid memory address or nil pointer dereference')
  const type = items.length === 0 ? '' : typeOf(items[0]!)
  if (items.some((item) => typeOf(item) !== type)) return new GoSlice([...items])
  return new GoSlice(insertionSorted(items, (one, other) => isLess(key, one, other)))
}

/** A stable sort that asks only whether one is less, in Go's order of asking, since asking may fail. */
function insertionSorted(items: readonly GoValue[], less: (one: GoValue, other: GoValue) => boolean): GoValue[] {
  if (items.length > 20) return [...items].sort((one, other) => (less(one, other) ? -1 : less(other, one) ? 1 : 0))
  const sorted = [...items]
  for (let at = 1; at < sorted.length; at++)
    for (let to = at; to > 0 && less(sorted[to]!, sorted[to - 1]!); to--)
      [sorted[to], sorted[to - 1]] = [sorted[to - 1]!, sorted[to]!]
  return sorted
}

function isLess(key: string, one: GoValue, other: GoValue): boolean {
  if (one instanceof GoMap && other instanceof GoMap) {
    const [mine, theirs] = [one.entries.get(key), other.entries.get(key)]
    if (mine === undefined) return false
    if (theirs === undefined) throw new GoPanic('reflect: call of reflect.Value.Interface on zero Value')
    return isLess('', mine, theirs)
  }
  if (typeof one === 'string') return Buffer.compare(bytesOf(one), bytesOf(asString(other))) < 0
  const mine = numeric(one)
  if (mine === undefined) return false
  const theirs = numeric(other)
  if (typeof theirs !== typeof mine)
    throw new GoPanic(`reflect: call of reflect.Value.Int on ${otherWords(other)} Value`)
  return mine < theirs!
}

/** What reflection gives for the text of a value, which is only a text when the value is one. */
function asString(value: GoValue): string {
  return typeof value === 'string' ? value : `<${value === null ? 'invalid' : typeOf(value)} Value>`
}

function otherWords(value: GoValue): string {
  return value === null ? 'zero' : typeOf(value)
}
