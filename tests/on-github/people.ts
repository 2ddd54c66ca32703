import type { House } from './house.ts'

/** Asks GitHub's API for something of the house's repository, as a person does with a token. @throws what it refuses */
export async function asPerson(
  { github, repository }: House,
  login: string,
  method: 'PATCH' | 'POST' | 'PUT',
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<void> {
  const answer = await fetch(`${github.apiUrl}/repos/${repository}${path}`, {
    method,
    headers: { authorization: `Bearer ${github.userToken(login)}` },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
}

/** Demands a green gate of whoever merges; administrators may pass by it. */
export async function demandTheGate(at: House): Promise<void> {
  await asPerson(at, 'ann', 'POST', '/rulesets', {
    name: 'airlock',
    target: 'branch',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
    rules: [
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: 'airlock/gate' }],
        },
      },
    ],
  })
}

/** The first digits of the digest of the plan that was made of an instance last, as people type them. */
export function shownDigest(digest: string): string {
  return digest.replace(/^.*:/, '').slice(0, 8)
}
