import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellCode, code, cut, fenced, html, link, visible, words } from './escape.ts'

const nasty = fc.string({
  unit: fc.constantFrom(
    ...'ab1 `|\\*_<>&@#[]()~!-\n\t"',
    '-->',
    '```',
    '@acme',
    '#12',
    'https://x.test',
    'www.x.test',
    '\u202e',
    '\x1b[31m',
    '😀',
    '\ud800',
  ),
  maxLength: 30,
})

test.each([
  ['a|b', '`a|b`'],
  ['c`d', '``c`d``'],
  ['`', '`` ` ``'],
  ['', '`""`'],
  ['two\nlines', '`two↵lines`'],
  ['\u202eevil\x1b[31m', '`\\u202eevil`'],
  [`a${'`'.repeat(90)}b`, '`a(90 backticks)b`'],
])('code: %j', (text, markdown) => {
  expect(code(text)).toBe(markdown)
})

test('words in Markdown mention nobody, refer to nothing and are no markup', () => {
  expect(words('@acme/x *b* [a](b) <img> &amp; #12 https://x.test a_b _c_')).toBe(
    '@\u200bacme/x \\*b\\* \\[a\\](b) &#60;img&#62; &#38;amp; #\u200b12 https:\u200b//x.test a_b \\_c\\_'.replace(
      '#\u200b12',
      '\\#\u200b12',
    ),
  )
  expect(html('</summary>@all')).toBe('&#60;/summary&#62;@\u200ball')
  expect(words('GH-12 costs $5')).toBe('GH-\u200b12 costs <span>$</span>5')
})

test('a code span always closes, on one line, and no bar in a cell is bare', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const span = code(text)
      const [, fence] = /^(`+)/.exec(span)!
      const inner = span.slice(fence!.length, -fence!.length)
      expect(span.endsWith(fence!)).toBe(true)
      expect(inner.match(/`+/g) ?? []).not.toContain(fence)
      expect(span).not.toMatch(/[\n\x00-\x1f\u202e]/)
      expect(cellCode(text).replaceAll('\\|', '')).not.toContain('|')
    }),
  )
})

test('a fence is longer than any inside', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const [first, ...rest] = fenced(text).split('\n')
      expect(rest.at(-1)).toBe(first)
      expect(rest.slice(0, -1).some((line) => line.trim().startsWith(first!))).toBe(false)
    }),
  )
})

test('no mention, tag or reference survives in words', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      for (const shown of [words(text), html(text)]) {
        expect(shown).not.toMatch(/@[\w-]|(?<!&)#\d|<|>|:\/\/|www\.\w/)
        expect(shown).not.toContain('-->')
      }
    }),
  )
})

test('only an https address becomes a link', () => {
  expect(link('run', 'https://x.test/a b>c')).toBe('[run](<https://x.test/a%20b%3Ec>)')
  expect(link('run', 'javascript:alert(1)')).toBe('run')
})

test('a cut never splits a character', () => {
  expect(cut('😀😀😀', 2)).toBe('😀…')
  expect(visible('\ud800x')).toBe('\\ud800x')
})
