import { bytesOf } from '../bytes.ts'
import { GoError, type GoFunction, GoNumber, type GoObject, GoSlice, type GoValue, goFunction } from '../value.ts'

/** A version by semver.org: three numbers, a prerelease and build metadata. */
export interface Version {
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  readonly prerelease: string
  readonly metadata: string
  /** As it was written: `v1.2`. */
  readonly original: string
}

const loose =
  /^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/

/**
 * A version, with or without `v`, minor and patch.
 * @throws GoError `invalid semantic version`, `version segment starts with 0`
 */
export function version(text: string): Version {
  const match = loose.exec(text)
  if (!match) throw new GoError('invalid semantic version')
  const [, major, minor = '.0', patch = '.0', prerelease = '', metadata = ''] = match
  const numbers = [major!, minor.slice(1), patch.slice(1)].map(BigInt)
  for (const number of numbers)
    if (number >= 2n ** 64n)
      throw new GoError(`error parsing version segment: strconv.ParseUint: parsing "${number}": value out of range`)
  if (prerelease.split('.').some((part) => /^0[0-9]+$/.test(part))) throw new GoError('version segment starts with 0')
  return { major: numbers[0]!, minor: numbers[1]!, patch: numbers[2]!, prerelease, metadata, original: text }
}

/** A version without its `v`: `1.2.0-rc.1+build`. */
export function versionText({ major, minor, patch, prerelease, metadata }: Version): string {
  return `${major}.${minor}.${patch}${prerelease === '' ? '' : `-${prerelease}`}${metadata === '' ? '' : `+${metadata}`}`
}

/** Which of two versions is lower: below, above or equal to 0; metadata does not count. */
export function compareVersions(one: Version, other: Version): number {
  for (const part of ['major', 'minor', 'patch'] as const)
    if (one[part] !== other[part]) return one[part] < other[part] ? -1 : 1
  return comparePrereleases(one.prerelease, other.prerelease)
}

function comparePrereleases(one: string, other: string): number {
  if (one === other) return 0
  if (one === '') return 1
  if (other === '') return -1
  const [left, right] = [one.split('.'), other.split('.')]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareParts(left[index], right[index])
    if (order !== 0) return order
  }
  return 0
}

function compareParts(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0
  if (one === undefined) return -1
  if (other === undefined) return 1
  const [left, right] = [/^\d+$/.test(one), /^\d+$/.test(other)]
  if (left && right) return BigInt(one) < BigInt(other) ? -1 : BigInt(one) > BigInt(other) ? 1 : 0
  if (left !== right) return left ? -1 : 1
  return one < other ? -1 : 1
}

/** A *semver.Version for templates; its increments are values, not pointers. */
export function goVersion(data: Version, type = '*semver.Version'): GoObject {
  return new VersionObject(data, type)
}

class VersionObject implements GoObject {
  readonly type: string
  readonly data: Version

  constructor(data: Version, type: string) {
    this.data = data
    this.type = type
  }

  get methods(): Readonly<Record<string, GoFunction>> {
    return methodsOf(this.data)
  }

  print(): string {
    return versionText(this.data)
  }
}

function dataOf(value: GoValue): Version {
  return (value as VersionObject).data
}

function methodsOf(data: Version): Readonly<Record<string, GoFunction>> {
  const number = (value: bigint): GoFunction => goFunction('func() uint64', () => new GoNumber('uint64', value))
  const text = (value: string): GoFunction => goFunction('func() string', () => value)
  const compared = (holds: (order: number) => boolean): GoFunction =>
    goFunction('func(*semver.Version) bool', (other: GoValue) => holds(compareVersions(data, dataOf(other))))
  const bumped = (next: Partial<Version>): GoFunction =>
    goFunction('func() semver.Version', () => {
      const bare = { ...data, prerelease: '', metadata: '', ...next }
      const original = `${data.original.startsWith('v') ? 'v' : ''}${versionText(bare)}`
      return goVersion({ ...bare, original }, 'semver.Version')
    })
  return {
    Compare: goFunction('func(*semver.Version) int', (other: GoValue) => BigInt(compareVersions(data, dataOf(other)))),
    Equal: compared((order) => order === 0),
    GreaterThan: compared((order) => order > 0),
    GreaterThanEqual: compared((order) => order >= 0),
    IncMajor: bumped({ major: data.major + 1n, minor: 0n, patch: 0n }),
    IncMinor: bumped({ minor: data.minor + 1n, patch: 0n }),
    IncPatch: bumped({ patch: data.prerelease === '' ? data.patch + 1n : data.patch }),
    LessThan: compared((order) => order < 0),
    LessThanEqual: compared((order) => order <= 0),
    Major: number(data.major),
    MarshalJSON: goFunction('func() ([]uint8, error)', () => bytes(JSON.stringify(versionText(data)))),
    MarshalText: goFunction('func() ([]uint8, error)', () => bytes(versionText(data))),
    Metadata: text(data.metadata),
    Minor: number(data.minor),
    Original: text(data.original),
    Patch: number(data.patch),
    Prerelease: text(data.prerelease),
    String: text(versionText(data)),
  }
}

function bytes(text: string): GoSlice {
  return new GoSlice(
    Array.from(bytesOf(text), (byte) => new GoNumber('uint8', BigInt(byte))),
    '[]uint8',
  )
}
