import { expect, test } from 'vitest'
import { printed } from '../../print.ts'
import { GoMap, GoNumber, GoPanic, GoSlice, type GoValue, NeedsWorld } from '../../value.ts'
import { sprigFunctions } from './sprig.ts'

function called(name: string, ...args: readonly GoValue[]): GoValue {
  return sprigFunctions[name]!.call(...(args as never[]))
}

const list = (...items: GoValue[]): GoSlice => new GoSlice(items)
const dict = (entries: Readonly<Record<string, GoValue>>): GoMap => new GoMap(new Map(Object.entries(entries)))

test.each<[string, GoValue[], string]>([
  ['trunc', [2n, 'héllo'], 'h\udcc3'],
  ['abbrev', [8n, 'héllo wörld'], 'héll...'],
  ['abbrevboth', [5n, 10n, '1234 5678 9123'], '...5678...'],
  ['snakecase', ['HTTPServerID2Name'], 'http_server_id2_name'],
  ['snakecase', ['New/York a|b 5x'], 'new/york_a_|_b_5x'],
  ['camelcase', ['FOO_BAR'], 'FooBar'],
  ['initials', ['éa b'], 'Ãb'],
  ['nospace', ['é x'], 'Ã©x'],
  ['title', ["hello wORLD it's ǆ"], "Hello WORLD It'S ǅ"],
  ['wrap', [5n, 'hello world foo'], 'hello\nworld\nfoo'],
  ['wrapWith', [4n, '-', 'abcdefghij kl'], 'abcd-efgh-ij-kl'],
  ['substr', [2n, -1n, 'abcdef'], 'cdef'],
  ['quote', ['a"b', null, 1n], '"a\\"b" "1"'],
  ['splitn', ['-', 2n, 'a-b-c'], 'map[_0:a _1:b-c]'],
  ['join', [',', list('a', null, 1n)], 'a,1'],
  ['sortAlpha', [list('b', 'A', '10', '9')], '[10 9 A b]'],
  ['uniq', [list(1n, 1, '1', 1n)], '[1 1 1]'],
  ['slice', [list('b', 'a', 'c'), 1n, '2'], '[a]'],
  ['chunk', [2n, list(1n, 2n, 3n)], '[[1 2] [3]]'],
  ['seq', [5n, -2n, 1n], '5 3 1'],
  ['until', [-3n], '[0 -1 -2]'],
  ['add', ['1', 2.9, true], '4'],
  ['addf', [0.1, 0.2], '0.3'],
  ['divf', [2n, 3n], '0.6666666666666667'],
  ['round', [-2.4, 0n], '-3'],
  ['toDecimal', [777n], '511'],
  ['atoi', ['99999999999999999999'], '9223372036854775807'],
  ['dig', ['a', 'b', 'none', dict({ a: dict({ b: 1n }) })], '1'],
  ['duration', ['95'], '1m35s'],
  ['duration', [95n], '0s'],
  ['durationRound', ['2400h10m5s'], '3mo'],
  ['dateInZone', ['2006-01-02 15:04 MST', 1704164645n, 'America/New_York'], '2024-01-01 22:04 EST'],
  ['toDate', ['2006-01-02', 'bad'], '0001-01-01 00:00:00 +0000 UTC'],
  ['b64dec', ['aGVsbG8'], 'illegal base64 data at input byte 4'],
  ['b32dec', ['NBSWY3DP'], 'hello'],
  ['adler32sum', ['hello'], '103547413'],
  ['decryptAES', ['secretkey', '30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ='], 'plaintext'],
  ['derivePassword', [new GoNumber('uint32', 1n), 'long', 'password', 'user', 'example.com'], 'ZedaFaxcZaso9*'],
  ['dir', ['a/b/../c.txt'], 'a'],
  ['urlJoin', [dict({ scheme: 'https', host: 'h', path: 'p q', userinfo: 'u:p' })], 'https://u:p@h/p%20q'],
  ['semverCompare', ['^1.2 || ~3.1', '3.1.9'], 'true'],
  ['semverCompare', ['>1', '1.9.0'], 'false'],
  ['semverCompare', ['>=1.0.0', '1.2.0-beta'], 'false'],
  ['kindOf', [called('semver', '1.2')], 'ptr'],
])('%s %o is %s', (name, args, answer) => {
  expect(printed(called(name, ...args))).toBe(answer)
})

test('merging keeps what is there, below too, and overwriting replaces it', () => {
  const mine = (): GoMap => dict({ a: 1n, c: dict({ d: 'mine' }), e: '' })
  const theirs = dict({ a: 2n, c: dict({ d: 'theirs', f: 3n }), e: 'full', n: null })
  expect(printed(called('merge', mine(), theirs))).toBe('map[a:1 c:map[d:mine f:3] e:full]')
  expect(printed(called('mergeOverwrite', mine(), theirs))).toBe('map[a:2 c:map[d:theirs f:3] e:full n:<nil>]')
})

test('what has no answer of its own panics in the words of Go', () => {
  expect(() => called('div', 1n, 'x')).toThrow(new GoPanic('runtime error: integer divide by zero'))
  expect(() => called('first', 'text')).toThrow('Cannot find first on type string')
  expect(() => called('first', null)).toThrow('invalid memory address or nil pointer dereference')
  expect(() => called('regexFind', '(', 'a')).toThrow('regexp: Compile(`(`): error parsing regexp')
  expect(() => called('until', 10n ** 12n)).toThrow('more than 10000000 numbers')
})

test('chance, network and an unknown clock or environment need the world', () => {
  for (const name of ['uuidv4', 'genPrivateKey', 'getHostByName', 'now', 'env'])
    expect(() => called(name, 'x')).toThrow(NeedsWorld)
  const { callIn } = sprigFunctions.expandenv!
  expect(callIn!({ env: { FOO: 'bar' } }, '$FOO/${FOO}/$UNSET/$$/${}' as never)).toBe('bar/bar///')
})
