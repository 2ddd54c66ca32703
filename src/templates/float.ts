/** How a float is written: `e` and `f` as in C, `g` the shorter of the two, `b` and `x` in powers of two. */
export type FloatVerb = 'e' | 'f' | 'g' | 'b' | 'x'

/** The digits of a number and where its point is: 0.d1d2d3… × 10^point. */
interface Decimal {
  readonly digits: string
  readonly point: number
}

/**
 * A float as Go writes it, ties to even.
 * @param precision digits after the point, for `g` significant ones; -1 for the fewest that read back as the same number
 * @param bits 32 for what is a float32 in Go
 */
export function floatText(value: number, verb: FloatVerb, precision: number, bits: 32 | 64 = 64): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return sign + magnitude(Math.abs(value), verb, precision, bits)
}

function magnitude(value: number, verb: FloatVerb, precision: number, bits: 32 | 64): string {
  if (verb === 'b') return inMantissa(value, bits)
  if (verb === 'x') return inHex(value, precision)
  if (precision < 0) {
    const shortest = bits === 32 ? shortest32(value) : shortest64(value)
    if (verb === 'e') return withExponent(shortest, shortest.digits.length - 1)
    if (verb === 'f') return withPoint(shortest, Math.max(shortest.digits.length - shortest.point, 0))
    return general(shortest, 6, shortest.digits.length)
  }
  if (verb === 'f') return withPoint(rounded(value, precision), precision)
  if (verb === 'e') return withExponent(significant(value, precision + 1), precision)
  const wanted = precision === 0 ? 1 : precision
  const found = significant(value, wanted)
  const { length } = found.digits
  return general(found, wanted > length && length >= found.point ? length : wanted, Math.min(wanted, length))
}

function general(decimal: Decimal, limit: number, length: number): string {
  const exponent = decimal.point - 1
  if (exponent < -4 || exponent >= limit) return withExponent(decimal, length - 1)
  return withPoint(decimal, Math.max(decimal.digits.length - decimal.point, 0))
}

function withExponent({ digits, point }: Decimal, precision: number): string {
  const exponent = /^0*$/.test(digits) ? 0 : point - 1
  const fraction = digits.slice(1, precision + 1).padEnd(precision, '0')
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits[0] ?? '0'}${fraction && `.${fraction}`}e${exponent < 0 ? '-' : '+'}${size}`
}

function withPoint({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  const zeros = '0'.repeat(Math.min(Math.max(-point, 0), precision))
  const fraction = (zeros + digits.slice(Math.max(point, 0))).slice(0, precision).padEnd(precision, '0')
  return fraction ? `${whole}.${fraction}` : whole
}

function shortest64(value: number): Decimal {
  return decimalOf(value.toExponential())
}

function shortest32(value: number): Decimal {
  for (let digits = 0; digits < 9; digits++) {
    const text = value.toExponential(digits)
    if (Math.fround(Number(text)) === value) return decimalOf(text)
  }
  return decimalOf(value.toExponential(8))
}

function decimalOf(text: string): Decimal {
  const [mantissa = '', exponent = ''] = text.split('e')
  const digits = mantissa.replace('.', '').replace(/0+$/, '')
  return { digits: digits === '' ? '' : digits, point: digits === '' ? 0 : Number(exponent) + 1 }
}

/** No float64 has more digits than this after its point. */
const MOST_DIGITS = 1100

/** Rounded to so many digits after the point. */
function rounded(value: number, precision: number): Decimal {
  const digits = scaled(value, Math.min(precision, MOST_DIGITS)).toString()
  return { digits, point: digits.length - Math.min(precision, MOST_DIGITS) }
}

/** Rounded to so many significant digits, without zeros at the end. */
function significant(value: number, count: number): Decimal {
  if (value === 0) return { digits: '', point: 0 }
  const wanted = Math.min(count, MOST_DIGITS)
  let point = shortest64(value).point
  let digits = scaled(value, wanted - point).toString()
  // The fewest digits may be above a power of ten that the number itself is below.
  if (digits.length < wanted) digits = scaled(value, wanted - --point).toString()
  else if (digits.length > wanted) point++
  return { digits: digits.slice(0, wanted).replace(/0+$/, ''), point }
}

/** value × 10^power as an integer, ties to even. */
function scaled(value: number, power: number): bigint {
  const { mantissa, exponent } = parts(value)
  let above = mantissa
  let below = 1n
  if (exponent > 0) above <<= BigInt(exponent)
  else below <<= BigInt(-exponent)
  if (power > 0) above *= 10n ** BigInt(power)
  else below *= 10n ** BigInt(-power)
  const whole = above / below
  const twice = (above % below) * 2n
  return twice > below || (twice === below && whole % 2n === 1n) ? whole + 1n : whole
}

/** mantissa × 2^exponent, the mantissa of 53 bits where the number is a normal one. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const all = bits.getBigUint64(0)
  const biased = Number((all >> 52n) & 0x7ffn)
  const fraction = all & 0xfffffffffffffn
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 }
}

function inMantissa(value: number, bits: 32 | 64): string {
  const { mantissa, exponent } = parts(value)
  const [kept, power] = bits === 32 ? [mantissa >> 29n, exponent + 29] : [mantissa, exponent]
  return `${kept}p${power < 0 ? '-' : '+'}${Math.abs(power)}`
}

function inHex(value: number, precision: number): string {
  if (value === 0) return `0x0${precision > 0 ? `.${'0'.repeat(precision)}` : ''}p+00`
  let { mantissa, exponent } = parts(value)
  while (mantissa < 1n << 52n) {
    mantissa <<= 1n
    exponent--
  }
  exponent += 52
  if (precision >= 0 && precision < 13) {
    const unit = 1n << BigInt(52 - 4 * precision)
    const rest = mantissa % unit
    mantissa -= rest
    if (rest * 2n > unit || (rest * 2n === unit && (mantissa / unit) % 2n === 1n)) mantissa += unit
    if (mantissa >= 1n << 53n) {
      mantissa >>= 1n
      exponent++
    }
  }
  const all = mantissa.toString(16).slice(1)
  const fraction = precision < 0 ? all.replace(/0+$/, '') : all.slice(0, precision).padEnd(precision, '0')
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `0x1${fraction && `.${fraction}`}p${exponent < 0 ? '-' : '+'}${size}`
}
