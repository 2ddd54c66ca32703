import { describe, expect, test } from 'vitest'
import { memoryTree } from '../git/drivers/memory.ts'
import { codeowners, codeownersIn, ownersOf, patternMatches } from './codeowners.ts'

/** The example of GitHub's documentation, in its order. */
const documented = codeowners(
  `# This is a comment.
*       @global-owner1 @global-owner2

*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
`,
  'CODEOWNERS',
)

describe('who owns a file', () => {
  test.each([
    ['README', '@global-owner1 @global-owner2'],
    ['lib/deep/a.js', '@js-owner'],
    ['a.go', 'docs@example.com'],
    ['x/notes.txt', '@octo-org/octocats'],
    ['build/logs/today.log', '@octocat'],
    ['build/other', '@global-owner1 @global-owner2'],
    ['sub/docs/a.md', '@global-owner1 @global-owner2'],
    ['docs/getting-started.md', '@doctocat'],
    ['scripts/deep/run.sh', '@doctocat @octocat'],
    ['deeply/nested/logs', '@octocat'],
    ['deeply/nested/logs/x/y', '@octocat'],
    ['apps/web/main.ts', '@octocat'],
    ['x/apps/main.ts', '@octocat'],
    ['apps/github/main.ts', undefined],
    ['apps/github', undefined],
  ])('the last line that matches decides, as GitHub documents it: %s', (path, owners) => {
    expect(ownersOf(documented, path)?.owners.join(' ')).toBe(owners)
  })

  test('a path that nothing matches has no owner', () => {
    expect(ownersOf(codeowners('/stacks/ @ann', 'CODEOWNERS'), 'components/a.tf')).toBeUndefined()
  })

  test('the line that decides is named', () => {
    expect(ownersOf(documented, 'scripts/a')?.line).toBe(11)
  })
})

describe('what a pattern covers', () => {
  test.each([
    ['*', 'a', true],
    ['*', 'deep/a', true],
    ['/*', 'a', true],
    ['/*', 'deep/a', false],
    ['docs/*', 'docs/a.md', true],
    ['docs/*', 'docs/deep/a.md', false],
    ['docs/*', 'x/docs/a.md', false],
    ['docs/**', 'docs/deep/a.md', true],
    ['/docs', 'docs/deep/a.md', true],
    ['/docs', 'docs', true],
    ['/docs', 'docs2', false],
    ['docs/', 'docs', false],
    ['docs/', 'x/docs/a', true],
    ['docs', 'x/docs/a', true],
    ['/stacks/orgs/*/prod', 'stacks/orgs/plat/prod/ue2.yaml', true],
    ['/stacks/orgs/*/prod', 'stacks/orgs/a/b/prod/ue2.yaml', false],
    ['stacks/**/prod/', 'stacks/prod/ue2.yaml', true],
    ['stacks/**/prod/', 'stacks/a/b/prod/ue2.yaml', true],
    ['**/prod.yaml', 'prod.yaml', true],
    ['*.tf', 'components/vpc/main.tf', true],
    ['*.tf', 'components/vpc/main.tf.json', false],
    ['m?in.tf', 'main.tf', true],
    ['m?in.tf', 'm/in.tf', false],
    ['a+b(c)', 'a+b(c)', true],
    ['/Docs/', 'docs/a', false],
    ['my\\ folder/', 'my folder/a', true],
    ['stacks/*.yaml', 'stacks/prod.yaml', true],
    ['stacks/*.yaml', 'stacks/x/prod.yaml', false],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(patternMatches(pattern, path)).toBe(expected)
  })
})

describe('a file with mistakes', () => {
  test.each([
    ['!/docs/ @ann', 1, '"!" does not negate'],
    ['\\#notes @ann', 1, 'escaped "#"'],
    ['/docs/[ab].md @ann', 1, '"[ ]"'],
    ['[Backend] @ann', 1, 'sections'],
    ['/docs/ ann', 8, '"ann" is neither'],
    ['/docs/ @ann @', 13, '"@" is neither'],
    ['  /docs/ @acme/', 10, '"@acme/" is neither'],
    ['/a/***/b @ann', 1, '"***"'],
    ['/ @ann', 1, '"/" alone'],
  ])('%s is skipped, with its place and why', (line, column, problem) => {
    const found = codeowners(`# first\n${line}\n/ok/ @bob`, '.github/CODEOWNERS')
    expect(found.problems).toEqual([
      { file: '.github/CODEOWNERS', line: 2, column, problem: expect.stringContaining(problem) },
    ])
    expect(found.lines).toEqual([{ pattern: '/ok/', owners: ['@bob'], line: 3 }])
  })

  test('lines of Windows, blank lines, tabs and comments are no mistakes', () => {
    const found = codeowners('\r\n# c\r\n\t/a/\t@ann\t# why\r\n/b/#c @bob\r\n', 'CODEOWNERS')
    expect(found.problems).toEqual([])
    expect(found.lines.map(({ pattern, owners }) => [pattern, ...owners])).toEqual([
      ['/a/', '@ann'],
      ['/b/#c', '@bob'],
    ])
  })

  test('one that is too large is not read', () => {
    const found = codeowners('# x\n'.repeat(800_000), 'CODEOWNERS')
    expect(found).toMatchObject({ lines: [], problems: [{ line: 1, problem: 'the file is larger than 3 MB' }] })
  })
})

test('the first place of three counts', () => {
  const of = (files: Record<string, string>) => codeownersIn(memoryTree(files))?.file
  expect(of({ 'docs/CODEOWNERS': '', CODEOWNERS: '', '.github/CODEOWNERS': '' })).toBe('.github/CODEOWNERS')
  expect(of({ 'docs/CODEOWNERS': '', CODEOWNERS: '' })).toBe('CODEOWNERS')
  expect(of({ 'docs/CODEOWNERS': '' })).toBe('docs/CODEOWNERS')
  expect(of({ 'other/CODEOWNERS': '' })).toBeUndefined()
})
