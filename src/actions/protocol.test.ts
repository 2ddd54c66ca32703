import { expect, test } from 'vitest'
import { command, fileCommand, logLines, noteCommand } from './protocol.ts'

test('a note is a command whose parts cannot end it early', () => {
  const note = { path: 'stacks/a,b.yaml', line: 4, column: 9, level: 'failure', message: '100%\nof it' } as const
  expect(noteCommand(note)).toBe('::error file=stacks/a%2Cb.yaml,line=4,col=9::100%25%0Aof it')
  expect(noteCommand({ ...note, level: 'warning', title: 'a: b' })).toContain('::warning title=a%3A b,')
  expect(command('add-mask', {}, 'pass\r\nword')).toBe('::add-mask::pass%0D%0Aword')
})

test('what others print is never taken for a command', () => {
  const lines = logLines('::add-mask::true\n  ::error::fake\r\n##[set-output]x\rfine :: here')
  expect(lines.every((line) => !/^\s*(::|##\[)/.test(line))).toBe(true)
  expect(lines.map((line) => line.replace('\u200b', ''))).toEqual([
    '::add-mask::true',
    '  ::error::fake',
    '##[set-output]x',
    'fine :: here',
  ])
})

test('an output of several lines ends where its delimiter says, and nowhere else', () => {
  expect(fileCommand('plan', 'a\nb', 'end')).toBe('plan<<end\na\nb\nend\n')
  expect(() => fileCommand('plan', 'a\nend\nx=1', 'end')).toThrow('holds the delimiter')
})
