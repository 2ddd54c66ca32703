import { expect, test } from 'vitest'
import type { Terminal } from './command.ts'
import { guarded } from './guard.ts'

const env = { FOO_TOKEN: 'planted-7Kq/x"y', DB_PIN_PASSWORD: '48213377', API_TOKEN: 'test', REGION: 'us-east-1' }

function recorded(): { readonly said: string[]; readonly terminal: Terminal; readonly taken: () => boolean } {
  const said: string[] = []
  let taken = false
  const keep = (text: string) => void said.push(text)
  const file = async (name: string, text: string) => void said.push(`${name}: ${text}`)
  const terminal = {
    env,
    print: keep,
    note: keep,
    draw: keep,
    write: file,
    append: file,
    width: 80,
    get signal() {
      taken = true
      return new AbortController().signal
    },
  } as unknown as Terminal
  return { said, terminal: guarded(terminal), taken: () => taken }
}

test('whatever a command prints, draws or writes, no secret of the environment is in it', async () => {
  const { said, terminal } = recorded()
  terminal.print(`x ${env.FOO_TOKEN} y`)
  terminal.note(JSON.stringify({ it: env.FOO_TOKEN }))
  terminal.draw(Buffer.from(env.FOO_TOKEN).toString('base64'))
  await terminal.write('a', env.FOO_TOKEN)
  await terminal.append('b', encodeURIComponent(env.FOO_TOKEN))
  expect(said).toEqual(['x (sensitive) y', '{"it":"(sensitive)"}', '(sensitive)', 'a: (sensitive)', 'b: (sensitive)'])
})

test('JSON stays JSON where a number is a secret', () => {
  const { said, terminal } = recorded()
  terminal.print('{"a": 48213377, "b": [48213377, 1], "c": "48213377 \\" 48213377"}')
  expect(JSON.parse(said[0]!)).toEqual({ a: '(sensitive)', b: ['(sensitive)', 1], c: '(sensitive) " (sensitive)' })
})

test('a member of a map that is printed alone stays one', () => {
  const { said, terminal } = recorded()
  terminal.print('  "a": { "b": 48213377 },\n')
  expect(said).toEqual(['  "a": { "b": "(sensitive)" },\n'])
})

test('ordinary words are printed, whatever their variables are called', () => {
  const { said, terminal } = recorded()
  terminal.print('test in us-east-1')
  expect(said).toEqual(['test in us-east-1'])
})

test('the signal is not taken by looking', () => {
  const { terminal, taken } = recorded()
  expect(terminal.width).toBe(80)
  expect(taken()).toBe(false)
  expect(terminal.signal.aborted).toBe(false)
  expect(taken()).toBe(true)
})
