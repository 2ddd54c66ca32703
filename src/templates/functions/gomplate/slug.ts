import { GoError } from '../../value.ts'
import { latin } from './slug-table.ts'

/** Text for the path of a URL: small ASCII letters, digits, `-` and `_`; `&` and `@` as words. */
export function slug(text: string): string {
  const plain = [...text.trim()].map(latinOf).join('').toLowerCase()
  return plain
    .replace(/[^a-z0-9_-]/g, '-')
    .replace(/-+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
}

const words: Readonly<Record<string, string>> = { '&': 'and', '@': 'at', '"': '', "'": '', '‘': '', '’': '' }
const tables = new Map<string, ReadonlyMap<number, string>>()

function latinOf(character: string): string {
  const code = character.codePointAt(0)!
  const word = words[character]
  if (word !== undefined) return word
  if (code < 0x80) return character
  if (isEastAsian(code))
    throw new GoError(`strings.Slug: Airlock does not know how to write ${character} in Latin letters`)
  return table().get(code) ?? ''
}

/** Chinese characters and Korean syllables, for which the table has no room. */
function isEastAsian(code: number): boolean {
  return (code >= 0x4e00 && code < 0xa000) || (code >= 0xac00 && code < 0xd7a4)
}

function table(): ReadonlyMap<number, string> {
  const known = tables.get(latin)
  if (known) return known
  const built = new Map<number, string>()
  for (const line of latin.trim().split('\n')) {
    const [start, ...entries] = line.split(' ')
    let code = Number.parseInt(start!, 16)
    for (const entry of entries) {
      const [value, count = '1'] = entry.split('*')
      for (let index = 0; index < Number(count); index++) built.set(code++, value!)
    }
  }
  tables.set(latin, built)
  return built
}
