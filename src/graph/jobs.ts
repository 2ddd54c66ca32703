/** Something that a job works on; `durationMs` where it is known how long it took the last time. */
export interface Work {
  readonly id: string
  readonly component: string
  readonly durationMs?: number
}

/** A job of a matrix: what it works on, and how the Checks page calls it: `vpc`, `vpc (1/2)`, `vpc and 3 more`. */
export interface PackedJob {
  readonly name: string
  /** In id order. */
  readonly ids: readonly string[]
}

interface Limits {
  /** The most jobs there may be. */
  readonly maxJobs: number
  /** The most instances of usual duration that a job should have. */
  readonly perJob: number
}

/**
 * Work in jobs: a job is a component. One with more to do than a job should have is split, as long as there may be more jobs;
 * where there are more components than jobs, the small ones share. The order of dependencies plays no part.
 */
export function packed(work: readonly Work[], { maxJobs, perJob }: Limits): PackedJob[] {
  const known = work.flatMap(({ durationMs }) => (durationMs === undefined ? [] : [durationMs]))
  const usual = known.length === 0 ? 1 : Math.max(1, known.reduce((sum, ms) => sum + ms, 0) / known.length)
  const components = new Map<string, Item[]>()
  for (const { id, component, durationMs } of [...work].sort((a, b) => byText(a.id, b.id)))
    components.set(component, [...(components.get(component) ?? []), { id, cost: Math.max(1, durationMs ?? usual) }])
  const groups = [...components]
    .sort(([a], [b]) => byText(a, b))
    .map(([name, items]): Group => ({ name, items, cost: costOf(items) }))
  return groups.length > maxJobs ? joined(groups, maxJobs) : split(groups, { maxJobs, perJob, usual })
}

interface Item {
  readonly id: string
  readonly cost: number
}

interface Group {
  readonly name: string
  readonly items: readonly Item[]
  readonly cost: number
}

function split(groups: readonly Group[], { maxJobs, perJob, usual }: Limits & { readonly usual: number }): PackedJob[] {
  const wanted = groups.map(({ items, cost }) => Math.min(items.length, Math.ceil(cost / (perJob * usual))))
  const parts = groups.map(() => 1)
  for (let left = maxJobs - groups.length; left > 0; left -= 1) {
    let next = -1
    groups.forEach(({ cost }, index) => {
      if (parts[index]! >= wanted[index]!) return
      if (next < 0 || cost / parts[index]! > groups[next]!.cost / parts[next]!) next = index
    })
    if (next < 0) break
    parts[next]! += 1
  }
  return groups.flatMap(({ name, items }, index) =>
    balanced(items, parts[index]!).map((bin, at, bins) => ({
      name: bins.length === 1 ? name : `${name} (${at + 1}/${bins.length})`,
      ids: bin.map(({ id }) => id).sort(byText),
    })),
  )
}

function joined(groups: readonly Group[], maxJobs: number): PackedJob[] {
  return balanced(groups, maxJobs).map((bin) => {
    const [first, ...others] = [...bin].sort((a, b) => byText(a.name, b.name))
    return {
      name: others.length === 0 ? first!.name : `${first!.name} and ${others.length} more`,
      ids: bin.flatMap(({ items }) => items.map(({ id }) => id)).sort(byText),
    }
  })
}

/** At most `count` bins, none of them empty: the costliest first, each into the bin that has least. */
function balanced<T extends { readonly cost: number }>(all: readonly T[], count: number): T[][] {
  const bins = Array.from({ length: Math.min(count, all.length) }, () => ({ cost: 0, items: [] as T[] }))
  for (const item of [...all].sort((a, b) => b.cost - a.cost)) {
    const least = bins.reduce((best, bin) => (bin.cost < best.cost ? bin : best))
    least.cost += item.cost
    least.items.push(item)
  }
  return bins.map(({ items }) => items)
}

function costOf(items: readonly Item[]): number {
  return items.reduce((sum, { cost }) => sum + cost, 0)
}

/** By bytes, not by the language of the machine: the same everywhere. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
