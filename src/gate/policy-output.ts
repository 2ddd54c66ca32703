const mostLines = 5
const mostCharacters = 200

/** The last lines of what a policy said, as a reason to show: without colours, blank lines and what is too long. */
export function lastLines(output: string): string[] {
  return output
    .replace(/\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-mostLines)
    .map((line) => (line.length > mostCharacters ? `${line.slice(0, mostCharacters - 1)}…` : line))
}
