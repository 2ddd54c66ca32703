import type { Subject } from '../affected/subject.ts'
import { type Attempt, GONE, type Target } from '../records/document.ts'
import type { CommitCheckout } from './checkout.ts'

/**
 * What is asked of one state address: an instance as some commit has it, and what it is to become. For a removal that is
 * the instance as it was applied last, at the commit that the ledger names.
 */
export interface Task {
  readonly subject: Subject
  /** Where the instance resolves: its files, its configuration, the instances that it reads. */
  readonly at: CommitCheckout
  readonly target: Target
  readonly action: Attempt['action']
}

/** The usual task: an instance is to become what a commit says. */
export function taskAt(at: CommitCheckout, subject: Subject): Task {
  return { subject, at, target: subject.fingerprint, action: 'apply' }
}

/** How Terraform plans a task. */
export function planMode({ target }: Pick<Task, 'target'>): 'normal' | 'destroy' {
  return target === GONE ? 'destroy' : 'normal'
}
