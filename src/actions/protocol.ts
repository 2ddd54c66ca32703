import type { Note } from './step.ts'

/**
 * What the runner reads in a job's log
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands): a line that begins with `::`.
 * GitHub's own library for it costs 150 ms at every start, and does no more than this.
 */
export function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const given = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`)
  return `::${name}${given.length > 0 ? ` ${given.join(',')}` : ''}::${data(message)}`
}

/** The command that shows a note at a line. */
export function noteCommand({ path, line, column, level, title, message }: Note): string {
  const name = level === 'failure' ? 'error' : level
  const place = {
    ...(path !== undefined && { file: path }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { col: column }),
  }
  return command(name, { ...(title !== undefined && { title }), ...place }, message)
}

/**
 * A text as lines of the log: what Terraform or a file says must not be taken for a command, so that a line cannot begin with
 * the runner's own signs.
 */
export function logLines(text: string): string[] {
  return text.split(/\r?\n|\r/).map((line) => line.replace(/^(\s*)(::|##\[)/, '$1\u200b$2'))
}

/** A value in a file of the runner: `GITHUB_OUTPUT`. The delimiter must be in no line of the value. */
export function fileCommand(name: string, value: string, delimiter: string): string {
  if (value.split('\n').includes(delimiter)) throw new Error(`the value of ${name} holds the delimiter ${delimiter}`)
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
