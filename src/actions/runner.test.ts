import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { noteCommand } from './protocol.ts'
import { failure, processStep } from './runner.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'airlock-step-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function open(more: Readonly<Record<string, string>> = {}) {
  const file = (name: string, text = '') => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const env = {
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: file('event.json', '{"ref":"refs/heads/main","before":"a","after":"b"}'),
    GITHUB_OUTPUT: file('output'),
    GITHUB_PATH: file('path'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_REPOSITORY: 'acme/infra',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_RUN_ID: '4411',
    RUNNER_TEMP: folder,
    ...more,
  }
  let log = ''
  const step = processStep(env, folder, new AbortController().signal, (text) => {
    log += text
  })
  return { step, log: () => log, read: (name: string) => readFileSync(join(folder, name), 'utf8') }
}

test('a step knows its run; a second attempt is another run', () => {
  expect(open().step).toMatchObject({
    event: { kind: 'push', branch: 'main' },
    context: { run: '4411', runUrl: 'https://github.com/acme/infra/actions/runs/4411' },
  })
  expect(open({ GITHUB_RUN_ATTEMPT: '2' }).step.context).toMatchObject({
    run: '4411-2',
    runUrl: 'https://github.com/acme/infra/actions/runs/4411/attempts/2',
  })
})

test('what the environment has of secrets is masked before anything else is printed', () => {
  const { step, log } = open({ AIRLOCK_READS_KEY: '7f3c9a7f3c9a7f3c', INPUT_JOB: ' 3 ' })
  step.log('done')
  expect(log()).toBe('::add-mask::7f3c9a7f3c9a7f3c\ndone\n')
  expect(step.input('job')).toBe('3')
  expect(step.input('other')).toBe('')
})

test('outputs, summaries and folders of programs are handed to the runner in its files', () => {
  const { step, read } = open()
  step.output('plan', '[{"job":0}]')
  step.summary('### One')
  step.summary('two')
  step.path('/opt/terraform')
  expect(read('output')).toMatch(/^plan<<(end-[0-9a-f-]+)\n\[\{"job":0\}\]\n\1\n$/)
  expect(read('summary')).toBe('### One\ntwo\n')
  expect(read('path')).toBe('/opt/terraform\n')
  expect(() => step.summary('x'.repeat(1_048_570))).toThrow('GitHub takes 1048576')
})

test('an error that a person can act on is one annotation; a bug shows its stack', () => {
  let log = ''
  const write = (text: string) => {
    log += text
  }
  const at = { file: 'stacks/dev.yaml', line: 3, column: 5 }
  expect(failure(new UserError({ code: 'head-moved', message: 'moved', fix: 'look', at, exit: 3 }), write)).toBe(3)
  expect(log).toBe('::error title=Refused (head-moved),file=stacks/dev.yaml,line=3,col=5::moved%0Alook\n')
  log = ''
  expect(failure(new Error('broken'), write)).toBe(1)
  expect(log).toContain('::error title=A bug of Airlock::broken\n')
  expect(log).toContain('runner.test.ts')
})

test('outside of GitHub Actions a step says what is missing', () => {
  expect(() => processStep({}, folder, new AbortController().signal, () => {})).toThrow('GITHUB_REPOSITORY is not set')
})

test('a note stands at its line, or at none', () => {
  expect(noteCommand({ level: 'failure', title: 'vpc', message: 'a\nb', path: 'stacks/dev.yaml', line: 4 })).toBe(
    '::error title=vpc,file=stacks/dev.yaml,line=4::a%0Ab',
  )
  expect(noteCommand({ level: 'warning', title: 'Left', message: 'why' })).toBe('::warning title=Left::why')
})
