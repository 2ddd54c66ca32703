import { bytesOf, textOfBytes } from '../../bytes.ts'
import { GoError, type GoFunctions, GoPanic, type GoValue, goFunction } from '../../value.ts'
import { base32Text, decodedBase32, decodedBase64 } from '../base-encodings.ts'
import { goJson, type JsonStyle } from '../json.ts'
import { parsedJson } from '../json-reading.ts'

const pretty: JsonStyle = { indent: '  ' }
const raw: JsonStyle = { escapeHtml: false }

/** sprig's functions that write text in another way, and read it. */
export const encodingFunctions: GoFunctions = {
  b32dec: goFunction('func(string) string', (text: string) => orMessage(() => textOfBytes(decodedBase32(text)))),
  b32enc: goFunction('func(string) string', (text: string) => base32Text(bytesOf(text))),
  b64dec: goFunction('func(string) string', (text: string) => orMessage(() => textOfBytes(decodedBase64(text)))),
  b64enc: goFunction('func(string) string', (text: string) => Buffer.from(bytesOf(text)).toString('base64')),
  fromJson: goFunction('func(string) any', (text: string) => orElse(() => parsedJson(text), null)),
  mustFromJson: goFunction('func(string) (any, error)', parsedJson),
  mustToJson: goFunction('func(any) (string, error)', (value: GoValue) => goJson(value)),
  mustToPrettyJson: goFunction('func(any) (string, error)', (value: GoValue) => goJson(value, pretty)),
  mustToRawJson: goFunction('func(any) (string, error)', (value: GoValue) => goJson(value, raw)),
  toJson: goFunction('func(any) string', (value: GoValue) => orElse(() => goJson(value), '')),
  toPrettyJson: goFunction('func(any) string', (value: GoValue) => orElse(() => goJson(value, pretty), '')),
  toRawJson: goFunction('func(any) string', (value: GoValue) => {
    try {
      return goJson(value, raw)
    } catch (cause) {
      if (cause instanceof GoError) throw new GoPanic(cause.message)
      throw cause
    }
  }),
}

function orElse(compute: () => GoValue, otherwise: GoValue): GoValue {
  try {
    return compute()
  } catch (cause) {
    if (cause instanceof GoError) return otherwise
    throw cause
  }
}

/** sprig answers with the error's words where it cannot decode. */
function orMessage(compute: () => string): string {
  try {
    return compute()
  } catch (cause) {
    if (cause instanceof GoError) return cause.message
    throw cause
  }
}
