/** Which keys and types of workflow files Airlock honours, which only change how things look, and which it refuses. */

/** Types of steps that run here. */
export const stepTypes = ['atmos', 'shell', 'script', 'env', 'parallel', 'matrix'] as const

/** Types of steps that Atmos 1.227 knows and Airlock does not run. */
export const otherTypes: readonly string[] = [
  ...['exec', 'wait', 'wait-all', 'cancel', 'input', 'confirm', 'choose', 'container', 'http', 'file', 'archive'],
  ...['simulate', 'sleep', 'spin', 'markdown', 'style', 'table', 'write', 'filter', 'emulator', 'output'],
]

/** Keys that change only what is shown. */
const looks: readonly string[] = ['title', 'viewport', 'show', 'output', 'hint', 'description']

/** Keys of a step by its type, beside those that every step may have. */
const own: Readonly<Record<(typeof stepTypes)[number], readonly string[]>> = {
  atmos: ['command', 'stack', 'retry'],
  shell: ['command', 'stack', 'working_directory', 'retry', 'timeout'],
  script: ['script', 'interpreter', 'stack', 'working_directory', 'retry', 'timeout'],
  env: ['vars'],
  parallel: ['steps', 'max_concurrency', 'fail'],
  matrix: ['steps', 'max_concurrency', 'fail', 'matrix'],
}

const everywhere: readonly string[] = ['name', 'type', 'env', 'when', 'continue', 'needs']

/** Keys that a step of a type may have. */
export function stepKeys(type: (typeof stepTypes)[number]): KeySet {
  // Atmos ignores a working directory of its own steps, and so it does no harm.
  const idle = type === 'atmos' ? ['working_directory', ...looks] : looks
  return { honoured: [...everywhere, ...own[type]], idle, known: knownStepKeys }
}

/** Keys of one kind of map: honoured, without effect, and known to Atmos only. */
export interface KeySet {
  readonly honoured: readonly string[]
  readonly idle: readonly string[]
  readonly known: readonly string[]
}

const knownStepKeys: readonly string[] = [
  ...new Set([...everywhere, ...looks, ...Object.values(own).flat()]),
  ...['identity', 'container', 'preconditions', 'inputs', 'artifacts', 'outputs', 'tty', 'interactive', 'background'],
  ...['prompt', 'default', 'placeholder', 'options', 'mode', 'rate', 'write_rate', 'text', 'content', 'separator'],
  ...['path', 'foreground', 'border', 'padding', 'margin', 'align', 'level', 'print', 'url', 'method', 'body', 'shell'],
  ...['key', 'regex', 'duration', 'interval', 'action', 'provider', 'component', 'format', 'destination', 'subpath'],
  ...['args', 'extensions', 'columns', 'voice', 'include', 'exclude', 'files', 'tools', 'dirs', 'password', 'multiple'],
  ...['limit', 'height', 'count', 'width', 'code', 'repeat', 'fields', 'headers', 'query', 'form', 'defaults', 'with'],
  ...['data', 'source', 'expect', 'jitter', 'for', 'export', 'markdown', 'runtime', 'ephemeral', 'reset', 'cursor'],
]

export const workflowKeys: KeySet = {
  honoured: ['description', 'stack', 'working_directory', 'env', 'dependencies', 'steps'],
  idle: looks,
  known: ['container'],
}

export const fileKeys: KeySet = { honoured: ['workflows'], idle: ['name', 'description'], known: [] }

export const dependencyKeys: KeySet = { honoured: ['workflows'], idle: [], known: ['tools', 'commands'] }

export const retryKeys: KeySet = {
  honoured: ['max_attempts', 'backoff_strategy', 'initial_delay', 'max_delay', 'multiplier'],
  idle: [],
  known: ['max_elapsed_time', 'random_jitter'],
}
