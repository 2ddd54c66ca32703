import { expect, test } from 'vitest'
import { remoteIdentity } from './remote.ts'

test.each([
  'git@github.com:acme/infra.git',
  'github.com:acme/infra',
  'ssh://git@github.com/acme/infra.git',
  'ssh://git@ssh.github.com:443/acme/infra.git',
  'https://github.com/acme/infra',
  'https://x-access-token:s3cret@github.com/Acme/Infra.git/',
  'git://GitHub.com/acme/infra',
])('%s is the one repository', (url) => {
  expect(remoteIdentity(url)).toBe('github.com/acme/infra')
})

test.each(['/srv/git/infra', '../infra', 'file:///srv/git/infra.git', 'C:\\work\\infra', 'infra'])(
  '%s is only on this machine',
  (url) => {
    expect(remoteIdentity(url)).toBeUndefined()
  },
)
