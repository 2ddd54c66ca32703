/** Counts what is at work, so that a test can wait until nothing is. */
export interface Activity {
  /** Something began; the answer ends it. */
  begin(): () => void
  /** A wait for somebody outside, during which nothing is at work. */
  pause<T>(wait: Promise<T>): Promise<T>
  busy(): boolean
  /** Waits until nothing is at work, and nothing follows of what just ended. */
  idle(): Promise<void>
}

export function activity(): Activity {
  let count = 0
  let waiting: (() => void)[] = []
  const end = () => {
    count--
    if (count > 0) return
    const all = waiting
    waiting = []
    for (const it of all) it()
  }
  return {
    begin() {
      count++
      let ended = false
      return () => {
        if (!ended) end()
        ended = true
      }
    },
    async pause(wait) {
      end()
      try {
        return await wait
      } finally {
        count++
      }
    },
    busy: () => count > 0,
    async idle() {
      for (let quiet = 0; quiet < 3; quiet++) {
        if (count > 0) {
          quiet = -1
          await new Promise<void>((resolve) => waiting.push(resolve))
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}
