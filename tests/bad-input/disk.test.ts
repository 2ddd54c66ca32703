import { describe, expect, test } from 'vitest'
import type { World } from '../../src/flows/world.ts'
import { type Fault, faultyFiles } from '../../src/store/drivers/faulty-files.ts'
import { applies, apply, approve, complaint, finish, lab, plan, whole } from './lab.ts'

/** A disk that fills up or becomes read-only stays so; a broken one fails once, before, in, or after a write. */
const faults: readonly (Fault & { readonly lasting: boolean })[] = [
  { code: 'ENOSPC', when: 'middle', lasting: true },
  { code: 'EROFS', when: 'before', lasting: true },
  { code: 'EIO', when: 'before', lasting: false },
  { code: 'EIO', when: 'after', lasting: false },
]

interface Step {
  readonly name: string
  readonly before: readonly ((world: World) => Promise<unknown>)[]
  readonly work: (world: World) => Promise<unknown>
  /** What an instance waits for when the work was not done. */
  readonly waits: readonly string[]
}

const steps: readonly Step[] = [
  { name: 'plan', before: [], work: plan, waits: ['plan'] },
  { name: 'approve', before: [plan], work: approve, waits: ['approval'] },
  { name: 'apply', before: [plan, approve], work: apply, waits: ['apply'] },
]

async function prepared({ before }: Step) {
  const it = lab()
  for (const work of before) await work(it.world())
  return it
}

async function writes(step: Step): Promise<number> {
  const it = await prepared(step)
  const counting = faultyFiles(it.files, { code: 'none', when: 'before', at: 0 })
  await step.work(it.world({ files: counting.files }))
  return counting.count()
}

describe.each(steps)('$name', (step) => {
  test.each(faults)('finishes after $code ($when a write, lasting: $lasting) at every write', async (fault) => {
    const all = await writes(step)
    expect(all).toBeGreaterThan(20)
    for (let at = 1; at <= all; at++) {
      const it = await prepared(step)
      const faulty = faultyFiles(it.files, { ...fault, at })
      const said = await complaint(step.work(it.world({ files: faulty.files })))
      if (said !== undefined) {
        expect(said).toContain(`${fault.code}: injected at call`)
        expect(said).toContain('could not be written in the store')
        expect(said).toContain('then run again')
      }
      await whole(it.world())
      const did = await finish(it)
      // Silence is success: what was not complained of is done.
      if (said === undefined) expect([at, did.filter((it) => step.waits.includes(it))]).toEqual([at, []])
      expect([at, applies(it), did]).toEqual([at, 1, did])
      await plan(it.world())
      expect(await it.world().store.list('inbox/')).toEqual([])
      await whole(it.world())
    }
  })
})
