import { afterAll, beforeAll, expect, test } from 'vitest'
import { sceneNamed, type Theatre, theatre } from '../src/testkit/demo/theatre.ts'
import { recordedTerminal } from '../src/testkit/terminal.ts'

// The demo's scenes check every exit code themselves; here it is checked what they show. They build on each other.
const terminal = recordedTerminal({ env: process.env, width: 120 })
let house: Theatre

beforeAll(() => {
  house = theatre(terminal)
})
afterAll(() => house.close())

const play = async (name: string): Promise<string> => {
  const before = terminal.printed().length
  await house.play(sceneNamed(name))
  return terminal.printed().slice(before)
}

test('the first commit is planned, approved and applied; what reads an unapplied output is deferred', async () => {
  const shown = await play('estate')
  expect(shown).toContain('12 instances are planned at once')
  expect(shown).toContain('6 are deferred')
  expect(shown).toContain('18 of 18, nothing in flight')
}, 240_000)

test('affected names the changed instances with place and both values, and those that read them', async () => {
  const shown = await play('affected')
  expect(shown).toContain('2 instances changed, 4 may change because they read them')
  expect(shown).toMatch(/vpc +-s plat-ue1-dev +update +vars\.address_range +10\.16\.0\.0\/12 → 10\.64\.0\.0\/12/)
  expect(shown).toContain('stacks/mixins/stage/dev.yaml:10:24')
  expect(shown).toMatch(/app +-s plat-ue2-dev +may +vars\.cluster_endpoint +reads cluster endpoint, which may move/)
})

test('a plan uses what the plan before it knows, and is provisional where only an apply will tell', async () => {
  const shown = await play('plan')
  expect(shown).toContain('reads !terraform.state vpc cidr (as planned in this run)')
  expect(shown).toContain('app in plat-ue2-dev: 1 to change, provisional')
  expect(shown).toContain('reads !terraform.state cluster endpoint (from state)')
}, 120_000)

test('a squash merge is in flight since its pull request', async () => {
  const shown = await play('merge')
  expect(shown).toMatch(/In flight: 2 of 18 instances +since the merge of #41/)
  expect(shown).toMatch(/cluster +-s plat-ue1-dev +follows vpc/)
})

test('what was approved is applied in order, and a plan that came out otherwise waits', async () => {
  const shown = await play('apply')
  expect(shown).toContain('5 of 6 done')
  expect(shown).toMatch(/app +-s plat-ue1-dev +applied: 1 to change, planned again: as approved/)
  expect(shown).toMatch(/app +-s plat-ue2-dev +planned again: another plan than approved, waits/)
  expect(shown).toContain('"https://10.18.0.10:6443" → "https://10.66.0.10:6443"')
  expect(shown).toContain('Nothing is in flight: all 18 instances are as main@')
}, 240_000)

test('a changed byte and a moved state are refused with who, when and what to do', async () => {
  const shown = await play('tampered')
  expect(shown).toContain('Refused: the sealed plan of vpc in plat-ue1-staging was changed after it was sealed.')
  expect(shown).toMatch(/sealed +sha256 [0-9a-f]{4}… +by Ann Example, run local-[0-9a-f]{8}, at \d\d:\d\d UTC/)
  expect(shown).toMatch(
    /Refused: the state of vpc in plat-ue2-staging has moved since its plan was made .* found serial \d+/,
  )
  expect(shown).toMatch(/vpc +-s plat-ue1-staging +must be planned again: its sealed plan is broken/)
  expect(shown).toMatch(/vpc +-s plat-ue2-staging +must be planned again: the state has moved/)
}, 240_000)
