import { goText } from './go-value.ts'
import type { Value } from './value.ts'

/** The values of an `env` section as Go prints them, which is how they reach a process; null stays null. */
export function envTexts(env: Value | undefined): Record<string, string | null> {
  if (env?.kind !== 'map') return {}
  const texts = [...env.entries].map(([name, value]): [string, string | null] => [
    name,
    value.kind === 'scalar' && value.value === null ? null : goText(value),
  ])
  return Object.fromEntries(texts)
}
