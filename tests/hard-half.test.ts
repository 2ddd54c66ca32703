import { afterAll, beforeAll, expect, test } from 'vitest'
import { sceneNamed, type Theatre, theatre } from '../src/testkit/demo/theatre.ts'
import { recordedTerminal } from '../src/testkit/terminal.ts'

// As in story.test.ts, the scenes check every exit code themselves; here it is checked what they show.
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
const patience = 600_000

test(
  'a failed apply holds up neither a fix nor a revert, and is not forgotten',
  async () => {
    const shown = await play('fix-and-revert')
    expect(shown).toMatch(/jobs +-s plat-ue1-dev +failed/)
    expect(shown).toContain('1 of 1 done')
    expect(shown).toMatch(/jobs +-s plat-ue1-dev .*attempt|failed half-way/)
    expect(shown).toMatch(/cluster +-s plat-ue1-dev +was rejected by Ann Example/)
  },
  patience,
)

test(
  'a killed apply is told apart, freed by a person, and finished without another approval',
  async () => {
    const shown = await play('killed')
    expect(shown).toContain('whose process is gone')
    expect(shown).toContain('Released: jobs -s plat-ue1-dev')
    expect(shown).toMatch(/jobs +-s plat-ue1-dev +applied: 2 to change, what was left of the approved plan/)
    expect(shown).toContain('Nothing is in flight: all 6 instances')
  },
  patience,
)

test(
  'what was removed by name is destroyed in reverse order, and what vanished is left alone',
  async () => {
    const shown = await play('removed')
    expect(shown).toMatch(/3 instances +-s plat-ue1-dev +absent: no pattern of atmos\.yaml takes in the manifest/)
    expect(shown).toMatch(/cluster +-s plat-ue2-dev +destroyed[\s\S]*vpc +-s plat-ue2-dev +destroyed/)
    expect(shown).toContain('cluster in plat-ue1-dev reads it   stacks/catalog/cluster.yaml:8:23')
    expect(shown).toContain('moved from jobs@plat-ue1-dev: it has the same state, nothing is destroyed')
    expect(shown).toMatch(/mv \S+\/terraform\.tfstate\.d\/plat-ue1-dev\/terraform\.tfstate/)
  },
  patience,
)

test(
  'an estate that plain Terraform applied is adopted: nothing is in flight, three are unknown and listed',
  async () => {
    const shown = await play('adoption')
    expect(shown).toContain('Adopted: 57 of 60 instances')
    expect(shown).toContain('Nothing is in flight: 57 of 60')
    expect(shown).toMatch(/bucket +-s acme-r0-prod +drifted: 1 to change/)
    expect(shown).toMatch(/zone +-s acme-r7-prod +never applied/)
  },
  patience,
)

test(
  'four kinds of drift are told apart, and one is put back once it is approved',
  async () => {
    const shown = await play('drift')
    for (const line of ['out-of-band +1', 'external data +1', 'unapplied commit +1', 'provider noise +1'])
      expect(shown).toMatch(new RegExp(line))
    expect(shown).toContain('| `folder_network.this` | `cidr` | `"10.18.0.0/16"` | `"10.99.0.0/16"` |')
    expect(shown).toContain('"kind":"drifted"')
    expect(shown).toMatch(/vpc +-s plat-ue2-dev +applied: 1 to change/)
  },
  patience,
)

test('of two changes to one instance the second waits, loses only the plan that moved, and is green again', async () => {
  const shown = await play('collision')
  expect(shown).toContain('#52 (newer-clusters) cannot be merged now into main@')
  expect(shown).toMatch(/✗ cluster in plat-ue1-dev is in flight since #51 by Ann Example, merged \d\d:\d\d UTC/)
  expect(shown).toMatch(/#52 \(newer-clusters\) may be merged into main@\w{7}: \d planned, nothing in the way/)
}, 400_000)

test('two merges before an apply are one plan that names both, and is approved again', async () => {
  const shown = await play('coalesced')
  expect(shown).toContain('for #51 and #52, one plan')
  expect(shown).toMatch(/Not what Ann Example approved .*; approved then → now:/)
  expect(shown).toMatch(/cluster +-s plat-ue1-dev +waits for approval/)
}, 400_000)

test(
  'the dashboard says what needs a person',
  async () => {
    expect(await play('dashboard')).toMatch(/Wrote \S+dashboard\.html/)
  },
  patience,
)

test(
  'a new stack comes up in order, and a workflow goes on where it failed',
  async () => {
    const shown = await play('whole-stack')
    expect(shown).toMatch(/✓ vpc +applied[\s\S]*✓ cluster +applied/)
    expect(shown).toContain('--from-step quiet')
    expect(shown).toContain('Nothing is in flight')
  },
  patience,
)
