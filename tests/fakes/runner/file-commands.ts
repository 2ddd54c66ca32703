import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** GitHub takes this much of a step's summary, and this much of a job's outputs. */
export const maxSummaryBytes = 1024 * 1024
export const maxOutputsBytes = 1024 * 1024

const names = ['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'] as const

/** The files in which a step leaves what it has to say: `GITHUB_OUTPUT` and its like. */
export interface StepFiles {
  readonly env: Readonly<Record<string, string>>
  /** @throws Error for a line that is no `name=value`, and for a heredoc that does not end */
  read(): {
    readonly outputs: ReadonlyMap<string, string>
    readonly env: ReadonlyMap<string, string>
    readonly state: ReadonlyMap<string, string>
    readonly paths: readonly string[]
    readonly summary: string
    readonly summaryBytes: number
  }
}

export function stepFiles(folder: string, id: string): StepFiles {
  mkdirSync(folder, { recursive: true })
  const path = (name: string) => join(folder, `${name.toLowerCase()}_${id}`)
  for (const name of names) writeFileSync(path(name), '')
  const text = (name: string) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '')
  return {
    env: Object.fromEntries(names.map((name) => [`GITHUB_${name}`, path(name)])),
    read: () => ({
      outputs: pairs(text('OUTPUT'), 'output'),
      env: pairs(text('ENV'), 'environment variable'),
      state: pairs(text('STATE'), 'state'),
      paths: text('PATH')
        .split(/\r?\n/)
        .filter((line) => line !== ''),
      summary: text('STEP_SUMMARY'),
      summaryBytes: existsSync(path('STEP_SUMMARY')) ? statSync(path('STEP_SUMMARY')).size : 0,
    }),
  }
}

/** `name=value`, or `name<<MARK`, lines, `MARK`. */
function pairs(text: string, what: string): Map<string, string> {
  const found = new Map<string, string>()
  const lines = text.split(/\r?\n/)
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!
    if (line === '') continue
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')]
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) found.set(line.slice(0, equals), line.slice(equals + 1))
    else if (heredoc > 0) {
      const end = lines.indexOf(line.slice(heredoc + 2), index + 1)
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${line.slice(heredoc + 2)}'`)
      found.set(line.slice(0, heredoc), lines.slice(index + 1, end).join('\n'))
      index = end
    } else throw new Error(`Unable to process file command for ${what} successfully. Invalid format '${line}'`)
  }
  return found
}
