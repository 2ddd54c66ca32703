/** Terraform's own lock on a state, as its backend tells of it. */
export interface StateLock {
  readonly id: string
  /** Terraform's word for what is done under it: `OperationTypeApply`. */
  readonly operation: string
  /** `ann@laptop` */
  readonly who: string
  /** ISO time. */
  readonly created: string
}

/** Whether a lock stands for something that may have been left half-done; one of a plan does not. */
export function isOfApply({ operation }: StateLock): boolean {
  return operation === 'OperationTypeApply'
}

/** The lock that a backend has written beside its state, as the local one and S3's do; undefined where the file is not whole, or is something else. */
export function localLock(text: string): StateLock | undefined {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof found !== 'object' || found === null) return undefined
  const { ID: id, Operation: operation, Who: who, Created: created } = found as Record<string, unknown>
  return [id, operation, who, created].every((it) => typeof it === 'string')
    ? ({ id, operation, who, created } as StateLock)
    : undefined
}

/** The lock that kept Terraform from beginning, where that is what it said; any backend says it alike. */
export function lockIn(output: string): StateLock | undefined {
  if (!/Error (acquiring|locking) (the )?state/.test(output)) return undefined
  const field = (name: string) => new RegExp(`^[│|\\s]*${name}:[ \\t]*(\\S.*?)\\s*$`, 'm').exec(output)?.[1]
  const [id, operation, who, created] = [field('ID'), field('Operation'), field('Who'), field('Created')]
  if (id === undefined) return undefined
  return { id, operation: operation ?? 'unknown', who: who ?? 'somebody', created: isoTime(created) }
}

/** `2026-11-24 10:56:11.929985148 +0000 UTC`, as Go prints a time. */
function isoTime(text: string | undefined): string {
  const [, date, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? \+0000 UTC/.exec(text ?? '') ?? []
  return date === undefined ? (text ?? '') : `${date}T${time}Z`
}
