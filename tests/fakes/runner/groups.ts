/** One place in a concurrency group: held by a run or a job. */
interface Place {
  /** Asks what holds the place to stop. */
  readonly cancel: () => void
}

interface Waiting extends Place {
  readonly answer: (answer: 'entered' | 'evicted') => void
}

interface Group {
  running: Place | undefined
  pending: Waiting[]
}

/** Concurrency groups of a repository: one runs, one waits, a third takes the waiting one's place. */
export interface Groups {
  /** Waits for a place; the function leaves it. `evicted`: a later one took the place, or `cancelled` was aborted before. */
  enter(of: {
    readonly group: string
    readonly cancelInProgress: boolean
    readonly keepsAll: boolean
    readonly cancelled: AbortSignal
    readonly cancel: () => void
    /** Called when it has to wait. */
    readonly waits: () => void
  }): Promise<{ readonly kind: 'entered'; readonly leave: () => void } | { readonly kind: 'evicted' }>
}

/** GitHub keeps this many waiting with `queue: max`. */
const longestQueue = 100

export function concurrencyGroups(): Groups {
  const groups = new Map<string, Group>()
  function leave(key: string, group: Group): void {
    const next = group.pending.shift()
    group.running = next
    if (next === undefined) groups.delete(key)
    else next.answer('entered')
  }
  return {
    async enter({ group: name, cancelInProgress, keepsAll, cancelled, cancel, waits }) {
      const key = name.toLowerCase()
      const group: Group = groups.get(key) ?? { running: undefined, pending: [] }
      groups.set(key, group)
      const left = () => leave(key, group)
      if (group.running === undefined) {
        group.running = { cancel }
        return { kind: 'entered', leave: left }
      }
      if (cancelled.aborted) return { kind: 'evicted' }
      if (cancelInProgress) group.running.cancel()
      const evicted = keepsAll ? group.pending.splice(longestQueue - 1) : group.pending.splice(0)
      for (const it of evicted) it.answer('evicted')
      waits()
      const answer = await new Promise<'entered' | 'evicted'>((resolve) => {
        const waiting: Waiting = { cancel, answer: resolve }
        group.pending.push(waiting)
        cancelled.addEventListener('abort', () => {
          if (!group.pending.includes(waiting)) return
          group.pending = group.pending.filter((it) => it !== waiting)
          resolve('evicted')
        })
      })
      return answer === 'entered' ? { kind: 'entered', leave: left } : { kind: 'evicted' }
    },
  }
}
