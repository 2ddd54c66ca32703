import { UserError } from '../error.ts'
import type { CommitId, Repo } from '../git/repo.ts'
import type { GitHub } from '../github/github.ts'
import { faultWords, fileFaults } from '../installation/check-file.ts'
import { type GitHubFacts, gitHubFindings } from '../installation/check-github.ts'
import type { ActionsSource } from '../installation/dialect.ts'
import { sourceIn } from '../installation/edit.ts'
import type { Finding } from '../installation/finding.ts'
import { standing } from '../installation/mark.ts'
import { workflowFile } from '../installation/workflow.ts'
import type { Ambient } from '../stacks/ambient.ts'
import { plain } from '../stacks/value.ts'
import { parseValue } from '../stacks/yaml/manifest.ts'
import { checkout } from './checkout.ts'
import type { Installed } from './init.ts'
import { type Estate, environmentsOf, estateOf } from './installation.ts'

/** The repository on GitHub as a person sees it; or why it cannot be asked, with what to do. */
export type OpenedGitHub =
  | { readonly kind: 'open'; readonly github: GitHub }
  | { readonly kind: 'closed'; readonly why: 'no-remote' | 'no-token'; readonly message: string; readonly fix: string }

/** What the look at GitHub starts from. */
export interface GitHubLook {
  readonly estate: Estate
  /** The workflow file in the work tree, and at the tip of the protected branch. */
  readonly file: { readonly here: string | undefined; readonly merged: string | undefined }
  readonly installed: Installed
  readonly opened: OpenedGitHub
}

/** What is needed to look at GitHub; nothing is opened before it is asked for. */
export interface GitHubDoctorWorld {
  ambient(repo: Repo): Ambient
  github(): Promise<OpenedGitHub>
  installed(): Promise<Installed>
}

/** Gathers what a repository asks of GitHub, and looks at it there. @throws UserError where its stacks cannot be resolved */
export async function lookAtGitHub(world: GitHubDoctorWorld, repo: Repo): Promise<Finding[]> {
  const at = await checkout({ repo, ambient: world.ambient(repo) }, undefined)
  const estate = await estateOf({ repo }, at)
  const [file, opened, installed] = await Promise.all([workflowTexts(repo, estate), world.github(), world.installed()])
  return examineGitHub({ estate, file, opened, installed })
}

/** Everything about GitHub: the workflow file, then what only GitHub knows. Nothing where the repository is not meant for it. */
export async function examineGitHub(look: GitHubLook): Promise<Finding[]> {
  const { file, opened } = look
  if (file.here === undefined && file.merged === undefined && opened.kind === 'closed' && opened.why === 'no-remote')
    return []
  const files = fileFindings(look)
  if (opened.kind === 'closed')
    return [...files, { name: 'github', state: 'missing', found: `not looked at: ${opened.message}`, fix: opened.fix }]
  const { github } = opened
  const { owner, name } = github.repository
  try {
    const found = await factsOf(github, look.estate)
    const kind = `${found.facts.private ? 'private' : 'public'}, of ${found.facts.owner === 'User' ? 'a person' : 'an organisation'}`
    return [
      ...files,
      { name: 'github', state: 'ok', found: `${owner}/${name}, ${kind}` },
      ...gitHubFindings(found, {
        ...look.estate,
        environments: environmentsOf(look.estate),
        url: `${github.serverUrl}/${owner}/${name}`,
        trying: kindOf(file.here ?? file.merged) === 'try',
      }),
    ]
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { message, fix } = error
    return [...files, { name: 'github', state: 'wrong', found: message, ...(fix !== undefined && { fix }) }]
  }
}

async function factsOf({ governance }: GitHub, { branch, environments }: Estate): Promise<GitHubFacts> {
  const [facts, found, rules, actions] = await Promise.all([
    governance.facts(),
    governance.environments(),
    governance.mergeRules(branch),
    governance.actions(),
  ])
  const there = new Set(found.map(({ name }) => name))
  const asked = ['airlock-plan', 'airlock-fold', 'airlock-drift', ...environments.map((it) => `${it}-apply`)]
  return {
    facts,
    environments: found,
    rules,
    ...actions,
    secrets: await secretsOf({ governance }, ['', ...asked.filter((it) => there.has(it))]),
  }
}

async function secretsOf(
  { governance }: Pick<GitHub, 'governance'>,
  places: readonly string[],
): Promise<GitHubFacts['secrets']> {
  try {
    const names = await Promise.all(
      places.map(
        async (it) => [it, await (it === '' ? governance.secretNames() : governance.secretNames(it))] as const,
      ),
    )
    return Object.fromEntries(names)
  } catch (error) {
    if (error instanceof UserError && error.code === 'github-forbidden') return { hidden: error.message }
    throw error
  }
}

function fileFindings({ estate, file: { here, merged }, installed }: GitHubLook): Finding[] {
  const name = 'workflow'
  const { workflowPath: path, branch } = estate
  if (here === undefined) return [{ name, state: 'missing', found: `${path} is not there`, fix: 'airlock init' }]
  const is = standing(here)
  const source = sourceIn(here)
  if (is.kind === 'foreign')
    return [
      {
        name,
        state: 'wrong',
        found: `${path} was not written by airlock init`,
        fix: 'set integrations.airlock.github.workflow to another name, then airlock init',
      },
    ]
  const about =
    is.kind === 'ours' ? oursFinding(path, here, estate, source, installed) : changedFinding(path, here, estate, source)
  return [
    { name, ...about },
    ...(here === merged
      ? []
      : [
          {
            name,
            state: 'missing' as const,
            found:
              merged === undefined
                ? `${path} is not on ${branch} yet: comments, schedules and dispatches run the file of the default branch`
                : `${path} is another one on ${branch}`,
            fix: 'commit it, and merge it',
          },
        ]),
  ]
}

type About = Omit<Finding, 'name'>

function oursFinding(
  path: string,
  text: string,
  estate: Estate,
  source: ActionsSource | undefined,
  installed: Installed,
): About {
  if (source === undefined) return { state: 'ok', found: `${path} calls the workflow of your organisation` }
  if (text !== wanted(estate, source, text))
    return { state: 'missing', found: `${path} is not what the settings ask for any more`, fix: 'airlock init' }
  const behind = installed.commit !== undefined && installed.commit !== source.commit
  const at = `${source.repository}@${source.commit.slice(0, 7)}, v${source.version}`
  return behind
    ? {
        state: 'missing',
        found: `${path} uses ${at}; this copy is ${installed.commit?.slice(0, 7)}, v${installed.version}`,
        fix: 'airlock init brings it up to date',
      }
    : { state: 'ok', found: `${path} is as airlock init writes it, with ${at}` }
}

function changedFinding(path: string, text: string, estate: Estate, source: ActionsSource | undefined): About {
  if (source === undefined)
    return {
      state: 'wrong',
      found: `${path} was changed, and uses no action of Airlock`,
      fix: 'airlock init shows how it would be',
    }
  const faults = fileFaults(parsed(text, path), parsed(wanted(estate, source, text), path)).map(faultWords)
  if (faults.length === 0)
    return { state: 'ok', found: `${path} was changed since airlock init wrote it; nothing is missing` }
  return {
    state: 'wrong',
    found: `${path} was changed: ${faults.join('; ')}`,
    fix: 'airlock init shows how it would be',
  }
}

function wanted({ branch, settings }: Estate, actions: ActionsSource, like: string): string {
  return workflowFile({
    kind: kindOf(like) === 'try' ? 'try' : 'full',
    actions,
    branch,
    runsOn: settings.github.runsOn,
  })
}

function kindOf(text: string | undefined): 'full' | 'try' | 'shared' | undefined {
  const is = text === undefined ? undefined : standing(text)
  return is === undefined || is.kind === 'foreign' ? undefined : is.mark.kind
}

function parsed(text: string, path: string) {
  const value = parseValue(text, path)
  return value === undefined ? null : plain(value)
}

/** As far as this clone knows the tip of the protected branch. */
async function workflowTexts(repo: Repo, { workflowPath, branch }: Estate): Promise<GitHubLook['file']> {
  const wantedPath = (path: string) => path === workflowPath
  const here = (await repo.workTree(wantedPath)).text(workflowPath)
  const tip = (await repo.resolve(`refs/remotes/origin/${branch}`)) ?? (await repo.resolve(`refs/heads/${branch}`))
  const merged = tip === undefined ? undefined : (await repo.tree(tip as CommitId, wantedPath)).text(workflowPath)
  return { here, merged }
}
