/** What a fake terraform obeys (`TRACE_*` of the recorded runs), and where it is called. */
export interface Fake {
  readonly env: Readonly<Record<string, string>>
  /** Name of the component's folder, which `TRACE_FAIL` is matched against together with the arguments. */
  readonly folder: string
  /** The workspace that the folder was left in. */
  readonly current: string | undefined
}

/** Exit code of one call. */
function exitCode({ env, folder }: Fake, args: readonly string[]): number {
  const fail = env.TRACE_FAIL
  if (fail !== undefined && new RegExp(fail).test(`${folder} ${args.join(' ')}`))
    return Number(env.TRACE_FAIL_CODE ?? 1)
  if (args[0] === 'workspace' && args[1] === 'select' && env.TRACE_WORKSPACE_MISSING === '1') return 1
  return args[0] === 'plan' ? Number(env.TRACE_PLAN_CODE ?? 0) : 0
}

/** Exit code of a whole run: init, the workspace (made where it cannot be selected), then the command itself. */
export function runExitCode(
  fake: Fake,
  {
    init,
    workspace,
    command,
  }: { init: readonly string[] | undefined; workspace: string | undefined; command: readonly string[] },
): number {
  if (init) {
    const code = exitCode(fake, init)
    if (code !== 0) return code
  }
  if (workspace !== undefined) {
    const selected = exitCode(fake, ['workspace', 'select', '-or-create', workspace])
    const made = selected === 1 ? exitCode(fake, ['workspace', 'new', workspace]) : selected
    if (made !== 0 && fake.current !== workspace) return made
  }
  return exitCode(fake, command)
}
