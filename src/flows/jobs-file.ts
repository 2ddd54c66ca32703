import { UserError } from '../error.ts'
import type { CommitId } from '../git/repo.ts'
import { count, type Decoder, listOf, mapOf, object, oneOf, optional, text } from '../records/decode.ts'
import { encodeRecord, parseRecord } from '../records/format.ts'
import type { InstanceId } from '../stacks/instance.ts'
import { commitOf } from './checkout.ts'
import type { World } from './world.ts'

/** Which instances each plan job of a run works on, as `affected` found it. A file, since it grows with the estate. */
export interface JobsFile {
  readonly format: 1
  /** Names the run in records. */
  readonly run: string
  /** The commit that is planned; with `onto` it is planned as merged with that. */
  readonly head: CommitId
  readonly onto?: CommitId
  /** What it is compared with; left out on the protected branch itself. */
  readonly base?: CommitId
  readonly branch?: string
  readonly pullRequest?: number
  readonly jobs: readonly JobPlan[]
  /** Instances to be destroyed, with the commit that they are planned at, and their name there. */
  readonly removed: Readonly<Record<string, { readonly commit: CommitId; readonly name: InstanceId }>>
  /** On the protected branch: the merged pull requests that a plan would bring to reality. */
  readonly merged: Readonly<Record<string, readonly number[]>>
  /** Instances that are planned only when somebody asks, since there are so many. */
  readonly later: readonly InstanceId[]
  /** Instances that have a plan of this head that counts, so that none is made. */
  readonly kept: readonly InstanceId[]
}

/** One job of the matrix. */
export interface JobPlan {
  readonly name: string
  readonly ids: readonly InstanceId[]
}

const id = text as Decoder<never>

const jobsFile = object<JobsFile>({
  format: oneOf(1),
  run: text,
  head: id,
  onto: optional(id),
  base: optional(id),
  branch: optional(text),
  pullRequest: optional(count),
  jobs: listOf(object<JobPlan>({ name: text, ids: listOf(id) })),
  removed: mapOf(object<JobsFile['removed'][string]>({ commit: id, name: id })),
  merged: mapOf(listOf(count)),
  later: listOf(id),
  kept: listOf(id),
})

/** The file as `affected` wrote it. @throws UserError `record-unreadable`, `record-newer` */
export function parseJobsFile(bytes: Uint8Array): JobsFile {
  return parseRecord(jobsFile, bytes, 'jobs.json')
}

/** The file's bytes. */
export function encodeJobsFile(file: JobsFile): Uint8Array {
  return encodeRecord(file)
}

/** The commit that the jobs plan, made anew where it is a merge: no branch brings it here. */
export async function plannedCommit({ repo }: Pick<World, 'repo'>, { head, onto }: JobsFile): Promise<CommitId> {
  const at = await commitOf({ repo }, head)
  const merged = onto && (await repo.mergeCommit(onto, at))
  return merged ?? at
}

/** One job of the file, by its number in the matrix. @throws UserError `job-unknown` */
export function jobOfFile({ jobs }: JobsFile, number: string): JobPlan {
  const job = /^\d+$/.test(number) ? jobs[Number(number)] : undefined
  if (job !== undefined) return job
  throw new UserError({
    code: 'job-unknown',
    message: `the run has ${jobs.length} plan ${jobs.length === 1 ? 'job' : 'jobs'}, and none is number ${number === '' ? '(none given)' : number}`,
    fix: 'pass the number that the matrix gives: job: ${{ matrix.job }}',
    exit: 2,
  })
}
