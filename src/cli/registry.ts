import type { Command } from './command.ts'

/** A command as the list shows it; its code is loaded only when it runs. */
export interface Entry {
  readonly name: string
  readonly summary: string
  readonly group: 'Look' | 'As Atmos answers' | 'This machine'
  load(): Promise<Command>
}

/** Every command, in the order of help. */
export const entries: readonly Entry[] = [
  {
    name: 'affected',
    summary: 'Which instances a change touches, and why',
    group: 'Look',
    load: async () => (await import('./affected.ts')).command,
  },
]

/** Entries whose name begins with `group `: the commands of `airlock describe`. */
export function members(all: readonly Entry[], group: string): readonly Entry[] {
  return all.filter(({ name }) => name.startsWith(`${group} `))
}
