import { createHash } from 'node:crypto'
import type { LoadableTree } from '../git/repo.ts'
import { NotLoaded, type Tree } from '../git/tree.ts'
import type { Cache } from '../machine/cache.ts'
import type { Ambient } from '../stacks/ambient.ts'
import type { Source } from './describe.ts'

/** Answers that were worked out before, and the code that did. */
export interface Kept {
  readonly cache: Cache
  /** Names this very code: another one's answers do not count. */
  readonly code: string
}

/**
 * The text of an answer, from the cache where the same was asked of the same files. An answer that may hold what the
 * environment or a run says is not kept.
 * @param question all that decides the answer beside the files and what surrounds them
 * @param work the answer's text, in pieces
 */
export async function keptText(
  source: Source,
  kept: Kept | undefined,
  question: unknown,
  work: (source: Source) => Promise<Iterable<string>>,
  print: (piece: string) => void,
): Promise<void> {
  if (kept === undefined) {
    for (const piece of await work(source)) print(piece)
    return
  }
  const tree = await source.tree()
  const key = keyOf(tree, source.ambient, [kept.code, question])
  const found = await kept.cache.get(key)
  if (found !== undefined) return print(new TextDecoder().decode(found))
  const pieces: string[] = []
  for (const piece of await work({ ...source, tree: async () => tree })) {
    pieces.push(piece)
    print(piece)
  }
  if (asksWorld(tree, source.ambient)) return
  await kept.cache.put(key, new TextEncoder().encode(pieces.join('')))
}

/** Resolution is a function of the files and of what surrounds them: of the environment, of what Atmos itself is set by. */
function keyOf(tree: Tree, { env, ...around }: Ambient, question: readonly unknown[]): string {
  const hash = createHash('sha256')
  const settings = Object.entries(env).filter(([name]) => name.startsWith('ATMOS_'))
  hash.update(JSON.stringify([question, tree.root, around, settings.sort()]))
  for (const { path, hash: id, mode } of tree.files.values()) hash.update(`\0${path}\0${id}\0${mode}`)
  return hash.digest('hex')
}

/** Whether any text that was read may take something from the environment, or from what only a run knows. In doubt it does. */
function asksWorld(tree: LoadableTree, { outside = [] }: Ambient): boolean {
  const environment = /\b(?:expand)?env\b(?!\s*:)|getenv/i
  const run = /!(?:terraform|store|exec|git|aws|version|emulator|secret)\b|terraform\.(?:state|output)|atmos\.[A-Z]/
  const asks = (text: string | undefined) => text !== undefined && (environment.test(text) || run.test(text))
  return outside.some(({ text }) => asks(text)) || [...tree.files.keys()].some((path) => asks(textIn(tree, path)))
}

/** What was not read had no part in the answer. */
function textIn(tree: Tree, path: string): string | undefined {
  try {
    return tree.text(path)
  } catch (error) {
    if (error instanceof NotLoaded) return undefined
    throw error
  }
}
