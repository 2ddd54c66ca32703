/** Whether a name passes GitHub's filter patterns: the last that matches decides, `!` excludes. */
export function passes(patterns: readonly string[], name: string): boolean {
  return patterns.reduce((passed, pattern) => {
    if (pattern.startsWith('!')) return filter(pattern.slice(1)).test(name) ? false : passed
    return filter(pattern).test(name) ? true : passed
  }, false)
}

/** Branch and path filters of workflows: `*`, `**`, `?` and `+` (of the character before), `[a-z]`. */
function filter(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|[?+]|\[[^\]]*\]|\\.|[.^$(){}|]/g, (part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?' || part === '+' || part.startsWith('[') || part.startsWith('\\')) return part
    return `\\${part}`
  })
  return new RegExp(`^${source}$`)
}

/** A glob over paths, as artifacts, caches and `hashFiles` take it: `?` is one character; a folder stands for what is in it. */
export function glob(pattern: string): RegExp {
  const source = pattern.replace(/\/?\*\*\/|\*\*|\*|\?|\[[^\]]*\]|[.^$(){}|+\\]/g, (part) => {
    if (part === '/**/') return '/(?:.*/)?'
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    return part.startsWith('[') ? part : `\\${part}`
  })
  return new RegExp(`^${source}(?:/.*)?$`)
}

/** Patterns of environments' deployment branches are Ruby's `File.fnmatch` with pathnames: `*` stays below a slash. */
export function mayDeploy(policies: readonly string[] | undefined, ref: string): boolean {
  if (policies === undefined) return true
  const name = ref.replace(/^refs\/heads\//, '')
  return policies.some((policy) => glob(policy).source === glob(name).source || exactly(policy).test(name))
}

function exactly(pattern: string): RegExp {
  return new RegExp(glob(pattern).source.replace('(?:/.*)?$', '$'))
}
