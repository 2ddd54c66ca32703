import { code, link, words } from './escape.ts'
import type { Sentence } from './input.ts'

/** Sentences as Markdown, one after the other; of more than `most` the rest is only counted. */
export function sentencesText(all: readonly Sentence[], most: number): string {
  const left = all.length - most
  return [...all.slice(0, most).map(sentenceText), ...(left > 0 ? [`And ${left} more.`] : [])].join(' ')
}

/** A sentence as Markdown. */
export function sentenceText(sentence: Sentence): string {
  const left = sentence.length - 40
  const text = sentence
    .slice(0, 40)
    .map(partText)
    .reduce((told, next) => told + (clash(told, next) ? ' ' : '') + next, '')
  return text + (left > 0 ? ' …' : '')
}

/** Marks of two neighbours would be read as one. */
function clash(told: string, next: string): boolean {
  return /[`*]$/.test(told) && /^[`*]/.test(next)
}

function partText(part: Sentence[number]): string {
  if (typeof part === 'string') return words(part)
  if ('code' in part) return code(part.code)
  if ('bold' in part) return `**${words(part.bold)}**`
  if ('link' in part) return link(part.text, part.link)
  return /^@[\w-]+(\/[\w.-]+)?$/.test(part.owner) ? part.owner : code(part.owner)
}
