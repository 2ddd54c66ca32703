import { expect, test } from 'vitest'
import { type Plain, plain } from '../stacks/value.ts'
import { parseValue } from '../stacks/yaml/manifest.ts'
import { faultWords, fileFaults } from './check-file.ts'
import { workflowFile } from './workflow.ts'

const actions = { repository: 'acme/airlock', commit: 'a'.repeat(40), version: '0.1.0' }
const text = workflowFile({ kind: 'full', actions, branch: 'main', runsOn: ['ubuntu-latest'] })
const parsed = (it: string): Plain => plain(parseValue(it, 'airlock.yml')!)
const faults = (changed: string) => fileFaults(parsed(changed), parsed(text)).map(faultWords)

test('the file as it is written has no fault, nor has one with steps and variables of the team', () => {
  expect(faults(text)).toEqual([])
  expect(
    faults(
      text.replace('      - name: Plan\n', '      - name: Log in\n        uses: ./.github/login\n      - name: Plan\n'),
    ),
  ).toEqual([])
})

test('triggers, jobs and permissions that are missing are named, and permissions that are too wide', () => {
  const changed = text
    .replace('edited, ready_for_review, closed', 'ready_for_review')
    .replace(/ {2}merge_group:\n.*\n/, '')
    .replace(/ {6}id-token: write\n(?= {6}pull-requests: read)/, '')
    .replace(/( {2}plan:\n[\s\S]*?permissions:\n {6}contents: )read/, '$1write')
    .replace(/\n {2}# One static page[\s\S]*$/, '\n')
    .replace(/actions\/checkout@\S+/, 'actions/checkout@v7')
    .replace('name: airlock-drift', 'name: drift')
  expect(faults(changed)).toEqual([
    'is not run by pull_request (edited, closed)',
    'is not run by merge_group (checks_requested)',
    'affected lacks id-token: write',
    'plan need not have contents: write',
    'drift runs in drift, not in airlock-drift',
    'has no job dashboard',
    'actions/checkout@v7 is not a full commit: whoever owns it can change what runs',
  ])
})
