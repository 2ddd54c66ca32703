import { expect, test } from 'vitest'
import { vaultContract } from '../vault.contract.ts'
import { newTeamKeys, recipientVault, throwAwayVault } from './recipients.ts'

vaultContract('recipients', async () => {
  const { recipient, identity, readsKey } = await newTeamKeys()
  return recipientVault({ recipients: [recipient], identities: identity, readsKey })
})
vaultContract('throw away', async () => throwAwayVault())

const plain = new TextEncoder().encode('a plan')
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

test('a job with recipients alone encrypts, and cannot open what it made', async () => {
  const [ann, team] = [await newTeamKeys(), await newTeamKeys()]
  const recipients = [ann.recipient, team.recipient]
  const planJob = recipientVault({ recipients, identities: undefined, readsKey: team.readsKey })
  const hidden = await planJob.encrypt(plain)
  await expect(planJob.decrypt(hidden)).rejects.toMatchObject({ code: 'identity-missing' })
  for (const { identity } of [ann, team]) {
    const identities = `# key\n\n${identity}\n`
    expect(text(await recipientVault({ recipients, identities, readsKey: undefined }).decrypt(hidden))).toBe('a plan')
  }
})

test('a key that was replaced still opens what was sealed to it, as long as its line is kept', async () => {
  const [old, fresh] = [await newTeamKeys(), await newTeamKeys()]
  const sealed = await recipientVault({
    recipients: [old.recipient],
    identities: undefined,
    readsKey: undefined,
  }).encrypt(plain)
  const identities = `${fresh.identity}\n${old.identity}`
  const now = recipientVault({ recipients: [fresh.recipient], identities, readsKey: undefined })
  expect(text(await now.decrypt(sealed))).toBe('a plan')
})

test('what is missing or wrong is told without a secret', async () => {
  const { recipient, identity } = await newTeamKeys()
  const none = recipientVault({ recipients: [], identities: undefined, readsKey: undefined })
  await expect(none.encrypt(plain)).rejects.toMatchObject({ code: 'recipients-missing' })
  expect(() => none.hash('x')).toThrow(expect.objectContaining({ code: 'reads-key-missing' }))
  const swapped = recipientVault({ recipients: [identity], identities: recipient, readsKey: 'short' })
  const encrypting = await swapped.encrypt(plain).catch((error: unknown) => error)
  expect(encrypting).toMatchObject({ code: 'recipient-invalid' })
  expect(String(encrypting) + JSON.stringify(encrypting)).not.toContain(identity)
  await expect(swapped.decrypt(plain)).rejects.toMatchObject({ code: 'identity-invalid' })
  expect(() => swapped.hash('x')).toThrow('64 hex digits are expected')
})
