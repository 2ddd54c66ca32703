import { dirname } from 'node:path'
import type { FileLayer } from '../../src/store/drivers/files.ts'

interface Node {
  readonly id: number
  bytes: Uint8Array
}

/** A disk in memory, for sweeps that would write thousands of real files: names lead to nodes, and may share one. */
export function memoryFiles(): FileLayer {
  const names = new Map<string, Node>()
  const folders = new Set<string>()
  let ids = 0
  const nodeAt = (path: string): Node => {
    const node = names.get(path)
    if (node === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
    return node
  }
  return {
    async read(path) {
      const node = names.get(path)
      return node && { bytes: node.bytes.slice(), identity: `${node.id}-${node.bytes.length}` }
    },
    async list(folder) {
      const start = folder.endsWith('/') ? folder : `${folder}/`
      const below = [...names.keys()].filter((path) => path.startsWith(start)).map((path) => path.slice(start.length))
      return [...new Set(below.map((path) => path.replace(/\/.*/, '/')))]
    },
    changedMs: async () => Date.now(),
    async create(path) {
      if (!folders.has(dirname(path))) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
      if (names.has(path)) throw Object.assign(new Error(`EEXIST: ${path}`), { code: 'EEXIST' })
      const node: Node = { id: ++ids, bytes: new Uint8Array() }
      names.set(path, node)
      return {
        async write(bytes) {
          node.bytes = Uint8Array.from([...node.bytes, ...bytes])
        },
        sync: async () => {},
        close: async () => {},
      }
    },
    async link(from, to) {
      const node = nodeAt(from)
      if (names.has(to)) return 'exists'
      names.set(to, node)
      return 'linked'
    },
    async rename(from, to) {
      names.set(to, nodeAt(from))
      names.delete(from)
    },
    remove: async (path) => (names.delete(path) ? 'removed' : 'absent'),
    async makeFolder(path) {
      for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) folders.add(folder)
    },
    syncFolder: async () => {},
  }
}
