import { expect, test } from 'vitest'
import { fieldPaths, renderText } from './template.ts'
import type { MapValue } from './value.ts'
import { parseManifest } from './yaml/manifest.ts'

const data = parseManifest('vars: {stage: prod, n: 5, f: 1500000.0, none: null, l: [a, {b: 1}]}', 'a.yaml') as MapValue
const at = { file: 'a.yaml', line: 1, column: 1 }
const render = (text: string): string => renderText(text, data, at, 'no value')

test('fields are printed as Go prints them', () => {
  expect(render('{{ .vars.stage }}-{{.vars.n}} {{ .vars.f }} {{ .vars.l }}')).toBe('prod-5 1.5e+06 [a map[b:1]]')
})

test('trim marks eat the blanks beside them', () => {
  expect(render('a {{- .vars.stage -}} b')).toBe('aprodb')
})

test('a missing field or null is <no value>, or an error where it must exist', () => {
  expect(render('{{ .vars.none }} {{ .nope.deeper }}')).toBe('<no value> <no value>')
  expect(() => renderText('{{ .vars.nope }}', data, at, 'error')).toThrow(
    expect.objectContaining({ code: 'template-key-missing', at }),
  )
})

test('functions, conditions and variables do what they do in Go', () => {
  const text =
    '{{ upper .vars.stage }} {{ if .vars.n }}{{ $x := add .vars.n 1 }}{{ $x }}{{ end }} {{ strings.Repeat 2 "a" }}'
  expect(render(text)).toBe('PROD 6 aa')
})

test('what cannot be read or run is an error with its place', () => {
  for (const text of ['{{ nope .vars.stage }}', '{{ .vars.stage', '{{ index .vars.l 9 }}'])
    expect(() => render(text)).toThrow(expect.objectContaining({ code: 'template-invalid', at }))
  expect(() => renderText('a\n  {{ .x.y }}', data, at, 'error', { isFile: true })).toThrow(
    expect.objectContaining({ at: { file: 'a.yaml', line: 2, column: 8 } }),
  )
})

test('what only a run can know is an error that names it', () => {
  expect(() => render('{{ net.LookupIP "example.org" }}')).toThrow(
    expect.objectContaining({ code: 'template-needs-world', message: expect.stringContaining('net.LookupIP') }),
  )
})

test('fields are found in all that an action names, but not in its texts', () => {
  expect(fieldPaths('{{ .locals.a | default (printf ".locals.b %s" .vars.c) }}')).toEqual([
    ['locals', 'a'],
    ['vars', 'c'],
  ])
})
