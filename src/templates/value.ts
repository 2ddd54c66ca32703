/**
 * A value as Go's templates see it:
 *
 * | Go                                   | here |
 * | ------------------------------------ | ---- |
 * | nil                                  | `null` |
 * | bool, string                         | `boolean`, `string`; a byte that is no UTF-8 is U+DC80 to U+DCFF (see bytes.ts) |
 * | int                                  | `bigint`, within 64 bits |
 * | float64                              | `number` |
 * | every other number                   | `GoNumber`: int64, uint8, rune, time.Duration … |
 * | slices and arrays                    | `GoSlice` |
 * | maps                                 | `GoMap` |
 * | structs, and whatever else has methods | `GoObject`: time.Time, *url.URL, gomplate's namespaces … |
 *
 * Maps and slices are shared, not copied, as in Go; only functions that Go lets change their argument (`set`, `unset`) do.
 */
export type GoValue = null | boolean | string | bigint | number | GoNumber | GoSlice | GoMap | GoObject

/** A number of another type than int and float64; `value` is within its type's range. */
export class GoNumber {
  /** As `%T` prints it: `int64`, `uint8`, `float32`, `time.Duration`, `time.Month`. */
  readonly type: string
  /** `number` for float32 only. */
  readonly value: bigint | number

  constructor(type: string, value: bigint | number) {
    this.type = type
    this.value = value
  }
}

/** A slice, or an array. */
export class GoSlice {
  readonly items: GoValue[]
  /** As `%T` prints it: `[]interface {}`, `[]string`, `[]uint8`. */
  readonly type: string
  /** A nil slice: it prints and counts like an empty one, but equals nil and is `null` as JSON. */
  readonly isNil: boolean

  constructor(items: GoValue[], type = '[]interface {}', isNil = false) {
    this.items = items
    this.type = type
    this.isNil = isNil
  }
}

/** A map. Keys of string maps are strings; other keys are boolean, bigint, number or null, each a key of its own. */
export class GoMap {
  readonly entries: Map<GoValue, GoValue>
  /** As `%T` prints it: `map[string]interface {}`, `map[string]string`, `map[interface {}]interface {}`. */
  readonly type: string
  /** A nil map, which what takes a map gets for nil: it reads as an empty one, and writing to it panics. */
  readonly isNil: boolean

  constructor(entries: Map<GoValue, GoValue>, type = 'map[string]interface {}', isNil = false) {
    this.entries = entries
    this.type = type
    this.isNil = isNil
  }
}

/** Something with methods or fields, or a nil pointer to it. */
export interface GoObject {
  /** As `%T` prints it: `time.Time`, `*url.URL`, `*semver.Version`, `*funcs.NetFuncs`. */
  readonly type: string
  readonly methods: Readonly<Record<string, GoFunction>>
  /** Exported fields of a struct. */
  readonly fields?: Readonly<Record<string, GoValue>>
  /** What `%v` prints: its String(), its Error(), or Go's own printing of its fields. */
  print(): string
  /** Whether `if` and `default` take it for true. Default: as Go does, true for every struct and every pointer that is not nil. */
  readonly truth?: boolean
  /** What functions of its own package need of it: milliseconds, parsed parts. */
  readonly data?: unknown
}

/**
 * A function as a template calls it. The evaluator checks and converts arguments by its signature, as Go's reflection does,
 * before it calls; so `call` gets what the signature says: for `func(string, ...int) string` a string and bigints.
 * `any` and `interface {}` parameters get whatever value there is, null for nil.
 */
export interface GoFunction {
  /** In Go's words, as funcs.json has them: `func(string, ...any) (string, error)`. */
  readonly signature: string
  /**
   * @throws GoError what Go returns as its error
   * @throws GoPanic where Go panics
   */
  readonly call: (...args: never[]) => GoValue
  /** Called instead of `call` where a template is executed in a world. */
  readonly callIn?: (world: TemplateWorld, ...args: never[]) => GoValue
}

/** What a template may ask of the world outside; each part is there where it is known. */
export interface TemplateWorld {
  /** The environment: `env`, `getenv`, `expandenv`. */
  readonly env?: Readonly<Record<string, string>>
  /** The names of gomplate's data sources that the configuration defines; none where it is absent. */
  readonly dataSources?: readonly string[]
  /** The time, in milliseconds since 1970: `now`, `ago`. */
  readonly nowMs?: number
  /** The sections of a component in a stack: `atmos.Component`. */
  readonly component?: (component: string, stack: string) => GoValue
}

/** What a function returns as its error in Go; the evaluator adds where: `error calling NAME: MESSAGE`. */
export class GoError extends Error {}

/** A panic of Go, which templates turn into an error: `runtime error: index out of range [3] with length 2`. */
export class GoPanic extends Error {}

/** A function asked for something outside the template: the clock, the network, an environment, another component. */
export class NeedsWorld extends Error {
  /** As people wrote it: `now`, `net.LookupIP`, `atmos.Component`. */
  readonly what: string

  constructor(what: string) {
    super(`${what} needs the world outside the template`)
    this.what = what
  }
}

/** A function in Go's words, its body in JavaScript. */
export function goFunction(signature: string, call: (...args: never[]) => GoValue): GoFunction {
  return { signature, call }
}

/** A function that asks the world: without one, or without the part that it needs, its body throws NeedsWorld. */
export function worldFunction(
  signature: string,
  callIn: (world: TemplateWorld, ...args: never[]) => GoValue,
): GoFunction {
  return { signature, call: (...args) => callIn({}, ...args), callIn }
}

/** Functions by the name that templates call: `upper`, or `strings`, which returns its namespace. */
export type GoFunctions = Readonly<Record<string, GoFunction>>
