const segment = /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/

/** The key itself, when every driver can keep it: `/`-separated segments of `[A-Za-z0-9._-]+`, none of them `.` or `..`. */
export function validKey(key: string): string {
  if (!key.split('/').every((it) => segment.test(it) && it.length <= 200)) throw new Error(`not a store key: ${key}`)
  return key
}
