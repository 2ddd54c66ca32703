import { type Entry, readTree, writeTree } from './objects.ts'

/**
 * The tree of two sides that changed different files of a base, without a process for it. Undefined: ask Git, which knows how to merge
 * within a file, and sees what moved, so that whatever lost a file on either side is its to merge.
 */
export async function treeOfBoth(
  folder: string,
  base: string | undefined,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  if (ours === theirs || theirs === base) return ours
  if (ours === base) return theirs
  const [before, mine, other] = await Promise.all(
    [base, ours, theirs].map(async (tree) => {
      const entries = tree === undefined ? [] : await readTree(folder, tree)
      return new Map(entries.map((it) => [it.name, it]))
    }),
  )
  const merged: Entry[] = []
  for (const name of new Set([...before!.keys(), ...mine!.keys(), ...other!.keys()])) {
    const [was, our, their] = [before!.get(name), mine!.get(name), other!.get(name)]
    if (was !== undefined && (our === undefined || their === undefined)) return undefined
    const same = (a: Entry | undefined, b: Entry | undefined): boolean => a?.sha === b?.sha && a?.mode === b?.mode
    if (same(our, their) || same(their, was)) merged.push(our!)
    else if (same(our, was)) merged.push(their!)
    else if (our?.mode === '40000' && their?.mode === '40000' && (was === undefined || was.mode === '40000')) {
      const sha = await treeOfBoth(folder, was?.sha, our.sha, their.sha)
      if (sha === undefined) return undefined
      merged.push({ ...our, sha })
    } else return undefined
  }
  return writeTree(folder, merged)
}
