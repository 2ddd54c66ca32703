import type { Position } from '../error.ts'
import { fieldPaths, renderText } from '../stacks/template.ts'
import { asValue, type MapValue } from '../stacks/value.ts'
import { invalid, textIn } from './fields.ts'
import type { Step, Text, Variables } from './workflow.ts'

/** Every combination of a matrix' values, the last key changing fastest. @throws UserError `workflow-invalid` */
export function combinations(
  matrix: MapValue | undefined,
  what: string,
  at: Position,
): Readonly<Record<string, string>>[] {
  if (matrix === undefined || matrix.entries.size === 0) throw invalid(`${what} has no matrix`, at)
  let result: Readonly<Record<string, string>>[] = [{}]
  for (const [key, value] of matrix.entries) {
    if (value.kind !== 'list' || value.items.length === 0)
      throw invalid(`matrix.${key} of ${what} is no list of values`, value.at)
    const texts = value.items.map((item) => textIn(item, `a value of matrix.${key} of ${what}`).text)
    result = result.flatMap((row) => texts.map((text) => ({ ...row, [key]: text })))
  }
  return result
}

/** Steps for one combination: named `plan[dev]`, with what their texts take from the matrix filled in. */
export function withMatrix(steps: readonly Step[], values: Readonly<Record<string, string>>): Step[] {
  return steps.map((step) => stepWith(step, values))
}

function stepWith(step: Step, values: Readonly<Record<string, string>>): Step {
  const suffix = `[${Object.values(values).join(',')}]`
  const fill = (text: Text): Text => filled(text, values)
  const all = (variables: Variables): Variables => new Map([...variables].map(([name, text]) => [name, fill(text)]))
  const facts = {
    name: step.name + suffix,
    env: all(step.env),
    stack: step.stack && fill(step.stack),
    workingDirectory: step.workingDirectory && fill(step.workingDirectory),
    needs: step.needs.map((need) => ({ ...need, text: need.text + suffix })),
    matrix: values,
  }
  switch (step.kind) {
    case 'atmos':
    case 'shell':
      return { ...step, ...facts, command: fill(step.command) }
    case 'script':
      return { ...step, ...facts, script: fill(step.script) }
    case 'env':
      return { ...step, ...facts, variables: all(step.variables) }
    case 'group':
      return { ...step, ...facts, steps: withMatrix(step.steps, values) }
  }
}

/** A text whose fields are all of the matrix; one that asks for more is filled in when it runs. */
function filled({ text, at }: Text, values: Readonly<Record<string, string>>): Text {
  const paths = fieldPaths(text)
  if (paths.length === 0 || paths.some(([first]) => first !== 'matrix')) return { text, at }
  return { text: renderText(text, asValue({ matrix: values }, at) as MapValue, at, 'error'), at }
}
