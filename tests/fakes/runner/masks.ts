/** Texts that never show in a log, a summary or an annotation. */
export interface Masks {
  add(secret: string): void
  hide(text: string): string
  /** Whether a text holds one of them: an output that does is dropped. */
  finds(text: string): boolean
}

export function masks(secrets: Iterable<string>): Masks {
  const hidden = new Set<string>()
  let longestFirst: string[] = []
  const add = (secret: string) => {
    for (const part of [secret, ...secret.split(/\r?\n/)].map((it) => it.trim()))
      if (part !== '') {
        hidden.add(part)
        hidden.add(Buffer.from(part).toString('base64'))
        hidden.add(JSON.stringify(part).slice(1, -1))
        hidden.add(encodeURIComponent(part))
      }
    longestFirst = [...hidden].sort((a, b) => b.length - a.length)
  }
  for (const secret of secrets) add(secret)
  return {
    add,
    hide: (text) => longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '***'), text),
    finds: (text) => [...hidden].some((secret) => text.includes(secret)),
  }
}
