import { UserError } from '../../error.ts'
import type { StateId } from '../terraform.ts'

/** What is told of a state: which it is, and its outputs. */
export interface PulledState {
  readonly id: StateId
  readonly outputs: Readonly<Record<string, unknown>>
}

/** What `terraform state pull` prints: the state file's format, version 4; without lineage where there is no state. */
export function parseState(text: string): PulledState | undefined {
  if (text.trim() === '') return undefined
  const state = parsed(text) as {
    readonly lineage: string
    readonly serial: number
    readonly outputs?: Readonly<Record<string, { readonly value: unknown }>>
  }
  if (state.lineage === '') return undefined
  return {
    id: { lineage: state.lineage, serial: state.serial },
    outputs: Object.fromEntries(Object.entries(state.outputs ?? {}).map(([name, { value }]) => [name, value])),
  }
}

/** JSON.parse quotes what it stumbled over, and a state holds secrets. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UserError({
      code: 'state-unreadable',
      message: 'terraform state pull printed something that is no JSON',
      fix: 'see what it prints in the component folder',
    })
  }
}
