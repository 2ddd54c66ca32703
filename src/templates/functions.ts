import { atmosFunctions, collectKeysFunction } from './functions/atmos.ts'
import { gomplateFunctions } from './functions/gomplate/gomplate.ts'
import { sprigFunctions } from './functions/sprig/sprig.ts'
import type { GoFunctions } from './value.ts'

/**
 * Where Atmos renders templates: while stack files are loaded, in components (with both libraries, with one, with
 * none), and in `locals`.
 */
export type FunctionSet = 'load' | 'component' | 'component:gomplate' | 'component:sprig' | 'component:none' | 'locals'

/** The functions that templates have there, besides those of the language; of two with one name the later library's. */
export const functionsFor: Readonly<Record<FunctionSet, GoFunctions>> = {
  load: { ...gomplateFunctions, ...sprigFunctions, ...atmosFunctions },
  component: { ...gomplateFunctions, ...sprigFunctions, ...atmosFunctions },
  'component:gomplate': { ...gomplateFunctions, ...atmosFunctions },
  'component:sprig': { ...sprigFunctions, ...atmosFunctions },
  'component:none': atmosFunctions,
  locals: { ...sprigFunctions, ...collectKeysFunction },
}
