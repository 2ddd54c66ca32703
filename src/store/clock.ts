/** What a store remembers of its clock: the highest time given out, and what is added to a machine's clock that is behind it. */
export interface ClockMark {
  readonly highMs: number
  readonly offsetMs: number
}

/**
 * The store's time for a machine's time, never below the highest given out before. A machine's clock that was set back
 * does not stop it: time goes on from the mark, so that leases still end.
 */
export function storeTime(machineMs: number, mark: ClockMark | undefined): ClockMark {
  if (mark === undefined || machineMs >= mark.highMs) return { highMs: machineMs, offsetMs: 0 }
  const continued = machineMs + mark.offsetMs
  return continued >= mark.highMs
    ? { highMs: continued, offsetMs: mark.offsetMs }
    : { highMs: mark.highMs, offsetMs: mark.highMs - machineMs }
}
