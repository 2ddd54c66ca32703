import { redactText, type Secrets, secrets } from '../plan/secrets.ts'
import { secretsOf } from '../secrets.ts'
import type { Terminal } from './command.ts'

/**
 * A terminal on which no secret of its environment can be printed: the last door, behind all that is redacted where it
 * arises. What is JSON stays JSON.
 */
export function guarded(terminal: Terminal): Terminal {
  let known: Secrets | undefined
  const hide = (text: string) => {
    known ??= secrets(secretsOf(terminal.env))
    return hideIn(text, known)
  }
  const own: Pick<Terminal, 'print' | 'note' | 'draw' | 'write' | 'append'> = {
    print: (text) => terminal.print(hide(text)),
    note: (text) => terminal.note(hide(text)),
    draw: (text) => terminal.draw(hide(text)),
    write: (file, text) => terminal.write(file, hide(text)),
    append: (file, text) => terminal.append(file, hide(text)),
  }
  // Copied by descriptor: whoever reads `signal` takes it.
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(terminal), ...Object.getOwnPropertyDescriptors(own) },
  ) as Terminal
}

function hideIn(text: string, all: Secrets): string {
  const hidden = redactText(text, all)
  if (hidden === text || !/^\s*[[{"]/.test(text) || !isJson(text) || isJson(hidden)) return hidden
  // A secret that is a number stood where JSON has no quotes.
  return text
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, index) => {
      const left = redactText(part, all)
      return index % 2 === 1 || left === part
        ? left
        : part.replace(/-?\d[\d.eE+-]*/g, (it) =>
            redactText(it, all) === it ? it : JSON.stringify(redactText(it, all)),
          )
    })
    .join('')
}

/** Whether a text is JSON, or a member of a map of JSON, which is printed in pieces when it is long. */
function isJson(text: string): boolean {
  try {
    JSON.parse(/^\s*"/.test(text) ? `{${text.replace(/,\s*$/, '')}}` : text)
    return true
  } catch {
    return false
  }
}
