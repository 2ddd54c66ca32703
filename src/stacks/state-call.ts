import { UserError } from '../error.ts'
import { type Instance, type InstanceId, instanceId, type LateCall } from './instance.ts'

/** What `!terraform.state` or `!terraform.output` asks for. */
export interface StateCall {
  readonly target: InstanceId
  readonly component: string
  readonly stack: string
  /** What is asked of its outputs, in yq's language: `.subnets[0] // "none"`. */
  readonly expression: string
}

/** Whether a late call reads another instance's outputs. */
export function readsState({ name }: LateCall): boolean {
  return name === 'terraform.state' || name === 'terraform.output'
}

/**
 * Takes the arguments apart as Atmos does: two words are component and expression; with a third, the second is the stack.
 * A second word that starts with `.`, `[`, `{`, `|` or a quote begins the expression.
 * @throws UserError `call-invalid`
 */
export function stateCall(call: LateCall, { stack }: Pick<Instance, 'stack'>): StateCall {
  const text = call.args.trim()
  const [, component, rest] = /^(\S+)\s+(.*)$/s.exec(text) ?? []
  if (component === undefined || rest === undefined) throw invalid(call, 'needs a component and an output')
  if (/^[.[{|"']/.test(rest)) return asked(component, stack, unquoted(rest))
  const [, second, expression] = /^(\S+)(?:\s+(.*))?$/s.exec(rest) ?? []
  if (expression === undefined || expression === '') return asked(component, stack, second!)
  if (/\s/.test(expression) && !/^[.[{|"']/.test(expression))
    throw invalid(call, 'has too many words; an expression starts with a dot')
  return asked(component, second!, unquoted(expression))
}

function asked(component: string, stack: string, expression: string): StateCall {
  return { target: instanceId(component, stack), component, stack, expression: dotted(expression) }
}

function dotted(expression: string): string {
  return expression.startsWith('.') ? expression : `.${expression}`
}

function unquoted(text: string): string {
  const [, double] = /^"((?:[^"]|"")*)"$/.exec(text) ?? []
  if (double !== undefined) return double.replaceAll('""', '"')
  const [, single] = /^'((?:[^']|'')*)'$/.exec(text) ?? []
  return single === undefined ? text : single.replaceAll("''", "'")
}

function invalid(call: LateCall, why: string): UserError {
  return new UserError({
    code: 'call-invalid',
    message: `!${call.name} ${call.args}: ${why}`,
    fix: `write it as !${call.name} COMPONENT [STACK] OUTPUT`,
    at: call.at,
    exit: 2,
  })
}
