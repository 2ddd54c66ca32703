import {
  type GoFunction,
  type GoFunctions,
  goFunction,
  NeedsWorld,
  type TemplateWorld,
  worldFunction,
} from '../../value.ts'

/** A function whose answer is not one of its arguments alone, and that no world of ours answers. */
export function needsWorld(name: string, signature: string): GoFunction {
  return goFunction(signature, () => {
    throw new NeedsWorld(name)
  })
}

/** sprig's functions that ask the environment, the network or chance. */
export const worldFunctions: GoFunctions = {
  env: worldFunction('func(string) string', (world: TemplateWorld, name: string) => variable(world, 'env', name)),
  expandenv: worldFunction('func(string) string', (world: TemplateWorld, text: string) =>
    text.replace(reference, (all, braced?: string, special?: string, plain?: string) => {
      const name = braced ?? special ?? plain
      if (name === undefined) return all.startsWith('${') ? '' : all
      return name === '' ? '' : variable(world, 'expandenv', name)
    }),
  ),
  getHostByName: needsWorld('getHostByName', 'func(string) string'),
  randAlpha: needsWorld('randAlpha', 'func(int) string'),
  randAlphaNum: needsWorld('randAlphaNum', 'func(int) string'),
  randAscii: needsWorld('randAscii', 'func(int) string'),
  randBytes: needsWorld('randBytes', 'func(int) (string, error)'),
  randInt: needsWorld('randInt', 'func(int, int) int'),
  randNumeric: needsWorld('randNumeric', 'func(int) string'),
  shuffle: needsWorld('shuffle', 'func(string) string'),
  uuidv4: needsWorld('uuidv4', 'func() string'),
}

/** `${name}`, `$name`, and the shell's special names of one character; `${` without an end is dropped. */
const reference = /\$(?:\{([^}]*)\}|\{|([*#$@!?\-0-9])|([A-Za-z_][A-Za-z0-9_]*))/g

function variable({ env }: TemplateWorld, what: string, name: string): string {
  if (env === undefined) throw new NeedsWorld(what)
  return Object.hasOwn(env, name) ? env[name]! : ''
}
