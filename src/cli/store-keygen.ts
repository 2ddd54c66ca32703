import { newStoreKeys } from '../wire/store.ts'
import type { Command } from './command.ts'

export const command: Command = {
  name: 'store keygen',
  summary: 'Make the keys that sealed plans are encrypted with',
  usage: 'airlock store keygen [--json]',
  description:
    'Prints a new pair of age keys and a key for hashes, and what to do with each. Nothing\n' +
    'is stored: what is printed is the only copy. To replace a pair, add the new recipient\n' +
    'and keep the old identity, as a second line of its secret, until no plan is left that\n' +
    'was sealed to it.',
  examples: [{ command: 'airlock store keygen', does: 'a new pair, once for a repository' }],
  flags: [],
  positional: [],
  async run({ flags }, terminal) {
    const keys = await newStoreKeys()
    terminal.print(flags.json ? JSON.stringify(keys, undefined, 2) : keysText(keys))
    return 0
  },
}

/** The keys, each with the place that it belongs to. */
export function keysText({ identity, recipient, readsKey }: Awaited<ReturnType<typeof newStoreKeys>>): string {
  return [
    'Recipient: not secret. Plans are encrypted to it. Into atmos.yaml, on the protected branch:',
    '',
    '  integrations:',
    '    airlock:',
    '      recipients:',
    `        - ${recipient}`,
    '',
    'Identity: secret. Opens sealed plans. Into the environments that apply, and nowhere else:',
    '',
    `  ${identity}`,
    '',
    '  gh secret set AIRLOCK_AGE_IDENTITY --env prod-apply        (and so for every <environment>-apply)',
    '',
    'Reads key: secret. Tells whether a value that was read is the same, without telling the value. For the repository:',
    '',
    `  ${readsKey}`,
    '',
    '  gh secret set AIRLOCK_READS_KEY',
    '',
    'Keep both secrets where the team keeps its secrets: GitHub does not give them back.',
  ].join('\n')
}
