import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { parseArgs } from './args.ts'
import type { Flag } from './command.ts'

const flags: readonly Flag[] = [
  { name: 'stack', short: 's', type: 'string', value: 'STACK', help: '' },
  { name: 'components', type: 'list', help: '' },
  { name: 'parallel', type: 'number', help: '' },
  { name: 'process-functions', type: 'boolean', help: '' },
]
const command = { name: 'plan', flags, positional: ['COMPONENT?'] }

function refusal(...words: string[]): UserError {
  try {
    parseArgs(command, words)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('was accepted')
}

test('flags are read in every form that people type', () => {
  for (const words of [['-s', 'prod'], ['-s=prod'], ['--stack', 'prod'], ['--stack=prod']])
    expect(parseArgs(command, ['vpc', ...words])).toEqual({ positional: ['vpc'], flags: { stack: 'prod' }, rest: [] })
})

test('a list is given with commas, several times, or both', () => {
  const { flags: given } = parseArgs(command, ['--components', 'vpc, eks', '--components=dns'])
  expect(given.components).toEqual(['vpc', 'eks', 'dns'])
})

test('a boolean is also said as =false and as --no-', () => {
  const of = (word: string) => parseArgs(command, [word]).flags['process-functions']
  expect([of('--process-functions'), of('--process-functions=false'), of('--no-process-functions')]).toEqual([
    true,
    false,
    false,
  ])
})

test('numbers are numbers', () => {
  expect(parseArgs(command, ['--parallel', '4']).flags.parallel).toBe(4)
  expect(refusal('--parallel', 'many')).toMatchObject({ code: 'flag-value-invalid', exit: 2 })
})

test('what follows -- is passed on untouched', () => {
  expect(parseArgs(command, ['vpc', '--', '-target=x', '--', '-s'])).toEqual({
    positional: ['vpc'],
    flags: {},
    rest: ['-target=x', '--', '-s'],
  })
})

test('an unknown flag is answered with the nearest one', () => {
  expect(refusal('--stak', 'prod')).toMatchObject({
    code: 'unknown-flag',
    message: 'airlock plan has no flag --stak',
    fix: 'Did you mean --stack?',
    exit: 2,
  })
  expect(refusal('-x').fix).toBe('airlock help plan')
})

test('a flag without its value does not swallow the next flag', () => {
  expect(refusal('--stack', '--json').message).toBe('--stack needs a value: --stack STACK')
  expect(refusal('-s').code).toBe('flag-value-missing')
  expect(parseArgs(command, ['--parallel', '-1']).flags.parallel).toBe(-1)
})

test('arguments are counted', () => {
  expect(refusal('vpc', 'eks')).toMatchObject({
    code: 'argument-unexpected',
    message: 'airlock plan takes COMPONENT, but was also given "eks"',
  })
  const needs = { name: 'explain', flags: [], positional: ['COMPONENT', 'PATH?'] }
  expect(() => parseArgs(needs, [])).toThrow('airlock explain needs COMPONENT')
  expect(parseArgs(needs, ['--help']).flags.help).toBe(true)
})

test('a command may use the short name of a shared flag for itself', () => {
  const own = { name: 'x', flags: [{ name: 'query', short: 'q', type: 'string', help: '' }] as const, positional: [] }
  expect(parseArgs(own, ['-q', '.a', '--quiet']).flags).toEqual({ query: '.a', quiet: true })
})
