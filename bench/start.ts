import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// What starting costs: `./airlock --version` against `node -e 0`, side by side in pairs, medians. The claim is at most 40 ms
// more wall time on an idle machine.
//
//   npx tsx bench/start.ts [pairs]

const airlock = join(dirname(fileURLToPath(import.meta.url)), '..', 'airlock')
const pairs = Number(process.argv[2] ?? 40)

interface Cost {
  readonly wallMs: number
  readonly cpuMs: number
}

const measured = Array.from({ length: pairs }, () => ({
  node: cost(`'${process.execPath}' -e 0`),
  own: cost(`'${airlock}' --version`),
}))
for (const key of ['wallMs', 'cpuMs'] as const) {
  const node = median(measured.map((it) => it.node[key]))
  const own = median(measured.map((it) => it.own[key]))
  const difference = median(measured.map((it) => it.own[key] - it.node[key]))
  const name = key === 'wallMs' ? 'wall' : 'CPU'
  console.log(
    `${name.padEnd(5)} node -e 0: ${node.toFixed(0)} ms   airlock --version: ${own.toFixed(0)} ms   ` +
      `${difference.toFixed(0)} ms more, ${(own / node).toFixed(2)} ×`,
  )
}

function cost(command: string): Cost {
  const timed = `TIMEFORMAT='%3R %3U %3S'; time ${command} >/dev/null`
  const { status, stderr } = spawnSync('bash', ['-c', timed], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`)
  const [wall, user, system] = stderr.trim().split(' ').map(Number)
  return { wallMs: wall! * 1000, cpuMs: (user! + system!) * 1000 }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
