import { isSpace, lower, lowerLetter, upperLetter } from '../letters.ts'

/** Between two words: `-`, `_` or white space. */
function isConnector(character: string): boolean {
  return character === '-' || character === '_' || isSpace(character)
}

function isUpper(character: string | undefined): boolean {
  return character !== undefined && /\p{Lu}/u.test(character)
}

/** `http_server` as `HttpServer`: capitals after the first of a word's leading ones are lowered, as in `FOO_BAR`. */
export function camelCase(text: string): string {
  const characters = [...text]
  const first = characters.findIndex((it) => !isConnector(it))
  if (first < 0) return text
  let result = characters.slice(0, first).join('')
  let inCapitals = false
  for (let at = first; at < characters.length; at++) {
    const character = characters[at]!
    const wordStart = at === first || isConnector(characters[at - 1]!)
    if (isConnector(character)) {
      // Of several connectors in a row the last is dropped; at the end it stays.
      if (at === characters.length - 1 || isConnector(characters[at + 1]!)) result += character
    } else if (wordStart) {
      inCapitals = isUpper(character)
      result += upperLetter(character)
    } else {
      inCapitals &&= isUpper(character)
      result += inCapitals ? lowerLetter(character) : character
    }
  }
  return result
}

/**
 * `HTTPServerID2` as `http_server_id2`. A word begins at a capital after something else, at the last capital of a run
 * before a small letter, at digits before a small letter, and around symbols and letters that have no case, but nowhere
 * around punctuation; connectors become `connector`, each of them.
 */
export function words(text: string, connector: string): string {
  const characters = [...text]
  let result = ''
  for (const [at, character] of characters.entries()) {
    if (isConnector(character)) {
      result += connector
      continue
    }
    if (at > 0 && !isConnector(characters[at - 1]!) && beginsWord(characters, at)) result += connector
    result += lower(character)
  }
  return result
}

function beginsWord(characters: readonly string[], at: number): boolean {
  const [before, here, after] = [characters[at - 1]!, characters[at]!, characters[at + 1]]
  if (isPunctuation(before) || isPunctuation(here)) return false
  if (isUpper(here)) return !isUpper(before) || isSmall(after)
  if (!isDigit(here)) return isOther(here) !== isOther(before)
  if (isDigit(before)) return false
  const next = characters.slice(at).find((it) => !isDigit(it))
  return isSmall(next) && !inDigitWord(characters, at)
}

/** Whether digits stand in a word that began with digits: the second ones of `2m3s`. */
function inDigitWord(characters: readonly string[], at: number): boolean {
  let start = at - 1
  while (start >= 0 && (isDigit(characters[start]!) || isSmall(characters[start]))) start--
  return isDigit(characters[start + 1]!)
}

function isDigit(character: string): boolean {
  return /\p{Nd}/u.test(character)
}

function isSmall(character: string | undefined): boolean {
  return character !== undefined && /\p{Ll}/u.test(character)
}

function isPunctuation(character: string): boolean {
  return /\p{P}/u.test(character)
}

/** What is neither a letter with a case nor a digit: symbols, letters without a case. */
function isOther(character: string): boolean {
  return !isUpper(character) && !isSmall(character) && !isDigit(character)
}
