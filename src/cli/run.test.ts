import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { recordedTerminal } from '../testkit/terminal.ts'
import type { Command } from './command.ts'
import type { Entry } from './registry.ts'
import { run, type Wishes } from './run.ts'
import { width } from './style.ts'

const plan: Command = {
  name: 'plan',
  summary: 'Plan what a change touches',
  usage: 'airlock plan [COMPONENT] [-s STACK]',
  description: 'Plans every affected instance, several at once, and seals the plans.',
  examples: [{ command: 'airlock plan vpc -s plat-ue2-prod', does: 'plans one instance' }],
  flags: [{ name: 'stack', short: 's', type: 'string', value: 'STACK', help: 'Only this stack' }],
  positional: ['COMPONENT?'],
  async run(args, terminal) {
    if (args.positional[0] === 'broken') throw new Error('a bug')
    if (args.positional[0] === 'held') throw new UserError({ code: 'held', message: 'held by ann', exit: 3 })
    terminal.print(JSON.stringify(args))
    return 0
  },
}
const entry = (command: Command): Entry => ({
  name: command.name,
  summary: command.summary,
  group: 'Look',
  load: async () => command,
})
const entries = [plan, { ...plan, name: 'describe stacks' }, { ...plan, name: 'describe component' }].map(entry)

async function ran(...words: string[]) {
  const terminal = recordedTerminal()
  let wishes: Wishes | undefined
  const code = await run(words, entries, (wanted) => {
    wishes = wanted
    return terminal
  })
  return { code, out: terminal.printed(), err: terminal.noted(), wishes }
}

test('a command gets its arguments', async () => {
  const { code, out } = await ran('plan', 'vpc', '-s', 'prod', '--', '-target=x')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual({ positional: ['vpc'], flags: { stack: 'prod' }, rest: ['-target=x'] })
})

test('a command of two words is found', async () => {
  expect(JSON.parse((await ran('describe', 'stacks', 'vpc')).out).positional).toEqual(['vpc'])
})

test('global flags stand before or after the command', async () => {
  for (const words of [
    ['-C', 'sub', '--json', 'plan'],
    ['plan', '-C', 'sub', '--json'],
  ])
    expect((await ran(...words)).wishes).toEqual({ chdir: 'sub', json: true, quiet: false, noColor: false })
})

test('help is the same however it is asked for, and fits 80 columns', async () => {
  const asked = await Promise.all([
    ran('plan', '--help'),
    ran('help', 'plan'),
    ran('--help', 'plan'),
    ran('plan', 'x', '-h'),
  ])
  expect(new Set(asked.map(({ out }) => out)).size).toBe(1)
  expect(asked[0]!.out).toContain('-s, --stack STACK')
  expect(asked[0]!.out).toContain('airlock plan vpc -s plat-ue2-prod')
  for (const line of asked[0]!.out.split('\n')) expect(width(line)).toBeLessThanOrEqual(80)
})

test('without a command the list of commands is shown', async () => {
  const { code, out } = await ran()
  expect(code).toBe(0)
  expect(out).toContain('describe component   Plan what a change touches')
  expect((await ran('help')).out).toBe(out)
})

test('the first word alone of a group lists the group', async () => {
  const { code, out } = await ran('describe')
  expect(code).toBe(0)
  expect(out).toContain('describe stacks')
  expect(out).not.toContain('  plan')
})

test('an unknown command is a usage error that names the nearest', async () => {
  expect(await ran('paln')).toMatchObject({
    code: 2,
    err: 'Error: there is no command "airlock paln"\n  Did you mean: airlock plan\n',
  })
  expect((await ran('describe', 'stakcs')).err).toContain('airlock describe stacks')
  expect((await ran('help', 'paln')).code).toBe(2)
})

test('exit codes: a refusal is 3, a bug 1', async () => {
  expect(await ran('plan', 'held')).toMatchObject({ code: 3, err: 'Refused: held by ann\n' })
  const bug = await ran('plan', 'broken')
  expect(bug.code).toBe(1)
  expect(bug.err).toContain('Error: a bug')
})

test('with --json an error is JSON on stdout, even a usage error', async () => {
  expect(JSON.parse((await ran('plan', 'held', '--json')).out).error.code).toBe('held')
  const usage = await ran('plan', '--json', '--stakc')
  expect(JSON.parse(usage.out).error.code).toBe('unknown-flag')
  expect(usage.err).toBe('')
})
