import { expect, test } from 'vitest'
import { githubContract } from '../github.contract.ts'
import { administered, onMemory } from './memory.testkit.ts'
import { memoryGitHub } from './memory.ts'

githubContract('memory', async () => {
  const github = administered()
  return { github, on: onMemory(github), robot: 'robot' }
})

test('says what was asked of it, and refuses what a test wants refused', async () => {
  const refused = new Error('no')
  const github = memoryGitHub({ refuses: (method) => (method === 'comments.create' ? refused : undefined) })
  const { number, head } = github.putPull({ title: 'Wider' })
  await github.statuses.set(head.commit, { context: 'airlock/gate', state: 'success', description: '' })
  await expect(github.comments.create(number, 'x')).rejects.toBe(refused)
  expect(github.calls.map(({ method }) => method)).toEqual(['statuses.set', 'comments.create'])
})

test('settings are for administrators, and protection is for who pays for it', async () => {
  const github = memoryGitHub({ plan: 'team' })
  const environment = { name: 'prod', reviewers: ['ben'], preventsSelfReview: false, branches: undefined }
  await expect(github.governance.setEnvironment(environment)).rejects.toMatchObject({ code: 'github-forbidden' })
  github.has.facts = { ...github.has.facts, admin: true }
  await expect(github.governance.setEnvironment(environment)).rejects.toMatchObject({ code: 'github-plan' })
  await github.governance.setEnvironment({ ...environment, reviewers: [] })
})
