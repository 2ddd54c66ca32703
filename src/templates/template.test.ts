import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemplateError } from './error.ts'
import { execute, parseTemplate } from './template.ts'
import { GoMap, GoSlice, type GoValue, goFunction, NeedsWorld, worldFunction } from './value.ts'

const data = new GoMap(
  new Map<GoValue, GoValue>([
    ['n', null],
    ['count', 3n],
    ['ratio', 3],
    ['list', new GoSlice(['b', 'a'])],
    [
      'map',
      new GoMap(
        new Map<GoValue, GoValue>([
          ['é', 1n],
          ['Z', 2n],
          ['a', 3n],
        ]),
      ),
    ],
  ]),
)

const functions = {
  upper: goFunction('func(string) string', (text: string) => text.toUpperCase()),
  now: goFunction('func() string', () => {
    throw new NeedsWorld('now')
  }),
  home: worldFunction('func() string', ({ env }) => env?.HOME ?? 'nowhere'),
}

function rendered(text: string, missingKey: 'default' | 'error' = 'default'): string {
  return execute(parseTemplate(text, { name: 't', functions }), data, { missingKey })
}

function failure(text: string, missingKey: 'default' | 'error' = 'default'): TemplateError {
  try {
    rendered(text, missingKey)
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error(`no error: ${text}`)
}

describe('a template', () => {
  test.each([
    ['{{ .count }} {{ .ratio }} {{ .list }} {{ .map }}', '3 3 [b a] map[Z:2 a:3 é:1]'],
    ['{{ .nope }} {{ .nope.deep }} {{ .n }}', '<no value> <no value> <no value>'],
    ['a {{- 1 -}} b', 'a1b'],
    ['{{ range $i, $x := .list }}{{ if $i }}, {{ end }}{{ $i }}={{ $x }}{{ end }}', '0=b, 1=a'],
    ['{{ range 5 }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ if eq . 3 }}{{ break }}{{ end }}{{ . }}{{ end }}', '02'],
    ['{{ define "x" }}[{{ . }}]{{ end }}{{ template "x" .count }}{{ block "y" 2 }}<{{ . }}>{{ end }}', '[3]<2>'],
    ['{{ with .map }}{{ .a }}{{ $.count }}{{ end }}{{ with .n }}x{{ else with .list }}{{ len . }}{{ end }}', '332'],
    ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}', '2'],
    ['{{ "a" | upper | printf "%q-%03d" | print }}', '"A"-%!d(MISSING)'],
    ['{{ or false "" "x" }}{{ and 1 0 2 }}{{ not .n }}', 'x0true'],
  ])('%s comes to %s', (text, expected) => {
    expect(rendered(text)).toBe(expected)
  })

  test('says where an error is, in Go’s words and as editors count', () => {
    const error = failure('é\n  é{{ index .list 9 }}')
    expect(error.message).toBe(
      'template: t:2:7: executing "t" at <index .list 9>: error calling index: index out of range: 9',
    )
    expect([error.line, error.column]).toEqual([2, 7])
    expect(failure('one\n{{ foo }}').message).toBe('template: t:2: function "foo" not defined')
  })

  test('takes a missing key for an error only where it is asked to, and a null never', () => {
    expect(failure('{{ .nope }}', 'error').message).toContain('map has no entry for key "nope"')
    expect(failure('{{ .n.x }}').message).toContain('nil pointer evaluating interface {}.x')
    expect(rendered('{{ .n }}', 'error')).toBe('<no value>')
  })

  test('tells int from float', () => {
    expect(failure('{{ eq .count .ratio }}').message).toContain('incompatible types for comparison: int and float64')
  })

  test('is stopped by a function that needs the world, and says by which', () => {
    expect(failure('{{ now }}').cause).toEqual(new NeedsWorld('now'))
    const template = parseTemplate('{{ home }}', { name: 't', functions })
    expect(execute(template, null, { world: { env: { HOME: '/root' } } })).toBe('/root')
    expect(execute(template, null)).toBe('nowhere')
  })

  test.each([
    ['{{ range 1000000000 }}{{ end }}', 'steps'],
    ['{{ $x := "ab" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}', 'characters'],
    ['{{ range 100000 }}{{ printf "%1000d" . }}{{ end }}', 'characters of output'],
    ['{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}', 'exceeded maximum template depth'],
    [`{{ ${'('.repeat(9000)}1${')'.repeat(9000)} }}`, 'max expression depth exceeded'],
  ])('that has no end is an error: %.60s', (text, expected) => {
    expect(failure(text).message).toContain(expected)
  })

  test('never ends with anything but a text or a TemplateError, whatever it is', () => {
    const pieces =
      '{{ }} {{- -}} ( ) | . .a .list $ $x := = , "s" `r` 1 -2.5 0x "%5.2q" if else end range with define template block break nil index printf len eq upper /* */ é \ud800 \udc80 \\ \' \n'.split(
        ' ',
      )
    const text = fc.array(fc.oneof(fc.constantFrom(...pieces, ' '), fc.string({ unit: 'binary', maxLength: 4 })), {
      maxLength: 25,
    })
    fc.assert(
      fc.property(text, (parts) => {
        try {
          expect(typeof rendered(parts.join(''))).toBe('string')
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
