import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// What `./airlock --version` costs beside `node -e 0`, in wall time: pairs, one start right after the other, so that
// whatever else the machine does falls on both; who is first takes turns. README.md says how to read it.
//
//   npx tsx bench/start.ts [pairs]

const airlock = fileURLToPath(new URL('../airlock', import.meta.url))
const pairs = Number(process.argv[2] ?? 30)
if (!Number.isInteger(pairs) || pairs < 1) {
  console.error(`How many pairs? ${process.argv[2]} is no count`)
  process.exit(2)
}

const bare = () => elapsedMs('node', ['-e', '0'])
const version = () => elapsedMs(airlock, ['--version'])
version() // newer Nodes keep the compiled bundle from the first start on

const measured = Array.from({ length: pairs }, (_, index) => {
  const before = index % 2 === 0 ? undefined : version()
  const node = bare()
  return { node, airlock: before ?? version() }
})
const node = measured.map((it) => it.node)
const ours = measured.map((it) => it.airlock)
const more = measured.map((it) => it.airlock - it.node)
console.log(`${pairs} pairs of starts, Node ${process.version}      median   quickest`)
row('node -e 0', median(node), Math.min(...node))
row('./airlock --version', median(ours), Math.min(...ours))
row('more', median(more), Math.min(...ours) - Math.min(...node))
console.log(`  ${(median(ours) / median(node)).toFixed(2)} × as long`)

function elapsedMs(command: string, args: readonly string[]): number {
  const started = performance.now()
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${error ?? stderr}`)
  return performance.now() - started
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function row(name: string, medianMs: number, quickestMs: number): void {
  console.log(`  ${name.padEnd(36)}${medianMs.toFixed(1).padStart(7)} ms ${quickestMs.toFixed(1).padStart(7)} ms`)
}
