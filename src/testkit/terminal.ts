import type { Terminal } from '../cli/command.ts'

/** A terminal that keeps what was written to it. */
export interface RecordedTerminal extends Terminal {
  /** All of stdout so far. */
  printed(): string
  /** All of stderr so far. */
  noted(): string
  /** Files that were written, by name. */
  readonly files: ReadonlyMap<string, string>
}

/** A terminal for tests: no colours, 80 columns, no progress, unless told otherwise. */
export function recordedTerminal(options: Partial<Terminal> = {}): RecordedTerminal {
  const files = new Map<string, string>()
  let out = ''
  let err = ''
  const ended = (text: string) => (text.endsWith('\n') ? text : `${text}\n`)
  return {
    cwd: '/repo',
    env: {},
    tty: false,
    color: false,
    noteColor: false,
    progress: 'none',
    width: 80,
    signal: new AbortController().signal,
    write: async (file, text) => {
      files.set(file, text)
    },
    append: async (file, text) => {
      files.set(file, (files.get(file) ?? '') + text)
    },
    resolve: (path) => path,
    ask: async () => undefined,
    print: (text) => {
      out += ended(text)
    },
    note: (text) => {
      err += ended(text)
    },
    draw: (text) => {
      err += text
    },
    ...options,
    files,
    printed: () => out,
    noted: () => err,
  }
}
