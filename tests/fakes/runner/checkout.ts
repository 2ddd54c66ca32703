import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isTrue, refuseUnknown } from './inputs.ts'
import type { StepRun } from './step.ts'

type Inputs = ReadonlyMap<string, string>

const inputNames = [
  'repository',
  'ref',
  'token',
  'path',
  'fetch-depth',
  'fetch-tags',
  'persist-credentials',
  'clean',
  'show-progress',
  'set-safe-directory',
]

/** `actions/checkout`: the event's own commit unless `ref` names another; a pull request's is its merge with the base. */
export async function checkout(step: StepRun, inputs: Inputs): Promise<number> {
  refuseUnknown('checkout', inputs, inputNames)
  const { github } = step.job
  const repository = inputs.get('repository') || String(github.repository)
  const folder = folderOf(step, inputs)
  mkdirSync(folder, { recursive: true })
  const url = `${step.job.host.hub.serverUrl}/${repository}.git`
  const header = headerOf(step, inputs)
  const git = async (...args: string[]) => {
    if ((await step.exec('git', ['-c', `${headerKey(step)}=${header}`, ...args], folder)) !== 0)
      throw new Error(`The process '/usr/bin/git' failed: git ${args.join(' ')}`)
  }
  const keeps = isTrue(inputs, 'persist-credentials', true)
  initialise(folder, url, keeps ? [headerKey(step), header] : undefined)
  const wanted = wantedOf(inputs, github, repository)
  const depth = Number(inputs.get('fetch-depth') || 1)
  const tags = isTrue(inputs, 'fetch-tags', false) ? [] : ['--no-tags']
  const fetch = ['fetch', '--quiet', '--no-recurse-submodules', ...(depth > 0 ? [`--depth=${depth}`, ...tags] : [])]
  if (depth === 0) await git(...fetch, 'origin', '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*')
  if (depth > 0 || wanted.alsoWithAll) await git(...fetch, 'origin', ...wanted.refspecs)
  await git('checkout', '--quiet', '--force', ...wanted.checkout)
  step.outputs.set('commit', wanted.commit ?? '')
  step.outputs.set('ref', wanted.ref)
  return 0
}

/** As `git init` and `git remote add`, without the processes. */
function initialise(folder: string, url: string, setting: readonly [string, string] | undefined): void {
  for (const name of ['objects', 'refs']) mkdirSync(join(folder, '.git', name), { recursive: true })
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n')
  const own =
    setting === undefined
      ? ''
      : `[http "${setting[0].slice('http.'.length, -'.extraheader'.length)}"]\n\textraheader = ${setting[1]}\n`
  writeFileSync(
    join(folder, '.git/config'),
    `[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n${own}`,
  )
}

/** What is done after the job's steps: the token leaves the clone. */
export async function forgetToken(step: StepRun, inputs: Inputs): Promise<number> {
  if (!isTrue(inputs, 'persist-credentials', true)) return 0
  await step.exec('git', ['config', '--local', '--unset-all', headerKey(step)], folderOf(step, inputs))
  return 0
}

interface Wanted {
  readonly ref: string
  readonly commit: string | undefined
  readonly refspecs: readonly string[]
  /** Branches and tags alone would not bring it. */
  readonly alsoWithAll: boolean
  readonly checkout: readonly string[]
}

function wantedOf(inputs: Inputs, github: Readonly<Record<string, unknown>>, repository: string): Wanted {
  const given = inputs.get('ref') ?? ''
  const own = repository === github.repository
  if (/^[0-9a-f]{40}$/.test(given)) return byCommit(given)
  if (given === '' && own) return byRef(String(github.ref), String(github.sha))
  if (given === '') throw new Error(`This runner's checkout wants a ref for another repository`)
  return byRef(given.startsWith('refs/') ? given : `refs/heads/${given}`, undefined)
}

function byCommit(commit: string): Wanted {
  return { ref: '', commit, refspecs: [commit], alsoWithAll: true, checkout: ['--detach', commit] }
}

function byRef(ref: string, commit: string | undefined): Wanted {
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1]
  const local =
    branch === undefined ? ref.replace(/^refs\/(pull|tags)/, 'refs/remotes/$1') : `refs/remotes/origin/${branch}`
  return {
    ref,
    commit,
    refspecs: [`+${commit ?? ref}:${local}`],
    alsoWithAll: true,
    checkout: branch === undefined ? ['--detach', local] : ['-B', branch, local],
  }
}

function folderOf(step: StepRun, inputs: Inputs): string {
  const folder = join(step.job.workspace, inputs.get('path') ?? '')
  if (!`${folder}/`.startsWith(`${step.job.workspace}/`))
    throw new Error(`Repository path '${folder}' is not under '${step.job.workspace}'`)
  return folder
}

function headerKey(step: StepRun): string {
  return `http.${step.job.host.hub.serverUrl}/.extraheader`
}

function headerOf(step: StepRun, inputs: Inputs): string {
  const token = inputs.get('token') || step.job.token
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  step.job.masks.add(basic)
  return `AUTHORIZATION: basic ${basic}`
}
