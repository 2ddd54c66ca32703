import { Octokit } from '@octokit/core'
import { type FakeGitHub, startGitHub } from './github.ts'
import type { Permissions } from './hub.ts'
import type { Limits } from './limits.ts'

/** A repository `acme/infra` of an organization with ann (admin), bob (writes), cat (reads), and eve, who may nothing. */
export interface Lab {
  readonly github: FakeGitHub
  readonly repository: string
  /** The real Octokit with a person's token. */
  as(login: string): Octokit
  /** The real Octokit with the token of a job of a run. */
  asJob(permissions: Permissions): Octokit
  with(token: string): Octokit
  /** Opens a pull request of one changed file. */
  pull(head: string, files?: Record<string, string>): Promise<number>
}

/** `owner` and `repo` of the lab's repository. */
export const at = { owner: 'acme', repo: 'infra' }

/** Where the lab's workflow lies, for labs that begin with `workflowFiles`. */
export const workflowPath = '.github/workflows/airlock.yml'

/** A workflow that can be dispatched, and one that cannot. */
export const workflowFiles = {
  [workflowPath]: `name: airlock
on:
  workflow_dispatch:
    inputs:
      task: { type: choice, options: [sweep, plan], default: sweep }
      pr: { type: string }
  pull_request:
jobs: {}
`,
  '.github/workflows/other.yml': 'on: push\njobs: {}\n',
}

/** Starts the lab. */
export async function lab(
  options: {
    readonly private?: boolean
    readonly plan?: 'free' | 'team'
    readonly limits?: Partial<Limits>
    readonly files?: Record<string, string>
  } = {},
): Promise<Lab> {
  const github = await startGitHub(options.limits === undefined ? {} : { limits: options.limits })
  for (const login of ['ann', 'bob', 'cat', 'eve']) github.user(login)
  const repository = await github.createRepository({
    ...at,
    name: at.repo,
    private: options.private ?? true,
    ...(options.plan === undefined ? {} : { plan: options.plan }),
    files: { 'a.txt': 'a\n', 'b.txt': 'b\n', ...options.files },
    collaborators: { ann: 'admin', bob: 'write', cat: 'read' },
  })
  const octokit = (token: string): Octokit =>
    new Octokit({ auth: token, baseUrl: github.apiUrl, log: { debug() {}, info() {}, warn() {}, error() {} } })
  return {
    github,
    repository,
    with: octokit,
    as: (login) => octokit(github.userToken(login)),
    asJob: (permissions) => octokit(github.token({ kind: 'job', run: 1, job: 1, permissions }, repository)),
    async pull(head, files = { 'a.txt': `${head}\n` }) {
      await github.push(repository, { branch: head, files, by: 'bob', onto: 'main' })
      return github.openPull(repository, { head, by: 'bob' })
    },
  }
}

/** The status and message of a refusal by the API. */
export async function refusal(
  request: Promise<unknown>,
): Promise<{ status: number; message: string; headers: Record<string, string> }> {
  try {
    await request
  } catch (error) {
    const { status, message, response } = error as {
      status: number
      message: string
      response?: { headers: Record<string, string> }
    }
    return { status, message, headers: response?.headers ?? {} }
  }
  throw new Error('nothing was refused')
}
