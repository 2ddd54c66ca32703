import { unknown } from './cty.ts'
import { foreseeId, objectId, type Resource } from './resource.ts'

/** A file of any content, which can be told to fail or to take its time: for tests. */
export const file: Resource = {
  attributes: {
    name: { type: 'string', set: 'required', replaces: true, description: 'Name of the file, unique in the cloud.' },
    content: { type: ['map', 'string'], set: 'optional', description: 'Whatever it is to hold.' },
    fail_on: { type: 'string', set: 'optional', description: 'Operation that fails: create, update or delete.' },
    delay_ms: { type: 'number', set: 'optional', description: 'Time that each operation takes at least.' },
    id: { type: 'string', set: 'computed', description: 'Given by the cloud: fil-4f1c09ab.' },
    version: { type: 'number', set: 'computed', description: 'Counts the changes; known only after apply.' },
  },
  foresee: (_, prior) => ({ ...foreseeId(prior), version: unknown }),
  settle: (wanted, prior) => ({
    id: prior?.id ?? objectId('fil', String(wanted.name)),
    version: Number(prior?.version ?? 0) + 1,
  }),
}

/**
 * A secret kept by a careless provider: besides the attribute that it marks as sensitive, it shows the same text, or that
 * of an environment variable, in one that it does not mark. For tests of redaction.
 */
export function secret(environment: Readonly<Record<string, string | undefined>>): Resource {
  return {
    attributes: {
      name: {
        type: 'string',
        set: 'required',
        replaces: true,
        description: 'Name of the secret, unique in the cloud.',
      },
      value: { type: 'string', set: 'optional', sensitive: true, description: 'The secret.' },
      from_env: { type: 'string', set: 'optional', description: 'Environment variable that holds the secret instead.' },
      id: { type: 'string', set: 'computed', description: 'Given by the cloud: sec-4f1c09ab.' },
      token: { type: 'string', set: 'computed', sensitive: true, description: 'Another secret, made from the first.' },
      echo: { type: 'string', set: 'computed', description: 'The secret again, not marked as one.' },
    },
    foresee: (wanted, prior) => ({
      ...foreseeId(prior),
      token: unknown,
      echo: echo(wanted.value, wanted.from_env),
    }),
    settle: (wanted, prior) => {
      const text = echo(wanted.value, wanted.from_env)
      return {
        id: prior?.id ?? objectId('sec', String(wanted.name)),
        token: `token-of-${String(text)}`,
        echo: text,
      }
    },
  }

  function echo(value: unknown, variable: unknown): string | null | typeof unknown {
    if (value === unknown || variable === unknown) return unknown
    return typeof variable === 'string' ? (environment[variable] ?? null) : typeof value === 'string' ? value : null
  }
}
