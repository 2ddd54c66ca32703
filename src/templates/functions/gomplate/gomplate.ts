import type { GoFunctions } from '../../value.ts'
import { base64Functions } from './base64.ts'
import { collFunctions } from './coll.ts'
import { convFunctions } from './conv.ts'
import { cryptoFunctions } from './crypto.ts'
import { dataFunctions } from './data.ts'
import { mathFunctions } from './math.ts'
import { netFunctions } from './net.ts'
import { pathFunctions } from './path.ts'
import { randomFunctions } from './random.ts'
import { regexpFunctions } from './regexp.ts'
import { stringsFunctions } from './strings.ts'
import { testFunctions } from './test.ts'
import { timeFunctions } from './time.ts'
import { uuidFunctions } from './uuid.ts'
import { worldFunctions } from './world.ts'

/** The functions of gomplate 3.11.8 that Atmos 1.227 gives to templates, and its namespaces. */
export const gomplateFunctions: GoFunctions = {
  ...base64Functions,
  ...collFunctions,
  ...convFunctions,
  ...cryptoFunctions,
  ...dataFunctions,
  ...mathFunctions,
  ...netFunctions,
  ...pathFunctions,
  ...randomFunctions,
  ...regexpFunctions,
  ...stringsFunctions,
  ...testFunctions,
  ...timeFunctions,
  ...uuidFunctions,
  ...worldFunctions,
}
