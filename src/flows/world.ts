import type { Credentials } from '../credentials/credentials.ts'
import type { Repo } from '../git/repo.ts'
import type { GitHub } from '../github/github.ts'
import type { Machine } from '../machine/machine.ts'
import type { Shell } from '../machine/shell.ts'
import type { Journal } from '../records/journal.ts'
import type { Ambient } from '../stacks/ambient.ts'
import type { Store } from '../store/store.ts'
import type { Vault } from '../store/vault.ts'
import type { States } from '../terraform/states.ts'
import type { Terraform } from '../terraform/terraform.ts'

/** All that flows may ask of the world, each behind its port; `wire.ts` opens it. */
export interface World {
  readonly repo: Repo
  readonly store: Store
  /** The same store, with what a transaction needs besides it. */
  readonly journal: Journal
  readonly vault: Vault
  readonly terraform: Terraform
  readonly states: States
  readonly machine: Machine
  /** Runs what people wrote: policies, steps of workflows. */
  readonly shell: Shell
  /** What surrounds the repository and decides how its stacks resolve: environment, files outside. */
  readonly ambient: Ambient
  /** Takes the roles of instances; undefined: every process has what the environment has. */
  readonly credentials?: Credentials
  /** Which of an instance's roles are taken: `apply` only in a job that applies; undefined: `plan`. */
  readonly acts?: 'plan' | 'apply'
  /** The repository on GitHub, where a token for it is at hand. */
  readonly github?: GitHub
}

/** A world in which GitHub can be asked and told. */
export type GitHubWorld = World & { readonly github: GitHub }
