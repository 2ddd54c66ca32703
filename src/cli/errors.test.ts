import { expect, test } from 'vitest'
import { quoting, UserError } from '../error.ts'
import { errorJson, errorText } from './errors.ts'
import { paint } from './style.ts'

const text = (error: unknown) => errorText(error, paint(false))
const missing = new UserError({
  code: 'import-not-found',
  message: 'import "catalog/vcp" matches no file',
  fix: 'Did you mean "catalog/vpc"?',
  at: { file: 'stacks/orgs/plat/prod/ue2.yaml', line: 3, column: 5 },
  exit: 2,
})

test('an error shows its place, the line it is about, and the fix', () => {
  expect(text(quoting(missing, 'import:\n  - orgs/plat\n  - catalog/vcp # typo\n'))).toBe(
    `Error: stacks/orgs/plat/prod/ue2.yaml:3:5: import "catalog/vcp" matches no file
  3 │   - catalog/vcp # typo
    │     ^^^^^^^^^^^
  Did you mean "catalog/vpc"?`,
  )
})

test('without the text of the file, or with too few lines, the place alone is shown', () => {
  const lines = [
    'Error: stacks/orgs/plat/prod/ue2.yaml:3:5: import "catalog/vcp" matches no file',
    '  Did you mean "catalog/vpc"?',
  ]
  expect(text(missing)).toBe(lines.join('\n'))
  expect(text(quoting(missing, 'import:\n'))).toBe(lines.join('\n'))
})

test('the marks stand below wide characters and tabs', () => {
  const at = { file: 'a.yaml', line: 1, column: 6 }
  const shown = text(new UserError({ code: 'x', message: 'm', at, line: '東京\t: "a b" # c' })).split('\n')
  expect(shown.slice(1)).toEqual(['  1 │ 東京  : "a b" # c', '    │ ........^^^^^'.replaceAll('.', ' ')])
})

test('a refusal is called one', () => {
  expect(text(new UserError({ code: 'held', message: 'vpc in prod is held by ann.', exit: 3 }))).toBe(
    'Refused: vpc in prod is held by ann.',
  )
})

test('a bug shows its stack and asks for a report', () => {
  const shown = text(new TypeError('x is not a function'))
  expect(shown).toContain('TypeError: x is not a function\n      at ')
  expect(shown).toContain('report')
})

test('programs get the same facts as JSON', () => {
  expect(JSON.parse(errorJson(missing))).toEqual({
    error: {
      code: 'import-not-found',
      message: 'import "catalog/vcp" matches no file',
      fix: 'Did you mean "catalog/vpc"?',
      at: { file: 'stacks/orgs/plat/prod/ue2.yaml', line: 3, column: 5 },
      exit: 2,
    },
  })
  expect(JSON.parse(errorJson(new Error('no')))).toEqual({ error: { code: 'bug', message: 'no', exit: 1 } })
})
