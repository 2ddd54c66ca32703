/** A released version in parts; undefined for what is none, or no final one. */
function parts(version: string): readonly [number, number, number] | undefined {
  const [, major, minor = '0', patch = '0'] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(version.trim()) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}

/** The version when a wish names a single one: `1.9.8`, `= 1.9.8`; undefined for a range. */
export function exactVersion(wish: string): string | undefined {
  return /^\s*=?\s*v?(\d+\.\d+\.\d+)\s*$/.exec(wish)?.[1]
}

/**
 * Whether a version is one that a constraint allows, by Terraform's own rules: `>= 1.5, < 2.0`, `~> 1.9`, `1.9.8`
 * (https://developer.hashicorp.com/terraform/language/expressions/version-constraints). What is not understood allows nothing.
 */
export function allows(constraint: string, version: string): boolean {
  const found = parts(version)
  return found !== undefined && constraint.split(',').every((part) => allowsOne(part, found))
}

function allowsOne(part: string, version: readonly number[]): boolean {
  const [, operator = '=', given = ''] = /^\s*(>=|<=|!=|~>|>|<|=)?\s*(\S+)\s*$/.exec(part) ?? []
  const wanted = parts(given)
  if (wanted === undefined) return false
  const order = compared(version, wanted)
  switch (operator) {
    case '>=':
      return order >= 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '<':
      return order < 0
    case '!=':
      return order !== 0
    case '~>': {
      // Only the last part that is written may grow.
      const kept = Math.max(1, given.split('.').length - 1)
      return order >= 0 && wanted.slice(0, kept).every((it, index) => it === version[index])
    }
    default:
      return order === 0
  }
}

/** Negative where the first version is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)]
  return left && right ? compared(left, right) : (left ? 1 : 0) - (right ? 1 : 0)
}

function compared(a: readonly number[], b: readonly number[]): number {
  return a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!
}
