import { expect, test } from 'vitest'
import type { Change } from '../affected/affected.ts'
import { fixturePlan, planned } from '../plan/fixtures/sample.ts'
import type { RedactedPlan } from '../plan/plan.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { annotationsOf } from './annotations.ts'

const at = (file: string, line: number) => ({ file, line, column: 9 })
const changed = (id: InstanceId, line: number, kind: Change['kind'] = 'update'): Change => ({
  id,
  kind,
  before: undefined,
  after: undefined,
  reasons: [
    {
      kind: 'value',
      path: ['vars', 'cidr'],
      before: '10.0.0.0/16',
      after: '10.4.0.0/16',
      at: at('stacks/prod.yaml', line),
    },
  ],
})
const nothing = { changes: [], plans: new Map<InstanceId, RedactedPlan>(), findings: [], owners: [] }

test('a line says once what it changes, for all instances', () => {
  const notes = annotationsOf({
    ...nothing,
    changes: [changed('vpc@prod-ue1', 4), changed('vpc@prod-ue2', 4), changed('dns@prod-ue2', 5)],
    plans: new Map([['vpc@prod-ue2', planned(fixturePlan('create')).plan]]),
  })
  expect(notes).toEqual([
    {
      path: 'stacks/prod.yaml',
      line: 4,
      level: 'notice',
      title: 'Airlock: changes 2 instances',
      message: 'vars.cidr 10.0.0.0/16 → 10.4.0.0/16\nvpc in prod-ue1: changed\nvpc in prod-ue2: 5 to add',
    },
    {
      path: 'stacks/prod.yaml',
      line: 5,
      level: 'notice',
      title: 'Airlock: changes dns in prod-ue2',
      message: 'vars.cidr 10.0.0.0/16 → 10.4.0.0/16\ndns in prod-ue2: changed',
    },
  ])
})

test('what destroys or replaces is a warning, and comes first', () => {
  const notes = annotationsOf({
    ...nothing,
    changes: [changed('a@prod', 1), changed('vpc@prod', 9)],
    plans: new Map([['vpc@prod', planned(fixturePlan('change')).plan]]),
  })
  expect(notes.map(({ line, level, title }) => [line, level, title])).toEqual([
    [9, 'warning', 'Airlock: changes vpc in prod, and destroys'],
    [1, 'notice', 'Airlock: changes a in prod'],
  ])
  expect(notes[0]?.message).toMatch(/vpc in prod: 1 to destroy, .* ⚠$/)
})

test('a file that changed is noted at its first line, one that was deleted nowhere', () => {
  const file = (path: string, change: 'modified' | 'deleted'): Change => ({
    ...changed('vpc@prod', 1),
    reasons: [{ kind: 'file', path, role: 'component', change }],
  })
  expect(
    annotationsOf({ ...nothing, changes: [file('components/vpc/main.tf', 'modified'), file('gone.tf', 'deleted')] }),
  ).toEqual([
    {
      path: 'components/vpc/main.tf',
      line: 1,
      level: 'notice',
      title: 'Airlock: changes vpc in prod',
      message: 'this file was modified\nvpc in prod: changed',
    },
  ])
})

test('what the stacks and CODEOWNERS have wrong is told at its place', () => {
  const notes = annotationsOf({
    ...nothing,
    findings: [
      { severity: 'warning', at: at('stacks/a.yaml', 2), message: 'w' },
      { severity: 'error', at: at('stacks/b.yaml', 3), message: 'e\u001b[31m' },
    ],
    owners: [{ file: 'CODEOWNERS', line: 1, column: 3, problem: '"x" is no owner' }],
  })
  expect(notes.map(({ path, line, column, level, message }) => [path, line, column, level, message])).toEqual([
    ['stacks/b.yaml', 3, 9, 'failure', 'e'],
    ['CODEOWNERS', 1, 3, 'warning', '"x" is no owner, so nobody can tell who owns what it should say'],
    ['stacks/a.yaml', 2, 9, 'warning', 'w'],
  ])
})

test('of many notes the last says how many are missing, and the order of the changes does not matter', () => {
  const changes = Array.from({ length: 80 }, (_, i) => changed(`vpc@s${i}`, i + 1))
  const notes = annotationsOf({ ...nothing, changes })
  expect(notes).toHaveLength(50)
  expect(notes.at(-1)).toMatchObject({ line: 50, title: '31 more lines' })
  expect(annotationsOf({ ...nothing, changes: changes.toReversed() })).toEqual(notes)
})

test('a line that changes very many instances counts most of them', () => {
  const [note] = annotationsOf({ ...nothing, changes: Array.from({ length: 5000 }, (_, i) => changed(`vpc@s${i}`, 4)) })
  expect(note?.title).toBe('Airlock: changes 5000 instances')
  expect(note?.message).toContain('and 4988 more instances')
})
