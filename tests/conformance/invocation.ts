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

/** Atmos' flags that take a value as the next argument. */
const WITH_VALUE = new Set(['stack', 'planfile', 'redirect-stderr'])
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
])

/** The parts of a call of one component; undefined for any other call: many components, or a flag that is not known here. */
export function invocation(args: readonly string[]): Invocation | undefined {
  const [terraform, command, ...rest] = args
  if (terraform !== 'terraform' || command === undefined) return undefined
  const flags: Record<string, string | true> = {}
  const extra: string[] = []
  let component: string | undefined
  for (let at = 0; at < rest.length; at++) {
    const arg = rest[at]!
    if (arg === '--') {
      extra.push(...rest.slice(at + 1))
      break
    }
    const [, name, value] = /^(?:--|-(?=s$|s=))([a-z-]+)(?:=(.*))?$/.exec(arg) ?? []
    const flag = name === 's' ? 'stack' : name
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
