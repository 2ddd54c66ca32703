import { UserError } from '../../error.ts'
import type { Governance, MergeRules } from '../governance.ts'
import type { Payload } from '../payload.ts'
import type { RestClient } from './rest-client.ts'

const repo = '/repos/{owner}/{repo}'
const ours = 'airlock'

/** What merging into a branch demands, over REST: rulesets and the older branch protection say it in different words. */
export function restMergeRules(client: RestClient): Pick<Governance, 'mergeRules' | 'setRuleset'> {
  return {
    async mergeRules(branch) {
      const [rulesets, protection] = await Promise.all([
        whereAllowed(() => client.list(`GET ${repo}/rules/branches/{branch}`, { branch })),
        whereAllowed(() => client.objectIf(`GET ${repo}/branches/{branch}/protection`, { branch })),
      ])
      const all = [
        ...(rulesets?.length ? [ofRulesets(rulesets)] : []),
        ...(protection ? [ofProtection(protection)] : []),
      ]
      if (all.length > 0) return all.reduce(both)
      return undefined
    },
    async setRuleset(branch, rules) {
      const body = {
        name: ours,
        target: 'branch',
        enforcement: 'active',
        conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
        rules: rulesOf(rules),
      }
      const found = (await client.list(`GET ${repo}/rulesets`)).find((it) => it.text('name') === ours)
      if (found) await client.send(`PUT ${repo}/rulesets/{ruleset_id}`, { ruleset_id: found.number('id'), ...body })
      else await client.send(`POST ${repo}/rulesets`, body)
    },
  }
}

/** Protection is told to administrators only, and is not part of every plan. */
async function whereAllowed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof UserError && ['github-forbidden', 'github-plan', 'github-missing'].includes(error.code))
      return undefined
    throw error
  }
}

function ofRulesets(rules: readonly Payload[]): MergeRules {
  const of = (type: string) => rules.filter((it) => it.text('type') === type).map((it) => it.objectIf('parameters'))
  const review = of('pull_request')
  return {
    requiredChecks: of('required_status_checks').flatMap((it) =>
      (it?.objects('required_status_checks') ?? []).map((one) => check(one, 'integration_id')),
    ),
    requiredReviews: Math.max(0, ...review.map((it) => it?.numberIf('required_approving_review_count') ?? 0)),
    codeOwnerReview: review.some((it) => it?.flagIf('require_code_owner_review')),
    dismissesStaleReviews: review.some((it) => it?.flagIf('dismiss_stale_reviews_on_push')),
    mergeQueue: of('merge_queue').length > 0,
  }
}

function ofProtection(it: Payload): MergeRules {
  const review = it.objectIf('required_pull_request_reviews')
  return {
    requiredChecks:
      it
        .objectIf('required_status_checks')
        ?.objects('checks')
        .map((one) => check(one, 'app_id')) ?? [],
    requiredReviews: review?.numberIf('required_approving_review_count') ?? 0,
    codeOwnerReview: review?.flagIf('require_code_owner_reviews') ?? false,
    dismissesStaleReviews: review?.flagIf('dismiss_stale_reviews') ?? false,
    mergeQueue: false,
  }
}

function check(it: Payload, appField: 'integration_id' | 'app_id'): MergeRules['requiredChecks'][number] {
  const app = it.numberIf(appField)
  return { context: it.text('context'), ...(app !== undefined && app > 0 && { app }) }
}

/** Both hold: the stricter of each. */
function both(a: MergeRules, b: MergeRules): MergeRules {
  return {
    requiredChecks: [...a.requiredChecks, ...b.requiredChecks],
    requiredReviews: Math.max(a.requiredReviews, b.requiredReviews),
    codeOwnerReview: a.codeOwnerReview || b.codeOwnerReview,
    dismissesStaleReviews: a.dismissesStaleReviews || b.dismissesStaleReviews,
    mergeQueue: a.mergeQueue || b.mergeQueue,
  }
}

function rulesOf(rules: MergeRules): readonly unknown[] {
  const { requiredChecks, requiredReviews, codeOwnerReview, dismissesStaleReviews, mergeQueue } = rules
  const checks = requiredChecks.map(({ context, app }) => ({
    context,
    ...(app !== undefined && { integration_id: app }),
  }))
  return [
    ...(checks.length > 0
      ? [
          {
            type: 'required_status_checks',
            parameters: { required_status_checks: checks, strict_required_status_checks_policy: false },
          },
        ]
      : []),
    {
      type: 'pull_request',
      parameters: {
        required_approving_review_count: requiredReviews,
        require_code_owner_review: codeOwnerReview,
        dismiss_stale_reviews_on_push: dismissesStaleReviews,
        require_last_push_approval: false,
        required_review_thread_resolution: false,
      },
    },
    ...(mergeQueue ? [{ type: 'merge_queue', parameters: mergeQueueDefaults }] : []),
  ]
}

/** GitHub demands all of them; these are what its own form begins with. */
const mergeQueueDefaults = {
  check_response_timeout_minutes: 60,
  grouping_strategy: 'ALLGREEN',
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  merge_method: 'MERGE',
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
}
