import { place, UserError } from '../error.ts'
import { reading } from '../git/reading.ts'
import { type Finding, validateStacks } from '../stacks/validate.ts'
import type { Checkout } from './checkout.ts'

/**
 * What `validate stacks` finds in a commit. It stands in nobody's way (many real repositories do not pass it), unless the
 * repository says so.
 * @throws UserError `stacks-invalid` where `integrations.airlock.validate` is `error` and there is an error
 */
export async function manifestFindings({
  tree,
  stacks,
  settings,
}: Pick<Checkout, 'tree' | 'stacks' | 'settings'>): Promise<readonly Finding[]> {
  const findings = await reading([tree], () => found(stacks))
  const error = findings.find(({ severity }) => severity === 'error')
  if (settings.validate === 'warn' || error === undefined) return findings
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : ''
  throw new UserError({
    code: 'stacks-invalid',
    message: `${place(error.at)}: ${error.message}${more}`,
    fix: 'airlock validate stacks lists all of them; integrations.airlock.validate: warn makes them advice',
    at: error.at,
    exit: 2,
  })
}

/** What stops the validation itself is a finding too: it does not stop Airlock. */
function found(stacks: Checkout['stacks']): readonly Finding[] {
  try {
    return validateStacks(stacks)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [{ severity: 'error', at: error.at ?? { file: 'atmos.yaml', line: 1, column: 1 }, message: error.message }]
  }
}
