import { GoPanic } from '../../value.ts'

/** An exact decimal number: coefficient × 10^exponent, as shopspring/decimal keeps it. */
export interface Decimal {
  readonly coefficient: bigint
  readonly exponent: number
}

/** How many digits after the point a quotient has. */
const quotientDigits = 16

/**
 * The decimal that a float's shortest digits say.
 * @throws GoPanic for infinity and NaN
 */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
    throw new GoPanic(`Cannot create a Decimal from ${name}`)
  }
  const [digits, exponent = '0'] = value.toExponential().split('e') as [string, string?]
  const [whole, fraction = ''] = digits.split('.') as [string, string?]
  return { coefficient: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

/** The float nearest to a decimal. */
export function floatOf({ coefficient, exponent }: Decimal): number {
  return Number(`${coefficient}e${exponent}`)
}

/** Two decimals of one exponent, the lower one. */
function aligned(one: Decimal, other: Decimal): { left: bigint; right: bigint; exponent: number } {
  const exponent = Math.min(one.exponent, other.exponent)
  const scaled = (it: Decimal): bigint => it.coefficient * 10n ** BigInt(it.exponent - exponent)
  return { left: scaled(one), right: scaled(other), exponent }
}

/** The sum, exactly. */
export function plus(one: Decimal, other: Decimal): Decimal {
  const { left, right, exponent } = aligned(one, other)
  return { coefficient: left + right, exponent }
}

/** The difference, exactly. */
export function minus(one: Decimal, other: Decimal): Decimal {
  const { left, right, exponent } = aligned(one, other)
  return { coefficient: left - right, exponent }
}

/** The product, exactly. */
export function times(one: Decimal, other: Decimal): Decimal {
  return { coefficient: one.coefficient * other.coefficient, exponent: one.exponent + other.exponent }
}

/**
 * The quotient to 16 digits after the point, halves away from zero.
 * @throws GoPanic for a division by zero
 */
export function over(one: Decimal, other: Decimal): Decimal {
  if (other.coefficient === 0n) throw new GoPanic('decimal division by 0')
  const shift = quotientDigits + one.exponent - other.exponent
  const dividend = shift > 0 ? one.coefficient * 10n ** BigInt(shift) : one.coefficient
  const divisor = shift < 0 ? other.coefficient * 10n ** BigInt(-shift) : other.coefficient
  const [size, by] = [absolute(dividend), absolute(divisor)]
  const halfUp = (size % by) * 2n >= by ? size / by + 1n : size / by
  const coefficient = dividend < 0n === divisor < 0n ? halfUp : -halfUp
  return { coefficient, exponent: -quotientDigits }
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}
