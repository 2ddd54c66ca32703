import { type Decoder, object, oneOf, text } from './decode.ts'
import { encodeRecord, parseRecord } from './format.ts'

/** What GitHub once answered at an address of its API, as it is stored: the text itself, since its hash is asked about. */
interface StoredAnswer {
  readonly format: 1
  readonly url: string
  readonly body: string
}

const stored: Decoder<StoredAnswer> = object<StoredAnswer>({ format: oneOf(1), url: text, body: text })

/** The object as it is stored. */
export function encodeAnswer(url: string, body: string): Uint8Array {
  return encodeRecord({ format: 1, url, body } satisfies StoredAnswer)
}

/**
 * The answer to a question, as it was stored under `key`; undefined where it is of another question.
 * @throws UserError `record-newer`, `record-unreadable`
 */
export function parseAnswer(url: string, bytes: Uint8Array, key: string): string | undefined {
  const { url: of, body } = parseRecord(stored, bytes, key)
  return of === url ? body : undefined
}
