/** The pull request that a commit of the protected branch says it merges: `… (#41)`, `Merge pull request #41 from …`. */
export function pullRequestIn(subject: string): number | undefined {
  const [, squash] = /\(#(\d+)\)\s*$/.exec(subject) ?? []
  const [, merged] = /^Merge pull request #(\d+)/.exec(subject) ?? []
  const number = squash ?? merged
  return number === undefined ? undefined : Number(number)
}
