import type { StoreSettings } from '../settings.ts'

/** Something that a person does next: why, and the exact command, setting or address. */
export interface NextStep {
  readonly what: string
  readonly how: readonly string[]
}

/** What decides the next steps after the workflow file was written. */
export interface NextFacts {
  readonly kind: 'full' | 'try'
  readonly workflowPath: string
  readonly branch: string
  /** Environments that instances belong to. */
  readonly environments: readonly string[]
  readonly store: StoreSettings | undefined
  readonly recipients: readonly string[]
  readonly planRole: string | undefined
  /** Of the repository on the web. */
  readonly url: string | undefined
}

/** What is left to do, in order. */
export function nextSteps(facts: NextFacts): NextStep[] {
  return facts.kind === 'try'
    ? trySteps(facts)
    : [...storeSteps(facts), governanceStep(facts), ...keySteps(facts), ...lastSteps(facts)]
}

function trySteps({ workflowPath, planRole, url }: NextFacts): NextStep[] {
  const repository = url === undefined ? 'OWNER/NAME' : url.split('/').slice(-2).join('/')
  return [
    planRole === undefined
      ? {
          what: 'Name a role that may only read, for planning',
          how: [
            'settings.airlock.auth.plan in a manifest that all import',
            `its trust: sub = repo:${repository}:environment:airlock-plan`,
          ],
        }
      : {
          what: 'Let the role that plans trust the environment airlock-plan',
          how: [planRole, `its trust: sub = repo:${repository}:environment:airlock-plan`],
        },
    { what: 'Commit it, and open a pull request that changes a stack', how: [commit(workflowPath)] },
    { what: 'Later, for all the rest', how: ['airlock init'] },
  ]
}

function storeSteps({ store }: NextFacts): NextStep[] {
  if (store !== undefined) return []
  return [
    {
      what: 'Make a bucket for records and sealed plans, with its four roles',
      how: ['airlock store provision', 'then set integrations.airlock.store in atmos.yaml: it says how'],
    },
  ]
}

function keySteps({ recipients, environments }: NextFacts): NextStep[] {
  const file = 'airlock-identity.txt'
  return [
    {
      what: 'Give the jobs that apply the key to sealed plans; no other job may have it',
      how: [
        ...(recipients.length === 0
          ? [`age-keygen -o ${file}`, 'then set integrations.airlock.recipients to the age1… it prints']
          : []),
        ...environments.map((name) => `gh secret set AIRLOCK_AGE_IDENTITY --env ${quoted(`${name}-apply`)} < ${file}`),
      ],
    },
    {
      what: 'Give all jobs one key that values are hashed with',
      how: ['openssl rand -hex 32 | gh secret set AIRLOCK_READS_KEY'],
    },
  ]
}

function governanceStep({ branch, url }: NextFacts): NextStep {
  const settings = url === undefined ? 'Settings of the repository: ' : `${url}/settings/`
  return {
    what: `Make the environments, and a ruleset that requires airlock/gate on ${branch}`,
    how: ['airlock init --apply', `or by hand: ${settings}environments and ${settings}rules`],
  }
}

function lastSteps({ workflowPath }: NextFacts): NextStep[] {
  return [
    { what: 'Commit it, and merge it', how: [commit(workflowPath)] },
    { what: 'Say once what is applied already', how: ['airlock adopt'] },
    { what: 'Look whether all is there', how: ['airlock doctor'] },
  ]
}

function commit(path: string): string {
  return `git add ${path} && git commit -m 'Plan and apply with Airlock'`
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./@:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
