import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

// The same for the actions: until the first line of the log is there, as a runner starts them; and what they weigh.
const dist = fileURLToPath(new URL('../dist', import.meta.url))
const verbs = readdirSync(join(dist, 'actions')).map((file) => file.replace(/\.js$/, ''))
const scratch = mkdtempSync(join(tmpdir(), 'airlock-start-'))
writeFileSync(join(scratch, 'event.json'), '{"schedule":"17 * * * *"}')
console.log('\nactions: the first line after')
for (const verb of verbs) {
  const times: number[] = []
  for (let index = 0; index < Math.min(pairs, 10); index += 1) times.push(await firstLineMs(verb))
  row(verb, median(times), Math.min(...times))
}
rmSync(scratch, { recursive: true })
const sizes = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((it) => it.isFile() && /\.c?js$/.test(it.name))
  .map((it) => ({ path: join(it.parentPath, it.name), bytes: statSync(join(it.parentPath, it.name)).size }))
const kB = (bytes: number) => `${Math.ceil(bytes / 1000)} kB`
const entries = sizes.filter(({ path }) => path.startsWith(join(dist, 'actions')))
const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
console.log(
  `  ${entries.length} entries, ${kB(entries.reduce((sum, { bytes }) => sum + bytes, 0))}; all bundles ${kB(all)}`,
)

/** How long a runner waits for the first line of an action; what it does after that is cut off. */
function firstLineMs(verb: string): Promise<number> {
  const env = {
    PATH: process.env.PATH,
    HOME: scratch,
    GITHUB_EVENT_NAME: 'schedule',
    GITHUB_EVENT_PATH: join(scratch, 'event.json'),
    GITHUB_REPOSITORY: 'acme/infra',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_RUN_ID: '1',
    RUNNER_TEMP: scratch,
  }
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(process.execPath, [join(dist, 'actions', `${verb}.js`)], { cwd: scratch, env })
    child.once('error', reject)
    let elapsed: number | undefined
    child.stdout.once('data', () => {
      elapsed = performance.now() - started
      child.kill('SIGKILL')
    })
    child.once('close', (code) => {
      if (elapsed === undefined) reject(new Error(`${verb} ended with ${code} and printed nothing`))
      else resolve(elapsed)
    })
  })
}

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
