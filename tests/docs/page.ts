/** A command of a page, and what the page says that it prints. */
export interface Example {
  readonly line: string
  readonly expected: readonly string[]
}

const block = /^```console( terraform)?\n([\s\S]*?)^```$/gm

/** Whether a page shows what real Terraform does. */
export function needsTerraform(page: string): boolean {
  return [...page.matchAll(block)].some(([, terraform]) => terraform !== undefined)
}

/** Every command of a page's console blocks, in order. */
export function examples(page: string): Example[] {
  return [...page.matchAll(block)].flatMap(([, , body]) => examplesOf(body!))
}

function examplesOf(body: string): Example[] {
  return body
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [line, ...rest] = part.trimEnd().split('\n')
      return { line: line!, expected: rest }
    })
}

/** The page with what its commands really printed, where that is another thing than it says. */
export function rewritten(page: string, printed: readonly string[]): string {
  let at = 0
  return page.replace(block, (_, terraform: string | undefined, body: string) => {
    const parts = examplesOf(body).map(({ line, expected }) => {
      const real = printed[at++]!
      const kept = agrees(expected, real) ? expected.join('\n') : real.trimEnd()
      return `$ ${line}\n${kept === '' ? '' : `${kept}\n`}`
    })
    return `\`\`\`console${terraform ?? ''}\n${parts.join('')}\`\`\``
  })
}

/**
 * Whether a command printed what its page says. A line `…` stands for any number of lines; commits, digests, times and the
 * width of columns may differ.
 */
export function agrees(expected: readonly string[], printed: string): boolean {
  const pattern = expected.map((line) => (line.trim() === '…' ? '(?:.*\n)*?' : `${escaped(steady(line))}\n`)).join('')
  const real = printed
    .trimEnd()
    .split('\n')
    .map((line) => `${steady(line)}\n`)
    .join('')
  return new RegExp(`^${pattern}$`).test(real === '\n' ? '' : real)
}

/** A line without what differs from run to run. */
export function steady(line: string): string {
  return line
    .replace(/\b[0-9a-f]{4} [0-9a-f]{4}\b|\b[0-9a-f]{7,}(…|\b)/g, 'HASH')
    .replace(/\b\d+(\.\d+)? (ms|s|min|h|days?)\b( \d+ (s|min)\b)?( ago\b)?|\bjust now\b/g, 'TIME')
    .replace(/\b(\d{4}-\d\d-\d\d |\d+ [A-Z][a-z]{2}( \d{4})? )?\d\d:\d\d UTC/g, 'CLOCK')
    .replace(/\s+/g, ' ')
    .trimEnd()
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
