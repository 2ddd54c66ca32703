import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import type { FakeJob, FakeRun } from '../github/hub.ts'
import { type RunnerLab, runnerLab } from './lab.ts'

let lab: RunnerLab
afterEach(async () => await lab.close())

async function steps(text: string, more = ''): Promise<{ run: FakeRun; job: FakeJob; log: string }> {
  const [run] = await lab.push({
    '.github/workflows/ci.yml': `on: push\njobs:\n  a:\n    runs-on: x\n${more}\n    steps:\n${text}`,
  })
  if (run?.jobs[0] === undefined) throw new Error(lab.runner.problems().join('\n'))
  return { run, job: run.jobs[0], log: run.jobs[0].log }
}

it('gives artifacts from job to job, without hidden files and modes', async () => {
  lab = await runnerLab()
  const [run] = await lab.push({
    '.github/workflows/ci.yml': `on: push
jobs:
  a:
    runs-on: x
    steps:
      - run: mkdir -p "$RUNNER_TEMP/out/deep"; cd "$RUNNER_TEMP/out"; echo one > deep/one; echo two > two; touch .hidden; chmod +x two
      - { uses: actions/upload-artifact@v4, with: { name: out, path: '\${{ runner.temp }}/out' } }
      - { uses: actions/upload-artifact@v4, with: { name: out-two, path: '\${{ runner.temp }}/out/two' } }
  b:
    needs: a
    runs-on: x
    steps:
      - { uses: actions/download-artifact@v4, with: { name: out, path: one } }
      - { uses: actions/download-artifact@v4, with: { pattern: out*, path: all } }
      - { uses: actions/download-artifact@v4, with: { pattern: out*, path: merged, merge-multiple: true } }
      - run: find . -type f | sort; stat -c %a one/two
`,
  })
  expect(lab.runner.problems()).toEqual([])
  expect(lab.job(run, 'b').log).toContain(
    './all/out-two/two\n./all/out/deep/one\n./all/out/two\n./merged/deep/one\n./merged/two\n./one/deep/one\n./one/two\n644\n',
  )
})

it('counts places in an artifact from the folder that several paths share', async () => {
  lab = await runnerLab()
  const { run } = await steps(`
      - run: mkdir -p a/b a/c; touch a/b/one.txt a/c/two.txt a/c/three.md
      - uses: actions/upload-artifact@v4
        with:
          name: several
          path: |
            a/b
            a/c/*.txt
            !a/b/none*
`)
  const folder = lab.hub.artifacts(run).get('several')
  expect(execFileSync('find', ['.', '-type', 'f'], { cwd: folder, encoding: 'utf8' }).split('\n').sort()).toEqual([
    '',
    './b/one.txt',
    './c/two.txt',
  ])
})

it('refuses a second artifact of a name, one that is not there, and inputs that it would not heed', async () => {
  lab = await runnerLab()
  const { log, job } = await steps(`
      - run: touch f
      - { uses: actions/upload-artifact@v4, with: { name: f, path: f } }
      - { uses: actions/upload-artifact@v4, with: { name: f, path: f }, continue-on-error: true }
      - { uses: actions/upload-artifact@v4, with: { name: f, path: f, overwrite: true } }
      - { uses: actions/upload-artifact@v4, with: { name: g, path: none } }
      - { uses: actions/download-artifact@v4, with: { pattern: z* } }
      - { uses: actions/download-artifact@v4, with: { name: g }, continue-on-error: true }
      - { uses: actions/checkout@v5, with: { submodules: true } }
`)
  expect(log).toContain('(409) Conflict: an artifact with this name already exists on the workflow run')
  expect(log).toContain('##[warning]No files were found with the provided path: none.')
  expect(log).toContain('Artifact not found for name: g')
  expect(log).toContain("This runner's checkout does not know the inputs submodules")
  expect(job.conclusion).toBe('failure')
})

it('has the artifacts of another run only for a token that reads actions, and only after that run', async () => {
  lab = await runnerLab()
  const { run } = await steps(`
      - run: touch f
      - { uses: actions/upload-artifact@v4, with: { name: f, path: f } }`)
  const download = `      - { uses: actions/download-artifact@v4, with: { name: f, run-id: ${run.id}, github-token: '\${{ github.token }}' } }`
  expect((await steps(download)).log).toContain('Resource not accessible by integration')
  expect((await steps(download, '    permissions: { actions: read }')).job.conclusion).toBe('success')
})

it('keeps a cache of a key for later runs', async () => {
  lab = await runnerLab()
  const text = (key: string) => `
      - { id: it, uses: actions/cache@v4, with: { path: kept, key: ${key}, restore-keys: 'k-' } }
      - run: echo "hit:\${{ steps.it.outputs.cache-hit }} $(cat kept/f 2>/dev/null)"; mkdir -p kept; echo ${key} > kept/f`
  expect((await steps(text('k-1'))).log).toContain('hit: \n')
  expect((await steps(text('k-1'))).log).toContain('hit:true k-1\n')
  expect((await steps(text('k-2'))).log).toContain('hit:false k-1\n')
})

it('checks out a commit, a branch, or the event’s own, with or without history', async () => {
  lab = await runnerLab({ git: true })
  const first = lab.commit({ 'file.txt': 'first' })
  lab.commit({ 'file.txt': 'second' })
  const { log, job } = await steps(`
      - { uses: actions/checkout@v5, with: { path: shallow } }
      - { uses: actions/checkout@v5, with: { path: all, fetch-depth: 0, persist-credentials: false } }
      - { uses: actions/checkout@v5, with: { path: commit, ref: ${first} } }
      - { uses: actions/checkout@v5, with: { path: branch, ref: main } }
      - run: |
          for it in shallow all commit branch; do
            echo "$it $(cat $it/file.txt) $(git -C $it rev-list --count HEAD) [$(git -C $it branch --show-current)] $(git -C $it config --get-regexp extraheader | wc -l)"
          done
`)
  expect(log).toContain(
    'shallow second 1 [main] 1\nall second 3 [main] 0\ncommit first 1 [] 1\nbranch second 1 [main] 1\n',
  )
  expect(job.conclusion).toBe('success')
})

it('runs an action of the checkout, once it is there', async () => {
  lab = await runnerLab({ git: true })
  const action = `name: mine\ndescription: mine\nruns: { using: composite, steps: [{ run: echo "mine here", shell: bash }] }`
  lab.commit({ 'actions/mine/action.yml': action })
  const { log } = await steps(`
      - { uses: ./actions/mine, continue-on-error: true }
      - uses: actions/checkout@v5
      - uses: ./actions/mine
`)
  expect(log).toMatch(/Did you forget to run actions\/checkout[\s\S]*mine here/)
})

it('finds the files of a push for workflows that name paths', async () => {
  lab = await runnerLab({ git: true })
  const before = lab.commit({
    '.github/workflows/ci.yml': `on: { push: { paths: ['stacks/**'] } }\njobs: { a: { runs-on: x, steps: [{ run: 'true' }] } }`,
  })
  const readme = lab.commit({ 'README.md': 'x' })
  expect(await lab.tell({ event: 'push', sha: readme, payload: { before, after: readme } })).toEqual([])
  const stack = lab.commit({ 'stacks/a.yaml': 'x' })
  expect(await lab.tell({ event: 'push', sha: stack, payload: { before: readme, after: stack } })).toHaveLength(1)
  expect(lab.runner.problems()).toEqual([])
})

it('leaves nothing of a job on disk but artifacts and caches', async () => {
  lab = await runnerLab()
  const { log } = await steps(`      - run: echo "$RUNNER_TEMP"; touch "$TMPDIR/left"`)
  const temp = /^\/.*_temp$/m.exec(log)?.[0]
  expect(existsSync(String(temp))).toBe(false)
})
