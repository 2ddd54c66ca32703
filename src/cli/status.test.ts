import { expect, test } from 'vitest'
import { isOpen, status } from '../flows/status.ts'
import { flowLab, labFiles } from '../testkit/flow-lab.ts'
import { statusText } from './status.ts'
import { paint } from './style.ts'

const estate = (more: string) =>
  labFiles(['vpc', 'db'], {
    dev: `components:\n  terraform:\n    vpc:\n      vars: { size: 1 }\n${more}`,
  }) as Record<string, string>
const db = (more = '') => `    db:\n${more}      vars: { size: 1 }\n`

async function applied() {
  const lab = flowLab(estate(db()))
  await lab.plan()
  await lab.approve()
  await lab.apply()
  return lab
}

test('a removed instance is in flight until it is destroyed', async () => {
  const lab = await applied()
  lab.commit(estate(''))
  const outcome = await status(lab.world)
  expect(outcome.items.some(isOpen)).toBe(true)
  expect(statusText(outcome, paint(false))).toMatch(
    /db +-s dev +removed, to be destroyed ⚠: waits for a plan\n\nNext: airlock plan db -s dev/,
  )
})

test('a disabled instance is told of, and keeps nothing in flight', async () => {
  const lab = await applied()
  lab.commit(estate(db('      metadata: { enabled: false }\n')))
  const outcome = await status(lab.world)
  expect(outcome.items.some(isOpen)).toBe(false)
  const text = statusText(outcome, paint(false))
  expect(text).toMatch(/^Nothing is in flight: all 1 instances are as main@[0-9a-f]{7} asks\.\n/)
  expect(text).toMatch(/db +-s dev +absent: it is disabled now \(metadata\.enabled: false\); nothing is destroyed/)
})
