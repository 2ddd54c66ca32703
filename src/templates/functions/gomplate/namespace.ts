import { type GoFunction, type GoFunctions, type GoObject, type GoValue, goFunction, NeedsWorld } from '../../value.ts'

/** A function that returns a namespace of gomplate: `strings`, whose methods are `strings.ToUpper` and so on. */
export function namespace(type: string, methods: GoFunctions, more: Partial<GoObject> = {}): GoFunction {
  const object: GoObject = { type: `*funcs.${type}`, methods, print: () => '{{{}}}', ...more }
  return goFunction('func() any', () => object)
}

/** A function that asks for something which no template engine without a network or a disk can know. */
export function outside(name: string, signature: string): GoFunction {
  return goFunction(signature, (): GoValue => {
    throw new NeedsWorld(name)
  })
}
