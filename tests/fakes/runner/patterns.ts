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
  return new RegExp(`^${sourceOf(pattern)}(?:/.*)?$`)
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${sourceOf(pattern)}$`)
}

function sourceOf(pattern: string): string {
  return pattern.replace(/\/?\*\*\/|\*\*|\*|\?|\[[^\]]*\]|[.^$(){}|+\\]/g, (part) => {
    if (part === '/**/') return '/(?:.*/)?'
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    return part.startsWith('[') ? part : `\\${part}`
  })
}

/** Whether policies of an environment let a ref use it; `*` stays below a slash, and pull requests go by their merge ref. */
export function mayDeploy(policies: readonly string[] | undefined, ref: string): boolean {
  const name = ref.replace(/^refs\/heads\//, '')
  return policies === undefined || policies.some((policy) => whole(policy).test(name))
}
