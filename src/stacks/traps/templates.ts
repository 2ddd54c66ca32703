import { type Position, UserError } from '../../error.ts'
import { TemplateError } from '../../templates/error.ts'
import { functionsFor } from '../../templates/functions.ts'
import { parseTemplate } from '../../templates/template.ts'
import { setIn } from '../context.ts'
import type { Instance } from '../instance.ts'
import type { Stacks } from '../instances.ts'
import { engineOf, styleOf } from '../render.ts'
import { renderText } from '../template.ts'
import type { MapValue } from '../value.ts'
import { type StacksCheck, type Trap, textsOf } from './trap.ts'

/** Templates of `.tmpl` files that are no templates: Atmos takes the file as it is written, braces and all. */
export const swallowedTemplates: StacksCheck = ({ tree, manifests }) => {
  const files = new Set(manifests.flatMap(({ loaded }) => [...loaded.files].filter((file) => file.endsWith('.tmpl'))))
  return [...files].flatMap((file): Trap[] => {
    const error = mistakeIn(tree.text(file) ?? '', file)
    if (error === undefined) return []
    return [
      {
        kind: 'template-swallowed',
        at: { file, line: error.line, column: error.column },
        message: `the template is broken, and the file is taken as it is written: ${error.message.replace(/^template: [^:]*(?::\d+)+: /, '')}`,
        fix: 'mend the template',
      },
    ]
  })
}

function mistakeIn(text: string, name: string): TemplateError | undefined {
  try {
    parseTemplate(text, { name, functions: functionsFor.load })
    return undefined
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
}

/**
 * Templates of components whose result is cut or changed, since Atmos writes it into YAML and reads that again: ` #` begins a
 * comment, `''` is one quote, a line end is a blank.
 */
export const cutTemplates: StacksCheck = (stacks) => {
  if (!stacks.config.templates.enabled) return []
  const manifests = new Map(stacks.manifests.map((manifest) => [manifest.name, manifest]))
  return [...stacks.inventory().values()].flatMap((instance) => {
    const merged = manifests.get(instance.manifest)?.component('terraform', instance.component)
    const raw: MapValue = { ...instance.sections, entries: new Map(merged?.sections) }
    return [...textsOf(raw)].flatMap(([{ value, at }]) => cut(value, at, instance, stacks))
  })
}

function cut(text: string, at: Position, { sections, id }: Instance, { config, ambient }: Stacks): Trap[] {
  if (!text.includes(config.templates.delimiters[0])) return []
  const result = rendered(text, at, sections, () => engineOf(config.templates, { env: setIn(ambient.env) }))
  const loss = result === undefined ? undefined : lossOf(styleOf(text), result)
  if (loss === undefined) return []
  return [
    {
      kind: 'template-cut',
      at,
      message: `the result of ${text} is changed when it is read as YAML: ${loss} (in ${id})`,
      fix: `give it as JSON: !template {{ toJson … }}`,
    },
  ]
}

function lossOf(style: ReturnType<typeof styleOf>, result: string): string | undefined {
  if (style === 'plain' && /\s#/.test(result)) return 'all from " #" on is a comment'
  if (style !== 'single') return undefined
  if (result.includes("''")) return 'two quotes become one'
  return /\n./.test(result) ? 'line ends become blanks' : undefined
}

function rendered(
  text: string,
  at: Position,
  data: MapValue,
  engine: () => ReturnType<typeof engineOf>,
): string | undefined {
  try {
    return renderText(text, data, at, 'no value', engine())
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
