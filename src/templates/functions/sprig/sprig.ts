import type { GoFunctions } from '../../value.ts'
import { cryptoFunctions } from './crypto.ts'
import { dateFunctions } from './dates.ts'
import { defaultFunctions } from './defaults.ts'
import { dictFunctions } from './dicts.ts'
import { encodingFunctions } from './encoding.ts'
import { listFunctions } from './lists.ts'
import { mathFunctions } from './math.ts'
import { pathFunctions } from './paths.ts'
import { regexFunctions } from './regexes.ts'
import { stringFunctions } from './strings.ts'
import { typeFunctions } from './types.ts'
import { urlFunctions } from './urls.ts'
import { versionFunctions } from './versions.ts'
import { worldFunctions } from './world.ts'

/** Every function of sprig 3.3.0's text templates. */
export const sprigFunctions: GoFunctions = {
  ...cryptoFunctions,
  ...dateFunctions,
  ...defaultFunctions,
  ...dictFunctions,
  ...encodingFunctions,
  ...listFunctions,
  ...mathFunctions,
  ...pathFunctions,
  ...regexFunctions,
  ...stringFunctions,
  ...typeFunctions,
  ...urlFunctions,
  ...versionFunctions,
  ...worldFunctions,
}
