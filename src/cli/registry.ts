import type { Command } from './command.ts'

/** A command as the list shows it; its code is loaded only when it runs. */
export interface Entry {
  readonly name: string
  readonly summary: string
  readonly group: 'The main job' | 'Look' | 'As Atmos answers' | 'This machine'
  load(): Promise<Command>
}

/** Every command, in the order of help. */
export const entries: readonly Entry[] = [
  {
    name: 'affected',
    summary: 'Which instances a change touches, and why',
    group: 'The main job',
    load: async () => (await import('./affected.ts')).command,
  },
  {
    name: 'plan',
    summary: 'Plan what a branch changes, seal the plans and keep them',
    group: 'The main job',
    load: async () => (await import('./plan.ts')).command,
  },
  {
    name: 'status',
    summary: 'What was merged and is not applied yet, and what it waits for',
    group: 'The main job',
    load: async () => (await import('./status.ts')).command,
  },
  {
    name: 'approve',
    summary: 'Say yes to plans, in your name',
    group: 'The main job',
    load: async () => (await import('./approve.ts')).command,
  },
  {
    name: 'reject',
    summary: 'Say no to a plan, in your name',
    group: 'The main job',
    load: async () => (await import('./reject.ts')).command,
  },
  {
    name: 'apply',
    summary: 'Apply what is in flight and approved, in order, once',
    group: 'The main job',
    load: async () => (await import('./apply.ts')).command,
  },
  {
    name: 'adopt',
    summary: 'Take over an estate that was applied without Airlock',
    group: 'The main job',
    load: async () => (await import('./adopt.ts')).command,
  },
  {
    name: 'drift',
    summary: 'What is not as it was applied, and why; put it back',
    group: 'The main job',
    load: async () => (await import('./drift.ts')).command,
  },
  {
    name: 'gate',
    summary: 'Whether a branch may be merged, and what keeps it',
    group: 'The main job',
    load: async () => (await import('./gate.ts')).command,
  },
  {
    name: 'up',
    summary: 'Plan, approve and apply a whole stack, in order',
    group: 'The main job',
    load: async () => (await import('./up.ts')).command,
  },
  {
    name: 'run',
    summary: 'Run an Atmos workflow file, resumable at each step',
    group: 'The main job',
    load: async () => (await import('./run-workflow.ts')).command,
  },
  {
    name: 'show',
    summary: 'The stored plan of one instance, and what was applied last',
    group: 'Look',
    load: async () => (await import('./show.ts')).command,
  },
  {
    name: 'unlock',
    summary: 'Release a claim whose process is gone',
    group: 'The main job',
    load: async () => (await import('./unlock.ts')).command,
  },
  {
    name: 'recover',
    summary: 'Push the state that an apply could not store, or do without it',
    group: 'The main job',
    load: async () => (await import('./recover.ts')).command,
  },
  {
    name: 'explain',
    summary: 'Where each value of an instance comes from',
    group: 'Look',
    load: async () => (await import('./explain.ts')).command,
  },
  {
    name: 'dashboard',
    summary: 'One page of all there is: what needs a person, the estate, its history',
    group: 'Look',
    load: async () => (await import('./dashboard.ts')).command,
  },
  {
    name: 'describe stacks',
    summary: 'All stacks and their components, as Atmos prints them',
    group: 'As Atmos answers',
    load: async () => (await import('./describe-stacks.ts')).command,
  },
  {
    name: 'describe component',
    summary: 'One component of a stack, as Atmos prints it',
    group: 'As Atmos answers',
    load: async () => (await import('./describe-component.ts')).command,
  },
  {
    name: 'describe affected',
    summary: 'What a change affects, as Atmos prints it',
    group: 'As Atmos answers',
    load: async () => (await import('./describe-affected.ts')).command,
  },
  {
    name: 'describe dependents',
    summary: 'What depends on a component, as Atmos prints it',
    group: 'As Atmos answers',
    load: async () => (await import('./describe-dependents.ts')).command,
  },
  {
    name: 'validate stacks',
    summary: 'Check every manifest, as Atmos does',
    group: 'As Atmos answers',
    load: async () => (await import('./validate-stacks.ts')).command,
  },
  {
    name: 'compare',
    summary: 'Ask your own Atmos the same, and show every difference',
    group: 'As Atmos answers',
    load: async () => (await import('./compare.ts')).command,
  },
  {
    name: 'store provision',
    summary: 'Make the bucket of a store and its roles, or print how',
    group: 'This machine',
    load: async () => (await import('./store-provision.ts')).command,
  },
  {
    name: 'store keygen',
    summary: 'Make the keys that sealed plans are encrypted with',
    group: 'This machine',
    load: async () => (await import('./store-keygen.ts')).command,
  },
  {
    name: 'demo',
    summary: 'See a change go from a branch to applied, with real Git and Terraform',
    group: 'This machine',
    load: async () => (await import('./demo.ts')).command,
  },
  {
    name: 'init',
    summary: 'Write the workflow for GitHub Actions, and say what else there is to do',
    group: 'This machine',
    load: async () => (await import('./init.ts')).command,
  },
  {
    name: 'doctor',
    summary: 'What is found on this machine, and what is missing',
    group: 'This machine',
    load: async () => (await import('./doctor.ts')).command,
  },
]

/** Entries whose name begins with `group `: the commands of `airlock describe`. */
export function members(all: readonly Entry[], group: string): readonly Entry[] {
  return all.filter(({ name }) => name.startsWith(`${group} `))
}
