import { expect, test } from 'vitest'
import { type Action, actionOf, mustBeHonoured } from './action.ts'
import { quoted, splitWords } from './split.ts'

const at = { file: 'wf.yaml', line: 4, column: 18 }
const action = (text: string, stack?: string) => actionOf({ text, at }, stack, 'step a of workflow w', { NAME: 'vpc' })
const terraform = (more: Partial<Action>) => ({
  kind: 'terraform',
  component: 'vpc',
  stack: 'dev',
  extra: [],
  flags: [],
  ...more,
})

test.each<[string, string | undefined, unknown]>([
  ['terraform plan vpc -s dev', undefined, terraform({ verb: 'plan' } as Partial<Action>)],
  ['atmos terraform deploy vpc --stack=dev', undefined, terraform({ verb: 'deploy' } as Partial<Action>)],
  ['terraform apply $NAME -s qa', 'dev', terraform({ verb: 'apply' } as Partial<Action>)],
  ['terraform destroy vpc', 'dev', terraform({ verb: 'destroy' } as Partial<Action>)],
  ['terraform plan --all', 'dev', terraform({ verb: 'plan', component: undefined } as Partial<Action>)],
  [
    `terraform plan vpc -- -var 'name=a b' -target="x[\\"k\\"]"`,
    'dev',
    terraform({ verb: 'plan', extra: ['-var', 'name=a b', '-target=x["k"]'] } as Partial<Action>),
  ],
  ['terraform plan vpc --skip-init', 'dev', terraform({ verb: 'plan', flags: ['--skip-init'] } as Partial<Action>)],
  ['workflow other -f more', undefined, { kind: 'workflow', name: 'other', file: 'more', stack: undefined }],
  ['atmos workflow other -s qa', 'dev', { kind: 'workflow', name: 'other', file: undefined, stack: 'dev' }],
  ['describe component vpc', 'dev', { kind: 'look', words: ['describe', 'component', 'vpc', '-s', 'dev'] }],
  ['validate stacks', 'dev', { kind: 'look', words: ['validate', 'stacks'] }],
])('%s with -s %s', (text, stack, expected) => expect(action(text, stack)).toEqual(expected))

test.each([
  ['helmfile sync app -s dev', 'step-command-unsupported', /runs "atmos helmfile sync"/],
  ['terraform import vpc -s dev', 'step-command-unsupported', /"terraform import"/],
  ['terraform aply vpc -s dev', 'step-command-unsupported', /"terraform aply"/],
  ['terraform plan vpc -s dev && echo', 'step-command-unsupported', /./],
  ['terraform plan $(cat c) -s dev', 'step-command-unsupported', /./],
  ['terraform plan -s dev', 'step-component-missing', /names no component: terraform plan -s dev/],
  ['terraform plan vpc', 'step-stack-missing', /names no stack: terraform plan vpc/],
  ['terraform plan vpc -s', 'step-flag-unsupported', /-s of step a of workflow w has no value/],
  ['workflow', 'step-flag-unsupported', /names no workflow/],
  ['workflow a --dry-run', 'step-flag-unsupported', /--dry-run/],
])('%s is refused', (text, code, message) => {
  expect(() => action(text)).toThrow(expect.objectContaining({ code, at, message: expect.stringMatching(message) }))
})

test('a verb that is not known gets the nearest one', () => {
  expect(() => action('terraform aply vpc -s dev')).toThrow(
    expect.objectContaining({ fix: expect.stringMatching(/^did you mean apply\?/) }),
  )
})

test('flags that would have to be ignored are refused; those that change nothing are not', () => {
  const check = (text: string) => mustBeHonoured(action(text), 'step a of workflow w', at)
  check('terraform apply vpc -s dev -auto-approve -input=false')
  for (const flag of ['-target=x', '-lock=false', '--skip-init', '-- -refresh=false'])
    expect(() => check(`terraform plan vpc -s dev ${flag}`)).toThrow(
      expect.objectContaining({
        code: 'step-flag-unsupported',
        message: expect.stringContaining(flag.replace('-- ', '')),
      }),
    )
})

test('a line is split as a shell does, without looking for files', () => {
  const split = (line: string) => splitWords(line, { A: 'x y', B: 'b' })
  expect(split(`a 'b c' "d $B" e\\ f *.tf ''`)).toEqual(['a', 'b c', 'd b', 'e f', '*.tf', ''])
  expect(split('$A "$A" ${B}c $NONE')).toEqual(['x', 'y', 'x y', 'bc'])
  expect(split(`'$B' "\\$B"`)).toEqual(['$B', '$B'])
  for (const line of ['a | b', 'a; b', '`a`', '"$(a)"', "'a"]) expect(() => split(line)).toThrow()
})

test('a quoted word comes back as it was', () => {
  for (const word of ['plain', "it's", 'a b', '$X', '']) expect(splitWords(quoted(word), { X: 'no' })).toEqual([word])
})
