/** A segment that is empty, `.` or `..`. */
const UNSETTLED = /(?:^|\/)\.{0,2}(?:\/|$)/

/** A path with `.` and `..` worked out, `/` between segments and none at the end; '' is the root it is relative to. */
export function normalPath(path: string): string {
  if (!UNSETTLED.test(path)) return path
  const rooted = path.startsWith('/')
  const result: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment === '..' && result.length > 0 && result.at(-1) !== '..') result.pop()
    else if (segment !== '..' || !rooted) result.push(segment)
  }
  return (rooted ? '/' : '') + result.join('/')
}

/** Segments joined and worked out; an absolute later one does not start anew. */
export function joinPath(...parts: readonly string[]): string {
  return normalPath(parts.filter((part) => part !== '').join('/'))
}

/** The folder that a path lies in; '' for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

/** Go's `filepath.Ext`: the last segment's text from its last dot, or ''. */
export function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(dot)
}

/** An absolute path below the root as a relative one; undefined where it lies outside. */
export function belowRoot(root: string, absolute: string): string | undefined {
  const path = normalPath(absolute)
  const base = normalPath(root)
  if (path === base) return ''
  return path.startsWith(`${base === '/' ? '' : base}/`) ? path.slice(base === '/' ? 1 : base.length + 1) : undefined
}
