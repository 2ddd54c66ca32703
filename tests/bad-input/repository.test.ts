import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, house } from './house.ts'

let it: House
beforeAll(async () => {
  it = await house()
})
afterAll(() => it.dispose())

const looking = [
  ['affected'],
  ['plan'],
  ['status'],
  ['approve'],
  ['apply'],
  ['explain', 'vpc', '-s', 'dev'],
  ['unlock', 'vpc', '-s', 'dev', '--reason', 'gone'],
] as const

/** What every command that needs a repository says in a folder; it must be the same. */
async function said(folder: string): Promise<string> {
  const answers = []
  for (const words of looking) answers.push(await it.airlock(words, { in: folder }))
  expect(answers.map(({ code, out }) => [code, out])).toEqual(looking.map(() => [2, '']))
  expect(new Set(answers.map(({ err }) => err)).size).toBe(1)
  return answers[0]!.err.replaceAll(it.root, '')
}

test('a folder that is in no Git repository', async () => {
  const folder = join(it.root, 'nowhere')
  await mkdir(folder)
  expect(
    await said(folder),
  ).toBe(`Error: /nowhere is not in a Git repository: fatal: not a git repository (or any of the parent directories): .git
  run in a clone of your infrastructure repository, or name one: --chdir DIR
`)
})

test('a bare repository', async () => {
  await it.git('clone', '-q', '--bare', it.repo, join(it.root, 'bare.git'))
  expect(
    await said(join(it.root, 'bare.git')),
  ).toBe(`Error: /bare.git is in a Git repository without files to work on (bare, or inside its .git folder)
  run in a clone with a work tree: git clone URL, or git worktree add DIR BRANCH
`)
})

test('a repository without a commit', async () => {
  const folder = join(it.root, 'empty')
  await it.git('init', '-q', folder)
  expect(
    await said(folder),
  ).toBe(`Error: the Git repository at /empty has no commit yet on the branch that is checked out
  commit something first: git add . && git commit
`)
})

test('a shallow clone that lacks the commit to compare with', async () => {
  await it.git('switch', '-qc', 'bigger')
  await it.write({
    'stacks/orgs/dev.yaml': (await it.read('stacks/orgs/dev.yaml')).replace(
      'dev\n',
      'dev\ncomponents:\n  terraform:\n    vpc:\n      vars:\n        size: 2\n',
    ),
  })
  await it.commit('Make dev bigger')
  await it.git('switch', '-q', 'main')
  const folder = join(it.root, 'shallow')
  await it.git('clone', '-q', '--depth=1', '--branch=bigger', '--no-single-branch', `file://${it.repo}`, folder)
  await it.git('-C', folder, 'remote', 'set-url', 'origin', 'file:///nowhere')
  const answers = []
  for (const words of [['affected'], ['plan'], ['affected', '--base', 'main~1']])
    answers.push(await it.airlock(words, { in: folder }))
  const [code, err] = [
    2,
    expect.stringContaining('this clone is shallow, and the history that it lacks could not be fetched'),
  ]
  expect(answers.map((answer) => [answer.code, answer.err])).toEqual([
    [code, err],
    [code, err],
    [code, err],
  ])
  await it.git('-C', folder, 'remote', 'set-url', 'origin', `file://${it.repo}`)
  const whole = await it.airlock(['affected'], { in: folder })
  expect([whole.code, whole.out]).toEqual([0, expect.stringContaining('vars.size  1 → 2')])
  expect(whole.err).toContain('this clone is shallow: fetched origin/main')
})

test('a protected branch that is not here', async () => {
  await it.git('switch', '-qc', 'other')
  const config = await it.read('atmos.yaml')
  await it.write({ 'atmos.yaml': `${config}integrations:\n  airlock:\n    branch: release\n` })
  await it.commit('Apply another branch')
  const { code, err } = await it.airlock(['status'])
  expect([code, err]).toEqual([
    2,
    `Error: the protected branch release is neither here nor at origin
  set integrations.airlock.branch in atmos.yaml to the branch that is applied, or fetch it
`,
  ])
  await it.git('switch', '-q', 'main')
})
