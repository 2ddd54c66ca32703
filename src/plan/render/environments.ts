/** How far from production an environment is, by how people name them; unknown names stand before production. */
const ranks: readonly (readonly [RegExp, number])[] = [
  [/^(sbx|sandbox|play|dev)/i, 0],
  [/^(test|qa|uat|int)/i, 1],
  [/^(stag|stg|pre)/i, 2],
  [/^(prod|prd|live)/i, 4],
]

/** Order of environments as people think of them: development first, production last, else by name. */
export function byEnvironment(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0)
}

function rank(name: string): number {
  // `plat-ue2-prod` says its stage somewhere.
  const found = name.split(/[^A-Za-z]+/).flatMap((word) => ranks.find(([pattern]) => pattern.test(word))?.[1] ?? [])
  return found[0] ?? 3
}
