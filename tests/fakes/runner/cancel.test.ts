import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { FakeRun } from '../github/hub.ts'
import { type RunnerLab, runnerLab } from './lab.ts'

let lab: RunnerLab
beforeEach(async () => {
  lab = await runnerLab({ timing: { interruptMs: 150, terminateMs: 150, cleanupMs: 20_000, minuteMs: 1_000 } })
})
afterEach(async () => await lab.close())

/** Starts a run, and waits until a step of it has made the file `there`. */
async function started(steps: string, more = ''): Promise<FakeRun> {
  const text = `on: push\njobs:\n  a:\n    runs-on: x\n${more}\n    steps:\n${steps.replaceAll('THERE', `${lab.folder}/there`)}`
  lab.commit({ '.github/workflows/ci.yml': text })
  lab.send({ event: 'push' })
  while (!existsSync(`${lab.folder}/there`)) await setTimeout(5)
  return lab.runner.runs()[0]!
}

it('interrupts the step that runs, and then runs those that always do', async () => {
  const run = await started(`
      - run: |
          exec node -e "process.on('SIGINT', () => { console.log('asked to stop'); process.exit(0) }); require('fs').writeFileSync('THERE', ''); setTimeout(() => {}, 60000)"
      - run: echo never
      - { run: 'echo "cleaned, \${{ job.status }}"', if: always() }
      - { run: echo was cancelled, if: cancelled() }
`)
  lab.runner.cancel(run)
  await lab.runner.idle()
  const { log, conclusion } = lab.job(run, 'a')
  expect(log).toMatch(/asked to stop[\s\S]*The operation was canceled.[\s\S]*cleaned, cancelled[\s\S]*\nwas cancelled/)
  expect(log).not.toContain('\nnever')
  expect([conclusion, run.conclusion]).toEqual(['cancelled', 'cancelled'])
})

it('asks twice, then kills all that descends from the step', async () => {
  const run = await started(`
      - run: |
          exec node -e "for (const it of ['SIGINT', 'SIGTERM']) process.on(it, () => console.log(it)); require('child_process').spawn('sleep', ['60'], { stdio: 'ignore' }); require('fs').writeFileSync('THERE', ''); setTimeout(() => {}, 60000)"
`)
  lab.runner.cancel(run)
  await lab.runner.idle()
  expect(lab.job(run, 'a').log).toContain('SIGINT\nSIGTERM\n')
  expect(run.conclusion).toBe('cancelled')
})

it('leaves a step alone whose condition still holds, and what was detached from a step before', async () => {
  const run = await started(`
      - run: |
          node -e "require('child_process').spawn('sh', ['-c', 'sleep 0.3; echo done > THERE.done'], { detached: true, stdio: 'ignore' }).unref()"
      - if: always()
        run: |
          touch THERE
          until test -e THERE.done; do sleep 0.02; done; cat THERE.done; echo waited
`)
  lab.runner.cancel(run)
  await lab.runner.idle()
  expect(lab.job(run, 'a').log).toContain('done\nwaited\n')
  expect(run.conclusion).toBe('cancelled')
})

it('gives up on steps that always run after five minutes', async () => {
  await lab.close()
  lab = await runnerLab({ timing: { interruptMs: 50, terminateMs: 50, cleanupMs: 100 } })
  const run = await started(`
      - { run: touch THERE; exec sleep 60, if: always() }
      - { run: echo never, if: always() }
`)
  lab.runner.cancel(run)
  await lab.runner.idle()
  expect(lab.job(run, 'a').log).not.toContain('\nnever')
  expect(run.conclusion).toBe('cancelled')
})

it('takes a machine away: nothing goes on, not even what was detached, and the run fails', async () => {
  const run = await started(`
      - run: |
          node -e "require('child_process').spawn('sh', ['-c', 'sleep 0.3; echo done > THERE.done'], { detached: true, stdio: 'ignore', env: {} }).unref()"
          touch THERE; exec sleep 60
      - { run: echo never, if: always() }
`)
  lab.runner.kill(lab.job(run, 'a'))
  await lab.runner.idle()
  await setTimeout(400)
  expect(existsSync(`${lab.folder}/there.done`)).toBe(false)
  expect(lab.job(run, 'a').log).not.toContain('\nnever')
  expect(lab.job(run, 'a').annotations.at(-1)?.message).toContain('lost communication')
  expect(run.conclusion).toBe('failure')
})

it('ends a step after its minutes as failed, and a job after its minutes as cancelled', async () => {
  const run = await started(
    `
      - { run: exec sleep 60, timeout-minutes: 0.1, continue-on-error: true }
      - run: touch THERE; exec sleep 60
      - { run: echo cleaned, if: always() }
`,
    '    timeout-minutes: 1',
  )
  await lab.runner.idle()
  expect(lab.job(run, 'a').log).toContain('\ncleaned')
  expect(lab.job(run, 'a').annotations.at(-1)?.message).toContain('maximum execution time of 1m')
  expect(run.conclusion).toBe('cancelled')
})

it('does not start jobs of a cancelled run, but those that always run', async () => {
  const run = await started(`
      - run: touch THERE; exec sleep 60
  b: { needs: a, runs-on: x, steps: [{ run: 'true' }] }
  c: { needs: a, if: always(), runs-on: x, steps: [{ run: 'true' }] }
  d: { needs: a, if: '!cancelled()', runs-on: x, steps: [{ run: 'true' }] }
`)
  lab.runner.cancel(run)
  await lab.runner.idle()
  expect(run.jobs.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ['a', 'cancelled'],
    ['b', 'skipped'],
    ['c', 'success'],
    ['d', 'skipped'],
  ])
})
