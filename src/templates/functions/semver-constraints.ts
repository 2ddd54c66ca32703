import { GoError } from '../value.ts'
import { compareVersions, type Version, version } from './semver.ts'

/** One comparison of a constraint: `^1.2`. */
interface Constraint {
  readonly operator: Operator
  readonly bound: Version
  /** How many numbers were written; a wildcard counts for none. */
  readonly written: 0 | 1 | 2 | 3
}

/** Alternatives, each of them comparisons that must all hold. */
export type Constraints = readonly (readonly Constraint[])[]

type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '^'

const operators: Readonly<Record<string, Operator>> = {
  '': '=',
  '=': '=',
  '!=': '!=',
  '>': '>',
  '<': '<',
  '>=': '>=',
  '=>': '>=',
  '<=': '<=',
  '=<': '<=',
  '~': '~',
  '~>': '~',
  '^': '^',
}

const number = String.raw`v?([0-9|x|X|\*]+)(\.[0-9|x|X|\*]+)?(\.[0-9|x|X|\*]+)?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?`
const sign = '=||!=|>|<|>=|=>|<=|=<|~|~>|\\^'
const range = new RegExp(String.raw`\s*(${number})\s+-\s+(${number})\s*`, 'g')
const valid = new RegExp(String.raw`^(\s*(?:${sign})\s*(?:${number})\s*)(?:[\s,]+(?:${sign})\s*(?:${number})\s*)*$`)
const single = new RegExp(String.raw`(${sign})\s*(${number})`, 'g')
const one = new RegExp(String.raw`^\s*(${sign})\s*(${number})\s*$`)

/** Whether a version meets all comparisons of one of the alternatives. */
export function meets(constraints: Constraints, checked: Version): boolean {
  return constraints.some((all) => {
    const admitsPrerelease = all.some(({ bound }) => bound.prerelease !== '')
    return all.every((it) => isMet(it, checked, admitsPrerelease))
  })
}

/**
 * A constraint by the rules of Masterminds/semver: `>=1.2, <2 || ~3.1`.
 * @throws GoError `improper constraint: ">="`
 */
export function constraints(text: string): Constraints {
  const expanded = text.replace(range, (...match: string[]) => ` >=${match[1]}, <=${match[7]} `)
  return expanded.split('||').map((part) => {
    if (!valid.test(part)) throw new GoError(`improper constraint: "${part}"`)
    return [...part.matchAll(single)].map((match) => parsed(match[0], part))
  })
}

function parsed(text: string, whole: string): Constraint {
  const match = one.exec(text)
  if (!match) throw new GoError(`improper constraint: "${whole}"`)
  const [, operator, full, major, minor, patch, prerelease = ''] = match
  const isWild = (part: string | undefined): boolean => part === undefined || /[xX*]$/.test(part)
  const isExactly = (part: string | undefined): boolean => part !== undefined && /^\.?[xX*]$/.test(part)
  if (isExactly(major)) return { operator: operators[operator!]!, bound: bound('0.0.0'), written: 0 }
  if (isWild(minor)) return { operator: operators[operator!]!, bound: bound(`${major}.0.0${prerelease}`), written: 1 }
  if (isWild(patch))
    return { operator: operators[operator!]!, bound: bound(`${major}${minor}.0${prerelease}`), written: 2 }
  return { operator: operators[operator!]!, bound: bound(full!), written: 3 }
}

function bound(text: string): Version {
  try {
    return version(text)
  } catch {
    throw new GoError('constraint Parser Error')
  }
}

function isMet({ operator, bound, written }: Constraint, checked: Version, admits: boolean): boolean {
  if (checked.prerelease !== '' && bound.prerelease === '' && !admits) return false
  const order = compareVersions(checked, bound)
  switch (operator) {
    case '=':
      return written === 3 ? order === 0 : tilde(bound, written, checked, order)
    case '!=':
      return written === 3 || written === 0 ? order !== 0 : !sameWritten(bound, written, checked)
    case '>':
      return order > 0 && (written === 3 || written === 0 || !sameWritten(bound, written, checked))
    case '<':
      return order < 0
    case '>=':
      return order >= 0
    case '<=':
      return order <= 0 || (written < 3 && sameWritten(bound, written || 2, checked))
    case '~':
      return tilde(bound, written, checked, order)
    case '^':
      return caret(bound, written, checked, order)
  }
}

/** Whether the numbers that a bound gives are the version's. */
function sameWritten(bound: Version, written: number, checked: Version): boolean {
  if (written === 0) return true
  if (bound.major !== checked.major) return false
  return written === 1 || (bound.minor === checked.minor && (written === 2 || bound.patch === checked.patch))
}

function tilde(bound: Version, written: number, checked: Version, order: number): boolean {
  if (written === 0) return true
  return order >= 0 && sameWritten(bound, Math.min(written, 2), checked)
}

function caret(bound: Version, written: number, checked: Version, order: number): boolean {
  if (order < 0) return false
  if (bound.major > 0n || written === 1) return checked.major === bound.major
  if (checked.major > 0n) return false
  if (bound.minor > 0n || written === 2) return checked.minor === bound.minor
  if (checked.minor > 0n) return false
  return checked.patch === bound.patch
}
