import { quoted } from '../../quote.ts'
import { GoError, type GoFunction, GoNumber, type GoObject, type GoValue, goFunction } from '../../value.ts'
import { byteList } from './bytes.ts'

/** An address: its number, and how many bits it has. */
interface Address {
  readonly value: bigint
  readonly bits: 32 | 128
}

interface Prefix {
  readonly address: Address
  readonly length: number
}

interface Range {
  readonly from: Address
  readonly to: Address
}

/** A netaddr.IP for templates. @throws GoError `ParseIP("bad"): unable to parse IP` */
export function ipOf(text: string): GoObject {
  const address = parsed(text)
  if (!address) throw new GoError(`ParseIP(${quoted(text)}): unable to parse IP`)
  return ip(address)
}

/** A netaddr.IPPrefix for templates. */
export function prefixOf(text: string): GoObject {
  const refused = (why: string) => new GoError(`netaddr.ParseIPPrefix(${quoted(text)}): ${why}`)
  const slash = text.lastIndexOf('/')
  if (slash < 0) throw refused("no '/'")
  const address = parsed(text.slice(0, slash))
  if (!address) throw refused(`ParseIP(${quoted(text.slice(0, slash))}): unable to parse IP`)
  const length = text.slice(slash + 1)
  if (!/^(0|[1-9]\d*)$/.test(length)) throw refused(`bad bits after slash: ${quoted(length)}`)
  if (Number(length) > address.bits) throw refused('prefix length out of range')
  return prefix({ address, length: Number(length) })
}

/** A netaddr.IPRange for templates: `10.0.0.1-10.0.0.9`. */
export function rangeOf(text: string): GoObject {
  const hyphen = text.indexOf('-')
  if (hyphen < 0) throw new GoError(`no hyphen in range ${quoted(text)}`)
  const [from, to] = [parsed(text.slice(0, hyphen)), parsed(text.slice(hyphen + 1))]
  if (!from) throw new GoError(`invalid From IP ${quoted(text.slice(0, hyphen))} in range ${quoted(text)}`)
  if (!to) throw new GoError(`invalid To IP ${quoted(text.slice(hyphen + 1))} in range ${quoted(text)}`)
  if (from.bits !== to.bits || from.value > to.value) throw new GoError(`range ${from.value} to ${to.value} not valid`)
  return range({ from, to })
}

function parsed(text: string): Address | undefined {
  return text.includes(':') ? parsed6(text) : parsed4(text)
}

function parsed4(text: string): Address | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255))
    return undefined
  return { value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n), bits: 32 }
}

function parsed6(text: string): Address | undefined {
  const tail = /^(.*:)(\d+\.[\d.]*)$/.exec(text)
  const four = tail ? parsed4(tail[2]!) : undefined
  if (tail && !four) return undefined
  const hex = four ? `${tail![1]}${(four.value >> 16n).toString(16)}:${(four.value & 0xffffn).toString(16)}` : text
  const halves = hex.split('::')
  if (halves.length > 2) return undefined
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - left!.length - (right?.length ?? 0)
  if (right ? missing < 1 : missing !== 0) return undefined
  const groups = right ? [...left!, ...Array<string>(missing).fill('0'), ...right] : left!
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return { value: groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n), bits: 128 }
}

function text({ value, bits }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.')
  if (value >> 32n === 0xffffn) return `::ffff:${text({ value: value & 0xffffffffn, bits: 32 })}`
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn)
  const zeros = longestZeros(groups)
  const hex = groups.map((group) => group.toString(16))
  if (zeros.length < 2) return hex.join(':')
  return `${hex.slice(0, zeros.at).join(':')}::${hex.slice(zeros.at + zeros.length).join(':')}`
}

function longestZeros(groups: readonly bigint[]): { at: number; length: number } {
  let best = { at: 0, length: 0 }
  for (let at = 0; at < groups.length; at++) {
    let length = 0
    while (groups[at + length] === 0n) length++
    if (length > best.length) best = { at, length }
  }
  return best
}

function bool(call: (...args: never[]) => boolean, signature = 'func() bool'): GoFunction {
  return goFunction(signature, call)
}

function addressOf(value: GoValue): Address {
  return (value as GoObject).data as Address
}

/** IPv4 comes before IPv6. */
function compare(one: Address, other: Address): number {
  if (one.bits !== other.bits) return one.bits - other.bits
  return one.value === other.value ? 0 : one.value < other.value ? -1 : 1
}

function ip(address: Address): GoObject {
  const { value, bits } = address
  const shown = text(address)
  const last = 2n ** BigInt(bits) - 1n
  const within = (prefixText: string): boolean => {
    const { address: base, length } = (prefixOf(prefixText).data ?? {}) as Prefix
    return base.bits === bits && masked(address, length).value === masked(base, length).value
  }
  const isLoopback = bits === 32 ? within('127.0.0.0/8') : value === 1n
  const isMulticast = bits === 32 ? within('224.0.0.0/4') : within('ff00::/8')
  const isLinkLocal = bits === 32 ? within('169.254.0.0/16') : within('fe80::/10')
  return {
    type: 'netaddr.IP',
    data: address,
    print: () => shown,
    methods: {
      String: goFunction('func() string', () => shown),
      MarshalText: goFunction('func() ([]uint8, error)', () => byteList(Buffer.from(shown))),
      BitLen: goFunction('func() uint8', () => new GoNumber('uint8', BigInt(bits))),
      Compare: goFunction('func(netaddr.IP) int', (other: GoValue) =>
        BigInt(Math.sign(compare(address, addressOf(other)))),
      ),
      Less: bool((other: GoValue) => compare(address, addressOf(other)) < 0, 'func(netaddr.IP) bool'),
      Is4: bool(() => bits === 32),
      Is6: bool(() => bits === 128),
      Is4in6: bool(() => bits === 128 && value >> 32n === 0xffffn),
      IsZero: bool(() => false),
      IsValid: bool(() => true),
      IsLoopback: bool(() => isLoopback),
      IsMulticast: bool(() => isMulticast),
      IsLinkLocalUnicast: bool(() => isLinkLocal),
      IsUnspecified: bool(() => value === 0n),
      IsPrivate: bool(() =>
        bits === 32 ? ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].some(within) : within('fc00::/7'),
      ),
      IsGlobalUnicast: bool(
        () => value !== 0n && !(bits === 32 && value === last) && !isLoopback && !isMulticast && !isLinkLocal,
      ),
      Next: goFunction('func() netaddr.IP', () => (value === last ? none : ip({ value: value + 1n, bits }))),
      Prior: goFunction('func() netaddr.IP', () => (value === 0n ? none : ip({ value: value - 1n, bits }))),
      Unmap: goFunction('func() netaddr.IP', () =>
        ip(bits === 128 && value >> 32n === 0xffffn ? { value: value & 0xffffffffn, bits: 32 } : address),
      ),
      Zone: goFunction('func() string', () => ''),
    },
  }
}

/** The zero netaddr.IP, which lies beyond the last address. */
const none: GoObject = {
  type: 'netaddr.IP',
  print: () => 'zero IP',
  methods: {
    String: goFunction('func() string', () => 'zero IP'),
    IsZero: bool(() => true),
    IsValid: bool(() => false),
  },
}

function masked({ value, bits }: Address, length: number): Address {
  const free = BigInt(bits - length)
  return { value: (value >> free) << free, bits }
}

function lastOf({ address, length }: Prefix): Address {
  return { value: masked(address, length).value + 2n ** BigInt(address.bits - length) - 1n, bits: address.bits }
}

function prefix(of: Prefix): GoObject {
  const { address, length } = of
  const shown = `${text(address)}/${length}`
  const first = masked(address, length)
  return {
    type: 'netaddr.IPPrefix',
    data: of,
    print: () => shown,
    methods: {
      String: goFunction('func() string', () => shown),
      MarshalText: goFunction('func() ([]uint8, error)', () => byteList(Buffer.from(shown))),
      Bits: goFunction('func() uint8', () => new GoNumber('uint8', BigInt(length))),
      IP: goFunction('func() netaddr.IP', () => ip(address)),
      IsSingleIP: bool(() => length === address.bits),
      IsValid: bool(() => true),
      IsZero: bool(() => false),
      Masked: goFunction('func() netaddr.IPPrefix', () => prefix({ address: first, length })),
      Contains: bool((other: GoValue) => {
        const { bits } = addressOf(other)
        return bits === address.bits && masked(addressOf(other), length).value === first.value
      }, 'func(netaddr.IP) bool'),
      Overlaps: bool((other: GoValue) => {
        const theirs = (other as GoObject).data as Prefix
        const shorter = Math.min(length, theirs.length)
        return (
          theirs.address.bits === address.bits &&
          masked(theirs.address, shorter).value === masked(address, shorter).value
        )
      }, 'func(netaddr.IPPrefix) bool'),
      Range: goFunction('func() netaddr.IPRange', () => range({ from: first, to: lastOf(of) })),
    },
  }
}

function range(of: Range): GoObject {
  const { from, to } = of
  const shown = `${text(from)}-${text(to)}`
  return {
    type: 'netaddr.IPRange',
    data: of,
    print: () => shown,
    methods: {
      String: goFunction('func() string', () => shown),
      MarshalText: goFunction('func() ([]uint8, error)', () => byteList(Buffer.from(shown))),
      From: goFunction('func() netaddr.IP', () => ip(from)),
      To: goFunction('func() netaddr.IP', () => ip(to)),
      IsValid: bool(() => true),
      IsZero: bool(() => false),
      Contains: bool(
        (other: GoValue) => compare(from, addressOf(other)) <= 0 && compare(addressOf(other), to) <= 0,
        'func(netaddr.IP) bool',
      ),
      Overlaps: bool((other: GoValue) => {
        const theirs = (other as GoObject).data as Range
        return compare(from, theirs.to) <= 0 && compare(theirs.from, to) <= 0
      }, 'func(netaddr.IPRange) bool'),
    },
  }
}
