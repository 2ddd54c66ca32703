/** The HTML of a comment, as far as our comments use Markdown: headings, tables, lists, details, code, bold, links. */
export function commentHtml(markdown: string): string {
  const lines = markdown.replace(/<!--[\s\S]*?-->/g, '').split('\n')
  const out: string[] = []
  let at = 0
  const while_ = (test: (line: string) => boolean) => {
    const taken: string[] = []
    while (at < lines.length && test(lines[at]!)) taken.push(lines[at++]!)
    return taken
  }
  while (at < lines.length) {
    const line = lines[at]!
    const [, level, heading] = /^(#+) (.*)$/.exec(line) ?? []
    if (level !== undefined) {
      out.push(`<h${level.length}>${inline(heading!)}</h${level.length}>`)
      at++
    } else if (line.startsWith('```')) {
      at++
      out.push(
        `<pre>${while_((it) => !it.startsWith('```'))
          .map(escaped)
          .join('\n')}</pre>`,
      )
      at++
    } else if (line.startsWith('|')) out.push(table(while_((it) => it.startsWith('|'))))
    else if (line.startsWith('- '))
      out.push(
        `<ul>${while_((it) => it.startsWith('- '))
          .map((it) => `<li>${inline(it.slice(2))}</li>`)
          .join('')}</ul>`,
      )
    else if (/^<\/?details>/.test(line)) {
      out.push(line.replace(/<summary>(.*)<\/summary>/, (_, text: string) => `<summary>${inline(text)}</summary>`))
      at++
    } else if (line.trim() === '') at++
    else
      out.push(
        `<p>${while_((it) => it.trim() !== '' && !/^(<\/?details>|\||- )/.test(it))
          .map(inline)
          .join(' ')}</p>`,
      )
  }
  return out.join('\n')
}

function table(lines: readonly string[]): string {
  const cells = (line: string) =>
    line
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => inline(cell.trim().replaceAll('\\|', '|')))
  const [head, , ...rows] = lines
  const row = (line: string, tag: string) =>
    `<tr>${cells(line)
      .map((cell) => `<${tag}>${cell}</${tag}>`)
      .join('')}</tr>`
  return `<table><thead>${row(head!, 'th')}</thead><tbody>${rows.map((it) => row(it, 'td')).join('')}</tbody></table>`
}

/** Code spans stay as they are; all else may be bold, a link, or one of the few elements that comments use. */
function inline(text: string): string {
  const code: string[] = []
  const rest = text.replace(/(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)/g, (_, _ticks, span: string) => {
    code.push(`<code>${escaped(span.trim())}</code>`)
    return `\0${code.length - 1}\0`
  })
  return escaped(rest)
    .replace(/&lt;(\/?(?:b|sub))&gt;/g, '<$1>')
    .replace(/\[([^\]]+)\]\((?:&lt;)?(.+?)(?:&gt;)?\)/g, '<a href="$2">$1</a>')
    .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replace(/\\([\\`*_{}[\]()#+.!|-])/g, '$1')
    .replace(/\0(\d+)\0/g, (_, index: string) => code[Number(index)]!)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
