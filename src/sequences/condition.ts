import { type Position, UserError } from '../error.ts'
import { kindOf, type Value } from '../stacks/value.ts'
import { closest } from '../words.ts'
import { type Cel, celNames, celValue, parseCel } from './cel.ts'

/** When a step runs, or its failure is forgiven. */
export type Condition =
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'cel'; readonly cel: Cel; readonly text: string; readonly at: Position }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }

const words = ['ci', 'local', 'always', 'never', 'success', 'failure'] as const
type Word = (typeof words)[number]

/** What conditions ask about. */
export interface Facts {
  readonly ci: boolean
  readonly status: 'success' | 'failure'
  readonly stack: string
  readonly workflow: string
  readonly step: string
  /** What the workflow and the step set; not what surrounds the process. */
  readonly env: Readonly<Record<string, string>>
  readonly matrix: Readonly<Record<string, string>>
}

/** Parses `when` or `continue`. @throws UserError `condition-invalid` */
export function parseCondition(value: Value): Condition {
  if (value.kind === 'list') return { kind: 'all', of: value.items.map(parseCondition) }
  if (value.kind === 'map') {
    const parts = [...value.entries].map(([key, item]): Condition => {
      if (key === 'not') return { kind: 'not', of: parseCondition(item) }
      if (key === 'all' || key === 'any') {
        if (item.kind !== 'list') throw invalid(`${key} takes a list, not a ${kindOf(item)}`, item.at)
        return { kind: key, of: item.items.map(parseCondition) }
      }
      throw invalid(`a condition has no "${key}"`, item.key ?? item.at, 'there are all, any and not')
    })
    return parts.length === 1 ? parts[0]! : { kind: 'all', of: parts }
  }
  if (typeof value.value === 'boolean') return { kind: 'word', word: value.value ? 'always' : 'never' }
  if (typeof value.value !== 'string') throw invalid(`a condition is no ${kindOf(value)}`, value.at)
  const text = value.value.replace(/^!cel\s+/, '').trim()
  const word = words.find((it) => it === text)
  if (word !== undefined) return { kind: 'word', word }
  const near = /^\w+$/.test(text) ? closest(text, words) : undefined
  if (/^\w+$/.test(text) && near !== undefined)
    throw invalid(`"${text}" is no condition`, value.at, `did you mean ${near}?`)
  return { kind: 'cel', cel: parseCel(text, value.at), text, at: value.at }
}

/**
 * Whether a step runs. A condition that says nothing of success or failure asks for success so far besides.
 * @throws UserError `condition-invalid`
 */
export function holds(condition: Condition | undefined, facts: Facts): boolean {
  if (condition === undefined) return facts.status === 'success'
  return (speaksOfStatus(condition) || facts.status === 'success') && met(condition, facts)
}

/** Whether a step's failure is forgiven: never, where nothing is said. */
export function forgives(condition: Condition | undefined, facts: Facts): boolean {
  return condition !== undefined && met(condition, { ...facts, status: 'failure' })
}

function met(condition: Condition, facts: Facts): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((it) => met(it, facts))
    case 'any':
      return condition.of.some((it) => met(it, facts))
    case 'not':
      return !met(condition.of, facts)
    case 'word':
      return wordMet(condition.word, facts)
    case 'cel': {
      const { ci, status, stack, workflow, step, env, matrix } = facts
      const value = celValue(
        condition.cel,
        { ci, status, stack, workflow, step, env, matrix, component: '' },
        condition.at,
      )
      if (typeof value === 'boolean') return value
      throw invalid(`${condition.text} is neither true nor false, but ${JSON.stringify(value)}`, condition.at)
    }
  }
}

function wordMet(word: Word, { ci, status }: Facts): boolean {
  switch (word) {
    case 'ci':
      return ci
    case 'local':
      return !ci
    case 'always':
      return true
    case 'never':
      return false
    default:
      return word === status
  }
}

function speaksOfStatus(condition: Condition): boolean {
  if (condition.kind === 'word') return ['success', 'failure', 'always'].includes(condition.word)
  if (condition.kind === 'cel') return celNames(condition.cel).includes('status')
  return condition.kind === 'not' ? speaksOfStatus(condition.of) : condition.of.some(speaksOfStatus)
}

function invalid(message: string, at: Position, fix = `there are ${words.join(', ')}, and expressions`): UserError {
  return new UserError({ code: 'condition-invalid', message, fix, at, exit: 2 })
}
