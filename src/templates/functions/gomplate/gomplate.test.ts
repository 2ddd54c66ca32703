import { describe, expect, test } from 'vitest'
import { printed } from '../../print.ts'
import { GoMap, type GoObject, GoSlice, type GoValue, NeedsWorld } from '../../value.ts'
import { gomplateFunctions } from './gomplate.ts'

function call(name: string, ...args: GoValue[]): GoValue {
  const [first = '', method] = name.split('.')
  const found = gomplateFunctions[first]!
  if (method === undefined) return found.call(...(args as never[]))
  return (found.call() as GoObject).methods[method]!.call(...(args as never[]))
}

const list = (...items: GoValue[]): GoSlice => new GoSlice(items)
const map = (entries: Record<string, GoValue>): GoMap => new GoMap(new Map(Object.entries(entries)))

describe('answers as gomplate 3.11.8 gives them', () => {
  test.each<[string, GoValue[], string]>([
    ['math.Pow', [10n, 19n], '-9223372036854775808'],
    ['math.Seq', [5n, 1n, -2n], '[5 3 1]'],
    ['conv.ToInt64', ['1,234.9'], '1234'],
    ['conv.ToBool', ['0x1'], 'true'],
    ['conv.ParseInt', ['-300', 10n, 8n], '-128'],
    ['coll.Sort', [list(3n, 'a', 2n)], '[3 a 2]'],
    ['coll.Flatten', ['1', list(1n, list(2n, list(3n)))], '[1 2 [3]]'],
    ['coll.JSONPath', ['.l[?(@.v > 1)].n', map({ l: list(map({ v: 1n, n: 'a' }), map({ v: 2n, n: 'b' })) })], 'b'],
    ['strings.Abbrev', [5n, 8n, 'abcdefghijklmnop'], '...fg...'],
    ['strings.Title', ["ab'cd ef.gh 1ab ﬁx"], "Ab'cd Ef.gh 1Ab Fix"],
    ['strings.CamelCase', ['FOO BAR_baz'], 'FooBarbaz'],
    ['strings.Slug', ['Ünïcödé & ФЫВА'], 'unicode-and-fyva'],
    ['time.Unix', ['-1.5'], '1969-12-31 23:59:59.5 +0000 UTC'],
    ['strings.WordWrap', [5n, 'a  b   c d e f'], 'a  b \nc d e\nf'],
    ['path.Match', ['a[b-d]?\\*', 'acx*'], 'true'],
    ['filepath.Rel', ['a', '../b'], '../../b'],
    ['crypto.PBKDF2', ['pw', 'salt', 10n, 16n], '21666cdc0723a960de8307513199d3f1'],
    ['data.JSON', ['{"a": 1.0, "d": 12345678}'], 'map[a:1 d:12345678]'],
    ['data.YAML', ['a: {0x10: w, ~: n}'], 'map[a:map[16:w nil:n]]'],
    ['data.ToJSON', [list(3, 1e20, 1e-7)], '[3.0,100000000000000000000,1e-07]'],
    ['data.ToTOML', [map({ z: 1n, b: map({ y: map({ w: 1n }) }) })], 'z = 1\n\n[b]\n  [b.y]\n    w = 1\n'],
    ['data.CSVByRow', ['', '1,2'], '[map[A:1 B:2]]'],
    ['data.ToCSV', [list(list('a b', ' x', 'q"q'))], 'a b," x","q""q"\r\n'],
  ])('%s, case %#', (name, args, expected) => {
    expect(printed(call(name, ...args))).toBe(expected)
  })
})

test('what only the world knows is asked of it by name', () => {
  expect(() => call('uuid.V4')).toThrow(NeedsWorld)
  expect(() => call('net.LookupIP', 'example.com')).toThrow('net.LookupIP')
  expect(() => call('getenv', 'HOME')).toThrow(NeedsWorld)
})

test('what would take forever is refused', () => {
  expect(() => call('math.Seq', 10n ** 15n)).toThrow('more than')
  expect(() => call('strings.Repeat', 10n ** 12n, 'abc')).toThrow('more than')
  expect(() => call('crypto.PBKDF2', 'p', 's', 10n ** 12n, 8n)).toThrow('more than')
})
