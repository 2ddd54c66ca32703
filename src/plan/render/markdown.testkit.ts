/** What GitHub would trip over: tables whose rows differ, fences and details that do not close, mentions, foreign HTML. */
export function problems(markdown: string): string[] {
  const found: string[] = []
  const outside: string[] = []
  let fence: string | undefined
  for (const line of markdown.split('\n')) {
    const mark = /^(`{3,})[^`]*$/.exec(line)?.[1]
    if (fence === undefined && mark) fence = mark
    else if (fence !== undefined && line === fence) fence = undefined
    else if (fence === undefined) outside.push(line)
  }
  if (fence !== undefined) found.push('a fence does not close')
  let columns = 0
  for (const line of outside) {
    const bars = line.replaceAll('\\|', '').split('|').length - 1
    if (!line.startsWith('|')) columns = 0
    else if (columns === 0) columns = bars
    else if (bars !== columns) found.push(`a row has ${bars} bars, not ${columns}: ${line}`)
  }
  const text = withoutCode(outside.join('\n')).replace(/\]\(<https:[^<>\s`]*>\)/g, '')
  const depth = [...text.matchAll(/<(\/?)details(?: open)?>/g)].reduce((sum, [, slash]) => sum + (slash ? -1 : 1), 0)
  if (depth !== 0) found.push('details do not close')
  for (const [tag] of text.matchAll(/<[^>\n]*>/g))
    if (
      !/^<(\/?(details|details open|summary|b|sub|span|a)|a id="[a-z0-9-]*"|!-- airlock:1 \{"digests":\[["0-9a-f,]*\](,"of":\d+,"all":"[0-9a-f]{16}")?\} --)>$/.test(
        tag,
      )
    )
      found.push(`foreign HTML: ${tag}`)
  for (const [mention] of text.matchAll(/@[\w-]+/g)) if (mention !== '@acme') found.push(`a mention: ${mention}`)
  if ((text.match(/-->/g)?.length ?? 0) > 1) found.push('an end of comment')
  if (/(?<!<span>)\$/.test(text)) found.push('a formula')
  if (/GH-\d/i.test(text)) found.push('a reference')
  return found
}

/** Markdown without code spans and escaped characters. */
function withoutCode(markdown: string): string {
  let text = ''
  for (let at = 0; at < markdown.length; at += 1) {
    const run = /^`+/.exec(markdown.slice(at, at + 40))?.[0]
    if (markdown[at] === '\\') {
      text += ' '
      at += 1
    } else if (run === undefined) text += markdown[at]
    else {
      let end = at + run.length
      while (
        end < markdown.length &&
        !(markdown.startsWith(run, end) && markdown[end - 1] !== '`' && markdown[end + run.length] !== '`')
      )
        end += 1
      if (end >= markdown.length) return `${text} <a code span does not close>`
      at = end + run.length - 1
    }
  }
  return text
}
