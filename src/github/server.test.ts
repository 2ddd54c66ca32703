import { expect, test } from 'vitest'
import { located } from './server.ts'

const repository = { owner: 'acme', name: 'infra' }

test('github.com and ghe.com are known, another host only where the environment names it', () => {
  expect(located('github.com/acme/infra', {})).toEqual({
    repository,
    serverUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
  })
  expect(located('acme.ghe.com/acme/infra', {})?.apiUrl).toBe('https://api.acme.ghe.com')
  expect(located('git.acme.test/acme/infra', {})).toBeUndefined()
  expect(located('git.acme.test/acme/infra', { GH_HOST: 'git.acme.test' })?.apiUrl).toBe('https://git.acme.test/api/v3')
})

test('what the runner says of its server holds for that server only', () => {
  const env = { GITHUB_SERVER_URL: 'http://127.0.0.1:4711', GITHUB_API_URL: 'http://127.0.0.1:4711/api' }
  expect(located('127.0.0.1/acme/infra', env)).toEqual({
    repository,
    serverUrl: 'http://127.0.0.1:4711',
    apiUrl: 'http://127.0.0.1:4711/api',
  })
  expect(located('github.com/acme/infra', env)?.apiUrl).toBe('https://api.github.com')
})

test('a path that is no owner and name is no repository there', () => {
  expect(located('github.com/acme', {})).toBeUndefined()
  expect(located('github.com/a/b/c', {})).toBeUndefined()
})
