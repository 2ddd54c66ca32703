import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import type { Ask, Reply } from '../stacks/answers.ts'
import type { InstanceId } from '../stacks/instance.ts'
import type { StateRef } from '../terraform/states.ts'
import { answering, type LateDoors } from './answer-late.ts'

const of = 'vpc@dev' as InstanceId
const ref = {} as StateRef

function doors(state: string | undefined): LateDoors & { readonly lines: readonly string[] } {
  const lines: string[] = []
  return {
    lines,
    states: { text: async () => state },
    shell: {
      run: async ({ line }) => {
        lines.push(line)
        return { kind: 'exited', code: 0, output: 'done', durationMs: 1 }
      },
    },
    folder: '/repo',
    env: {},
  }
}

const textOf = (reply: Reply) => (reply.kind === 'text' ? reply.text : '')
const dirOf = (reply: Reply) => (reply.kind === 'outputs' ? String(reply.outputs.dir?.value) : '')

test('a command never runs with what stands for an answer that is not there yet', async () => {
  const world = doors('{"outputs": {"dir": {"value": "cache"}}}')
  const question = async (ask: Ask) => {
    const dir = dirOf(ask({ kind: 'outputs', of, ref }))
    const first = textOf(ask({ kind: 'command', line: `rm -r /${dir}` }))
    return textOf(ask({ kind: 'command', line: `echo ${first}` }))
  }
  expect(await answering(world, question)).toBe('done')
  expect(world.lines).toEqual(['(\nrm -r /cache\n) 2>/dev/null', '(\necho done\n) 2>/dev/null'])
})

test('an error that comes of what is open does not count', async () => {
  const question = async (ask: Ask) => {
    const reply = ask({ kind: 'outputs', of, ref })
    if (reply.kind === 'open') throw new UserError({ code: 'output-path-invalid', message: 'nothing is there' })
    return dirOf(reply)
  }
  expect(await answering(doors('{"outputs": {"dir": {"value": "cache"}}}'), question)).toBe('cache')
})
