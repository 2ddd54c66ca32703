import { callIn } from '../functions.ts'
import type { Value } from '../value.ts'
import { type ManifestCheck, sourceAt, type Trap, textsOf, within } from './trap.ts'

/** Dates without quotes: Atmos makes an empty map of each, in every section, and two different dates are equal to it. */
export const dates: ManifestCheck = ({ value }, { tree }) =>
  [...within(value)].flatMap(([item]): Trap[] => {
    if (item.kind !== 'map' || item.time === undefined) return []
    const written = /^[^\s,#\]}]+(?: [\d:.+-]+)?/.exec(sourceAt(tree, item.at))?.[0] ?? item.time
    return [
      {
        kind: 'date-empty',
        at: item.at,
        message: `the date ${written} comes out as {}, and a change of it is not seen`,
        fix: `quote it: "${written}"`,
      },
    ]
  })

/** Numbers with a leading zero: octal where their digits allow it, else the number without the zero. */
export const leadingZeros: ManifestCheck = ({ value }, { tree }) =>
  [...within(value)].flatMap(([item]): Trap[] => {
    if (!isNumber(item)) return []
    const written = /^[-+]?0[0-9_]+(?=[\s,\]}]|$)/.exec(sourceAt(tree, item.at))?.[0]
    if (written === undefined) return []
    return [
      {
        kind: 'number-changed',
        at: item.at,
        message: `${written} is read as ${item.value}${/[89]/.test(written) ? '' : ', an octal number'}`,
        fix: `quote it: "${written}"`,
      },
    ]
  })

function isNumber(value: Value): value is Extract<Value, { kind: 'scalar' }> & { value: number | bigint } {
  return value.kind === 'scalar' && (typeof value.value === 'number' || typeof value.value === 'bigint')
}

/** Functions that Atmos evaluates in atmos.yaml alone: in a stack they stay the text they are. */
export const keptFunctions: ManifestCheck = ({ value }) =>
  [...textsOf(value)].flatMap(([item]): Trap[] => {
    const [name] = /^!(?:random|cwd|cel)(?= |$)/.exec(item.value) ?? []
    if (name === undefined) return []
    return [
      {
        kind: 'function-kept',
        at: item.at,
        message: `${name} is not evaluated in a stack: the value is the text "${item.value}"`,
        fix: 'write the value out, or use !exec',
      },
    ]
  })

/** `!literal` protects a text neither from templates nor from functions. */
export const uselessLiterals: ManifestCheck = ({ value }, { tree, config }) =>
  [...textsOf(value)].flatMap(([item]): Trap[] => {
    const isCall = callIn(item.value) !== undefined
    const isTemplate = config.templates.enabled && item.value.includes('{{')
    if (!(isCall || isTemplate) || !sourceAt(tree, item.at).startsWith('!literal')) return []
    return [
      {
        kind: 'literal-useless',
        at: item.at,
        message: `!literal protects nothing: the ${isCall ? 'function is run' : 'template is rendered'} all the same`,
        fix: isCall
          ? 'let the text not begin with the function, or give the value to Terraform in another way'
          : 'write the braces as a template of a text: {{ "{{" }}',
      },
    ]
  })
