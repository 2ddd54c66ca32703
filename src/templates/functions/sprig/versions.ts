import { type GoFunctions, goFunction } from '../../value.ts'
import { goVersion, version } from '../semver.ts'
import { constraints, meets } from '../semver-constraints.ts'

/** sprig's versions. */
export const versionFunctions: GoFunctions = {
  semver: goFunction('func(string) (*semver.Version, error)', (text: string) => goVersion(version(text))),
  semverCompare: goFunction('func(string, string) (bool, error)', (constraint: string, text: string) => {
    const read = constraints(constraint)
    return meets(read, version(text))
  }),
}
