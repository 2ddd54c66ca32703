/** A command that a shell would have to read: it runs another one to know its words. */
export class NotPlain extends Error {}

const token =
  /(?<blank>\s+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[\s\S])*)"|\\(?<escaped>[\s\S])|(?<shell>[`|&;<>()]|\$\()|\$(?:(?<name>\w+)|\{(?<braced>\w+)\})|(?<open>["'])|(?<plain>[\s\S])/g

/**
 * The words of a command line, as a shell splits it: quotes are taken off, `$NAME` and `${NAME}` are filled in, names of
 * files are not looked for.
 * @throws NotPlain for `$(…)`, backticks, operators such as `&&` and `|`, and a quote that does not end
 */
export function splitWords(line: string, env: Readonly<Record<string, string | undefined>>): string[] {
  const words: string[] = []
  let word: string | undefined
  const add = (text: string) => {
    word = (word ?? '') + text
  }
  const end = () => {
    if (word !== undefined) words.push(word)
    word = undefined
  }
  const value = (name: string) => env[name] ?? ''
  for (const { groups = {} } of line.matchAll(token)) {
    const { blank, single, double, escaped, shell, name, braced, open, plain } = groups
    if (blank !== undefined) end()
    else if (single !== undefined) add(single)
    else if (double !== undefined) add(inQuotes(double, value))
    else if (escaped !== undefined) add(escaped === '\n' ? '' : escaped)
    else if (shell !== undefined) throw new NotPlain(`${shell} is for a shell to read`)
    else if (open !== undefined) throw new NotPlain('a quote does not end')
    else if (plain !== undefined) add(plain)
    else {
      // What a variable holds is split into words too, where no quotes are around it.
      const [first, ...more] = value(name ?? braced!).split(/\s+/)
      if (first) add(first)
      for (const it of more) {
        end()
        if (it) add(it)
      }
    }
  }
  end()
  return words
}

function inQuotes(text: string, value: (name: string) => string): string {
  if (/(?<!\\)(?:`|\$\()/.test(text)) throw new NotPlain('a command inside a command is for a shell to read')
  return text.replace(/\\([$"\\`\n])|\$(?:(\w+)|\{(\w+)\})/g, (_, escaped?: string, name?: string, braced?: string) =>
    escaped !== undefined ? (escaped === '\n' ? '' : escaped) : value(name ?? braced!),
  )
}

/** A word as a shell reads it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
