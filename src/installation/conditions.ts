/** When the clock calls the sweep, and when it calls the look for drift: odd minutes, since full hours are crowded. */
export const crons = { sweep: '17 * * * *', drift: '41 4 * * *' } as const

const ownBranch = 'github.event.pull_request.head.repo.full_name == github.repository'
const notDependabot = "github.event.pull_request.user.login != 'dependabot[bot]'"
const newCode = "github.event.action != 'closed' && (github.event.action != 'edited' || github.event.changes.base)"

/** Lines of conditions, each the condition of one job, as GitHub's expressions. */
export const when = {
  tryAffected: [
    newCode,
    // The rest of a fork's or Dependabot's pull request would have no token that may comment.
    `&& ${ownBranch} && ${notDependabot}`,
  ],
  affected: [
    "github.event_name == 'push' || github.event_name == 'merge_group'",
    `|| (github.event_name == 'schedule' && github.event.schedule == '${crons.sweep}')`,
    `|| (github.event_name == 'workflow_dispatch' && contains(fromJSON('["sweep","plan","apply"]'), inputs.task))`,
    `|| (github.event_name == 'pull_request' && ${newCode}`,
    `&& ${ownBranch} && ${notDependabot})`,
  ],
  gate: [
    "(github.event_name == 'workflow_dispatch' && inputs.task == 'gate')",
    `|| (github.event_name == 'pull_request_review' && ${ownBranch})`,
    "|| (github.event_name == 'pull_request' && github.event.action == 'closed'",
    `&& ${ownBranch} && ${notDependabot})`,
  ],
  fork: [
    "github.event_name == 'pull_request_target'",
    "&& (github.event.pull_request.head.repo.full_name != github.repository || github.event.pull_request.user.login == 'dependabot[bot]')",
  ],
  command: [
    "github.event_name == 'issue_comment' && github.event.issue.pull_request && startsWith(github.event.comment.body, '/airlock')",
  ],
  drift: [
    `(github.event_name == 'schedule' && github.event.schedule == '${crons.drift}')`,
    "|| (github.event_name == 'workflow_dispatch' && inputs.task == 'drift')",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

/**
 * The group that a run belongs to. A belt only: claims keep runs apart. A push to a pull request cancels the planning of
 * the push before it; every other run is alone in its group.
 */
export const concurrencyGroup =
  `airlock-\${{ github.event_name == 'pull_request' && ${newCode} && github.event.number || github.run_id }}` as const

/** The commit that a run is about: what was asked for, else the pull request's head, else what the event names. */
export const subjectCommit = '${{ inputs.head_sha || github.event.pull_request.head.sha || github.sha }}'
