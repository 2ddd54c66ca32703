import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { nodeMachine } from '../../machine/drivers/node.ts'
import { endProviders } from './providers.ts'

const started: number[] = []
afterAll(() => {
  for (const pid of started)
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
})

test.skipIf(process.platform !== 'linux')(
  'of what a killed Terraform has left in its process group, its providers are ended, and nothing else',
  async () => {
    const script = 'TF_PLUGIN_MAGIC_COOKIE=d602 sleep 60 & echo $!; sleep 60 & echo $!; wait'
    const start = async () => {
      const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const [provider, command] = [Number((await lines.next()).value), Number((await lines.next()).value)]
      started.push(child.pid!, provider, command)
      return { child, provider, command }
    }
    const [killed, other] = [await start(), await start()]
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')
    const running = (pid: number) => nodeMachine().process(pid) !== undefined
    // Until `sleep` has been started, its process still has the environment of the shell.
    await expect
      .poll(async () => {
        await endProviders(killed.child.pid!)
        return running(killed.provider)
      })
      .toBe(false)
    expect([killed.command, other.provider, other.command].map(running)).toEqual([true, true, true])
  },
)
