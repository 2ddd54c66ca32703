/**
 * Runs a task for each node, as soon as all it comes after is done, at most `parallel` at a time; of those that could
 * start, the smallest id first. A task that throws stops what has not started; what runs is waited for.
 * @param after what each node comes after; names outside of `nodes` are ignored, cycles are the caller's to refuse first
 */
export async function schedule<T>(
  nodes: readonly string[],
  after: (node: string) => readonly string[],
  parallel: number,
  task: (node: string) => Promise<T>,
): Promise<Map<string, T>> {
  const waiting = new Set([...nodes].sort())
  const results = new Map<string, T>()
  const running = new Map<string, Promise<void>>()
  let failure: { readonly error: unknown } | undefined
  const ready = () => [...waiting].find((node) => after(node).every((it) => !waiting.has(it) && !running.has(it)))
  for (;;) {
    for (let node = ready(); node !== undefined && running.size < parallel && !failure; node = ready()) {
      const name = node
      waiting.delete(name)
      const run = task(name)
        .then((result) => void results.set(name, result))
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => running.delete(name))
      running.set(name, run)
    }
    if (running.size === 0) break
    await Promise.race(running.values())
  }
  if (failure) throw failure.error
  if (waiting.size > 0) throw new Error(`a cycle was not refused: ${[...waiting].join(', ')}`)
  return results
}
