import { expect, test } from 'vitest'
import { renderText } from './template.ts'
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
  expect(() => renderText('{{ .vars.nope }}', data, at, 'error')).toThrow(/there is no .vars.nope/)
})

test('anything else is said not to be there yet', () => {
  for (const text of ['{{ upper .vars.stage }}', '{{ if .vars.n }}x{{ end }}', '{{ .vars.stage', '{{ $x := 1 }}'])
    expect(() => render(text)).toThrow(expect.objectContaining({ code: 'not-yet', at }))
})
