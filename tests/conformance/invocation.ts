/** `atmos terraform <command> <component> -s <stack> …`, taken apart. */
export interface Invocation {
  readonly command: string
  readonly component: string
  readonly stack: string
  /** Atmos' own flags, without dashes; `true` for one without value. */
  readonly flags: Readonly<Record<string, string | true>>
  /** What is handed on to Terraform, in order. */
  readonly extra: readonly string[]
}

/** Commands of two words. */
const TWO_WORDS: Readonly<Record<string, readonly string[]>> = {
  workspace: ['list', 'show', 'select', 'new', 'delete'],
  state: ['list', 'mv', 'rm', 'pull', 'push', 'show', 'replace-provider'],
  providers: ['lock', 'schema', 'mirror'],
  generate: ['varfile', 'backend', 'files', 'required-providers', 'planfile'],
  metadata: ['functions'],
}

/** Atmos' flags that take a value as the next argument. */
const WITH_VALUE = new Set(['stack', 'planfile', 'redirect-stderr', 'file', 'format'])
/** Atmos' flags that are switches, or take `=value`. */
const SWITCHES = new Set([
  'dry-run',
  'skip-init',
  'skip-planfile',
  'from-plan',
  'auto-generate-backend-file',
  'init-run-reconfigure',
  'deploy-run-init',
  'process-templates',
  'process-functions',
  'mask',
  'force',
])

/** The parts of a call of one component; undefined for any other call: many components, or a flag that is not known here. */
export function invocation(args: readonly string[]): Invocation | undefined {
  const [terraform, first, ...others] = args[0] === '--chdir' ? args.slice(2) : args
  if ((terraform !== 'terraform' && terraform !== 'tf') || first === undefined) return undefined
  const isTwoWords = TWO_WORDS[first]?.includes(others[0] ?? '') === true
  const command = isTwoWords ? `${first} ${others[0]}` : first
  const rest = isTwoWords ? others.slice(1) : others
  const flags: Record<string, string | true> = {}
  const extra: string[] = []
  let component: string | undefined
  for (let at = 0; at < rest.length; at++) {
    const arg = rest[at]!
    if (arg === '--') {
      extra.push(...rest.slice(at + 1))
      break
    }
    const [, name, value] = /^(?:--|-(?=[sf]$|[sf]=))([a-z-]+)(?:=(.*))?$/.exec(arg) ?? []
    const flag = name === 's' ? 'stack' : name === 'f' ? 'file' : name
    if (flag && WITH_VALUE.has(flag)) flags[flag] = value ?? rest[++at] ?? ''
    else if (flag && SWITCHES.has(flag)) flags[flag] = value ?? true
    else if (flag) return undefined
    else if (arg.startsWith('-')) {
      extra.push(arg)
      // Terraform's flags that take their value apart from it.
      if (/^-(var|out|var-file|target|replace)$/.test(arg) && rest[at + 1] !== undefined) extra.push(rest[++at]!)
    } else if (component === undefined) component = arg
    else extra.push(arg)
  }
  if (component === undefined) return undefined
  // Without --stack the name is empty, and no stack has that name.
  return { command, component, stack: typeof flags.stack === 'string' ? flags.stack : '', flags, extra }
}
