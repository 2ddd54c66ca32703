import { type Hiding, shownValue } from '../affected/hide.ts'
import { UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import { redactText, secrets } from '../plan/secrets.ts'
import { secretsOf } from '../secrets.ts'
import { type Explained, explain, type Said } from '../stacks/explain.ts'
import { resolveStacks } from '../stacks/instances.ts'
import { sensitiveVariables } from '../stacks/modules.ts'
import { closest } from '../words.ts'
import type { World } from './world.ts'

/** What to explain: an instance, or one part of it. */
export interface ExplainRequest {
  readonly component: string
  readonly stack: string
  /** `vars.cidr`; left out: everything. */
  readonly path?: string
}

/**
 * Where values of an instance come from, in the work tree as it lies on disk.
 * @throws UserError `value-unknown` where the instance has nothing at the path
 */
export async function explained(
  { repo, ambient }: Pick<World, 'repo' | 'ambient'>,
  { component, stack, path }: ExplainRequest,
): Promise<Explained[]> {
  const tree = await repo.workTree((file) => /\.(ya?ml|tmpl)$/.test(file))
  return reading([tree], (it) => {
    const stacks = resolveStacks(it!, ambient)
    const hiding = {
      sensitive: sensitiveVariables(it!, stacks.instance(component, stack).folder),
      secrets: secrets(secretsOf(ambient.env)),
    }
    if (path === undefined) return explain(stacks, component, stack).map((value) => shown(value, hiding))
    const found = explain(stacks, component, stack, segments(path))
    if (found.length === 0) throw nothingAt(path, component, stack, explain(stacks, component, stack))
    return found.map((value) => shown(value, hiding))
  })
}

function shown({ path, wins, over, template, reads }: Explained, hiding: Hiding): Explained {
  const hide = (said: Said): Said => ({ ...said, value: shownValue(path, said.value, hiding) })
  const text = template && shownValue(path, template.text, hiding)
  return {
    ...(template && { template: { ...template, text: String(text) } }),
    ...(reads && { reads: reads.map((call) => String(shownValue(path, call, hiding))) }),
    path: path.map((step) => redactText(step, hiding.secrets)),
    wins: hide(wins),
    over: over.map(hide),
  }
}

/** The segments of `vars.tags.team`, or of `.vars.list[0]`. */
export function segments(path: string): string[] {
  return path
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((segment) => segment !== '')
}

function nothingAt(path: string, component: string, stack: string, all: readonly Explained[]): UserError {
  const known = new Set(all.flatMap(({ path: leaf }) => leaf.map((_, index) => leaf.slice(0, index + 1).join('.'))))
  const near = closest(segments(path).join('.'), known)
  return new UserError({
    code: 'value-unknown',
    message: `${component} in ${stack} has no ${path}`,
    fix: near ? `did you mean ${near}?` : `airlock explain ${component} -s ${stack} lists what it has`,
    exit: 2,
  })
}
