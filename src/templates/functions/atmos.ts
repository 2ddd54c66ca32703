import { compareStrings } from '../types.ts'
import {
  GoError,
  type GoFunctions,
  GoMap,
  type GoObject,
  GoSlice,
  type GoValue,
  goFunction,
  NeedsWorld,
  worldFunction,
} from '../value.ts'

/** What `atmos` stands for in a template: what it asks of other components, of stores and of data sources. */
const atmos: GoObject = {
  type: '*exec.FuncMap',
  methods: {
    Component: worldFunction('func(string, string) (any, error)', ({ component }, name: string, stack: string) => {
      if (!component) throw new NeedsWorld('atmos.Component')
      return component(name, stack)
    }),
    GomplateDatasource: needsWorld('atmos.GomplateDatasource', 'func(string, ...string) (any, error)'),
    Resolve: needsWorld('atmos.Resolve', 'func(string) (any, error)'),
    Store: needsWorld('atmos.Store', 'func(string, string, string, string) (any, error)'),
  },
  print: () => '<atmos>',
}

function needsWorld(what: string, signature: string) {
  return goFunction(signature, () => {
    throw new NeedsWorld(what)
  })
}

/** `collectKeys`, which Atmos has wherever it renders templates. */
export const collectKeysFunction: GoFunctions = {
  collectKeys: goFunction('func(any, ...string) ([]string, error)', collectKeys),
}

/** The functions that Atmos brings to stacks. */
export const atmosFunctions: GoFunctions = { ...collectKeysFunction, atmos: goFunction('func() any', () => atmos) }

/** The keys of a map; with a name those of every map of this name inside the map's values. Sorted, each once. */
function collectKeys(of: GoValue, name?: string): GoValue {
  if (!(of instanceof GoMap)) throw new GoError('collectKeys: argument is not a map')
  const maps = name === undefined ? [of] : [...of.entries.values()].flatMap((value) => inside(value, name))
  const keys = new Set(maps.flatMap(({ entries }) => [...entries.keys()].filter((key) => typeof key === 'string')))
  return new GoSlice([...keys].sort(compareStrings), '[]string')
}

function inside(value: GoValue, name: string): GoMap[] {
  const found = value instanceof GoMap ? value.entries.get(name) : undefined
  return found instanceof GoMap ? [found] : []
}
