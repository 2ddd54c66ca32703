import { GoError, type GoFunctions, GoPanic, type GoValue, goFunction, NeedsWorld } from '../../value.ts'
import { int64Of } from '../cast.ts'
import { namespace } from './namespace.ts'
import { floatOf, integerOf, itemsOf } from './values.ts'

/** Text of so many characters: what is drawn needs the world, none needs nothing. */
function drawnText(name: string, count: bigint): string {
  if (count < 0n) throw new GoPanic('runtime error: makeslice: len out of range')
  if (count === 0n) return ''
  throw new NeedsWorld(name)
}

function item(list: GoValue): GoValue {
  const items = itemsOf(list)
  if (items.length === 0) throw new GoError('expected a non-empty array or slice')
  if (items.length === 1) return items[0]!
  throw new NeedsWorld('random.Item')
}

function number(...args: GoValue[]): GoValue {
  const [min, max] =
    args.length === 1 ? [0n, integerOf(args[0]!)] : args.length === 2 ? args.map(integerOf) : [0n, 100n]
  if (min! > max!) throw new GoError(`min must not be greater than max (was ${min}, ${max})`)
  if (min === max) return int64Of(min!)
  throw new NeedsWorld('random.Number')
}

function float(...args: GoValue[]): GoValue {
  const [min, max] = args.length === 1 ? [0, floatOf(args[0]!)] : args.length === 2 ? args.map(floatOf) : [0, 1]
  if (min === max) return min!
  throw new NeedsWorld('random.Float')
}

function text(count: GoValue): GoValue {
  const size = integerOf(count)
  if (size === 0n) throw new GoError('count must be greater than 0')
  return drawnText('random.String', size)
}

/** The namespace `random`: an answer where there is only one, else the world is needed. */
export const randomFunctions: GoFunctions = {
  random: namespace('RandomFuncs', {
    ASCII: goFunction('func(any) (string, error)', (count: GoValue) => drawnText('random.ASCII', integerOf(count))),
    Alpha: goFunction('func(any) (string, error)', (count: GoValue) => drawnText('random.Alpha', integerOf(count))),
    AlphaNum: goFunction('func(any) (string, error)', (count: GoValue) =>
      drawnText('random.AlphaNum', integerOf(count)),
    ),
    Float: goFunction('func(...any) (float64, error)', float),
    Item: goFunction('func(any) (any, error)', item),
    Number: goFunction('func(...any) (int64, error)', number),
    String: goFunction('func(any, ...any) (string, error)', text),
  }),
}
