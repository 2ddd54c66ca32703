/** Letters whose capital at the start of a word differs from the capital elsewhere. */
const titles: ReadonlyMap<string, string> = new Map([
  ...[...'ǄǅǆǇǈǉǊǋǌǱǲǳ'].map((letter, index): [string, string] => [letter, 'ǅǈǋǲ'[Math.floor(index / 3)]!]),
  ['ᾳ', 'ᾼ'],
  ['ῃ', 'ῌ'],
  ['ῳ', 'ῼ'],
])

const wordPart = /[\p{L}\p{N}\p{M}\p{Pc}\p{Cf}]/u
const cased = /\p{Cased}/u
/** What stands within a word when letters are on both sides of it. */
const betweenLetters = /['.’‘․·:‧︓﹕﹒＇．：·]/u

/**
 * Every word with a capital first and small letters after it, as golang.org/x/text has it for no language: words go on
 * over apostrophes and points between letters.
 */
export function titled(text: string): string {
  const characters = [...text]
  let result = ''
  let begun = false
  characters.forEach((character, at) => {
    if (!wordPart.test(character)) {
      const joins = betweenLetters.test(character) && isLetter(characters[at - 1]) && isLetter(characters[at + 1])
      if (!joins) begun = false
      result += character
    } else if (!cased.test(character)) result += character
    else {
      result += begun ? lowered(characters, at) : capital(character)
      begun = true
    }
  })
  return result
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{M}]/u.test(character)
}

/** JavaScript's rules for a final sigma need the letters around it. */
function lowered(characters: readonly string[], at: number): string {
  if (characters[at] !== 'Σ') return characters[at]!.toLowerCase()
  const before = characters.slice(0, at).join('')
  const rest = characters.slice(at).join('')
  return (before + rest).toLowerCase().slice(before.toLowerCase().length)[0]!
}

function capital(letter: string): string {
  const known = titles.get(letter)
  if (known !== undefined) return known
  const [first = '', ...rest] = [...letter.toUpperCase()]
  if (rest.length === 0) return first
  return cased.test(first) && !/\p{Lm}/u.test(first) ? first + rest.join('').toLowerCase() : first + rest.join('')
}
