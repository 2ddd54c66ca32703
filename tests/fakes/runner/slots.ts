/** A number of places of which each is held by one at a time, given in the order of asking. */
export interface Slots {
  /** Waits for a place; the answer gives it back. Undefined: the signal was aborted before. */
  take(cancelled: AbortSignal): Promise<(() => void) | undefined>
}

export function slots(most: number): Slots {
  let free = most
  const queue: (() => void)[] = []
  const give = () => {
    const next = queue.shift()
    if (next === undefined) free++
    else next()
  }
  return {
    async take(cancelled) {
      if (cancelled.aborted) return undefined
      if (free > 0) {
        free--
        return give
      }
      return await new Promise((resolve) => {
        const taken = () => {
          cancelled.removeEventListener('abort', left)
          resolve(give)
        }
        const left = () => {
          queue.splice(queue.indexOf(taken), 1)
          resolve(undefined)
        }
        cancelled.addEventListener('abort', left, { once: true })
        queue.push(taken)
      })
    },
  }
}
