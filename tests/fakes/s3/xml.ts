/** A text as it stands in an element. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (it) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[it]!)
}

/** `<name>…</name>` around parts that are elements already. */
export function element(name: string, ...parts: readonly string[]): string {
  return `<${name}>${parts.join('')}</${name}>`
}

/** `<name>text</name>` */
export function leaf(name: string, text: string | number | boolean): string {
  return element(name, escaped(String(text)))
}

/** A whole answer of S3. */
export function answer(name: string, ...parts: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</${name}>`
}

/** Contents of every element with a name, in order; elements of that name do not nest in what S3 is sent. */
export function contents(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map((it) => it[1]!)
}

/** The text of the first element with a name. */
export function text(xml: string, name: string): string | undefined {
  const found = contents(xml, name)[0]
  return found
    ?.replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&amp;/g, '&')
}
