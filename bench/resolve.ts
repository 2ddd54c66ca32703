import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// What resolving costs on repositories of 1,000 and 9,600 instances, whole processes, medians, beside what Atmos 1.227
// needed for the same (recorded on 2 idle cores: conformance/README.md). Needs the conformance folder for the generator.
// With `--curve` for 1,000, 10,000 and 50,000 instances, with `--templates` with one template a component: no figures of Atmos
// stand beside those.
//
//   npx tsx bench/resolve.ts [runs] [--curve] [--templates]

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const conformance = process.env.AIRLOCK_CONFORMANCE ?? join(root, '..', 'shared', 'conformance')
const generator = join(conformance, 'speed', 'synth.mjs')
const flags = process.argv.slice(2).filter((it) => it.startsWith('--'))
const runs = Number(process.argv.slice(2).find((it) => /^\d+$/.test(it)) ?? 5)
const caches = mkdtempSync(join(tmpdir(), 'airlock-bench-cache-'))

interface Case {
  readonly name: string
  readonly args: readonly string[]
  /** Seconds of wall time and gigabytes at most, as recorded of Atmos. */
  readonly atmos?: { readonly wallS: number; readonly cpuS: number; readonly peakGb: number } | undefined
  /** Whether the answer may come from the cache, which a run before has filled. */
  readonly warm?: boolean
}

interface Size {
  readonly name: string
  /** Tenants, regions, stages; with 25 components each. */
  readonly shape: readonly [number, number, number]
  readonly stacks?: Case['atmos']
  readonly affected?: Case['atmos']
}

const known: readonly Size[] = [
  {
    name: '1,000 instances (2 × 5 × 4)',
    shape: [2, 5, 4],
    stacks: { wallS: 3.7, cpuS: 5.6, peakGb: 0.48 },
    affected: { wallS: 5.1, cpuS: 8.2, peakGb: 0.6 },
  },
  {
    name: '9,600 instances (8 × 12 × 4)',
    shape: [8, 12, 4],
    stacks: { wallS: 38.6, cpuS: 61, peakGb: 2.3 },
    affected: { wallS: 54, cpuS: 88, peakGb: 2.5 },
  },
]
const curve: readonly Size[] = [
  { name: '1,000 instances (2 × 5 × 4)', shape: [2, 5, 4] },
  { name: '10,000 instances (10 × 10 × 4)', shape: [10, 10, 4] },
  { name: '50,000 instances (25 × 20 × 4)', shape: [25, 20, 4] },
]
const templates = flags.includes('--templates')
const sizes = flags.includes('--curve')
  ? curve
  : known.map(({ name, shape, ...atmos }): Size => ({ name, shape, ...(templates ? {} : atmos) }))

if (!existsSync(generator)) {
  console.error(`The generator is not there: ${generator} (set AIRLOCK_CONFORMANCE)`)
  process.exit(1)
}
for (const size of sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-bench-'))
  try {
    const [tenants, regions, stages] = size.shape.map(String) as [string, string, string]
    const shape = ['--tenants', tenants, '--regions', regions, '--stages', stages, '--components', '25']
    execFileSync(process.execPath, [generator, folder, ...shape, ...(templates ? ['--templates'] : [])], {
      stdio: 'ignore',
    })
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@b', ...args], { cwd: folder, stdio: 'ignore' })
    if (!existsSync(join(folder, '.git'))) git('init', '-qb', 'main')
    git('add', '-A')
    git('commit', '-qm', 'base', '--allow-empty')
    git('switch', '-qc', 'change')
    const leaf = leafManifest(join(folder, 'stacks'))
    appendFileSync(leaf, '\nvars:\n  bench_leaf: changed\n')
    if (/^vars:/m.test(readFileSync(leaf, 'utf8').replace(/\nvars:\n {2}bench_leaf: changed\n$/, '')))
      writeFileSync(
        leaf,
        readFileSync(leaf, 'utf8')
          .replace(/\nvars:\n {2}bench_leaf: changed\n$/, '\n')
          .replace(/^vars:\n/m, 'vars:\n  bench_leaf: changed\n'),
      )
    git('commit', '-qam', 'edit one leaf')
    console.log(`\n${size.name}`)
    const cases: Case[] = [
      { name: 'describe stacks --format json', args: ['describe', 'stacks', '--format', 'json'], atmos: size.stacks },
      { name: 'the same, warm', args: ['describe', 'stacks', '--format', 'json'], warm: true, atmos: size.stacks },
      {
        name: 'describe affected --base main',
        args: ['describe', 'affected', '--base', 'main', '--format', 'json'],
        atmos: size.affected,
      },
      { name: 'affected (one leaf edited)', args: ['affected', '--base', 'main'], atmos: size.affected },
    ]
    for (const it of cases) report(it, measure(folder, it))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

rmSync(caches, { recursive: true, force: true })

function leafManifest(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (it) => it.isFile() && /\.ya?ml$/.test(it.name) && !/catalog|mixins|_defaults/.test(join(it.parentPath, it.name)),
    )
    .map((it) => join(it.parentPath, it.name))
    .sort()
  return files[0]!
}

interface Measured {
  readonly wallS: number
  readonly cpuS: number
  readonly peakGb: number
  readonly bytes: number
}

function measure(cwd: string, { args, warm = false }: Case): Measured {
  const env = warm ? { XDG_CACHE_HOME: caches, AIRLOCK_CACHE: 'on' } : { AIRLOCK_CACHE: 'off' }
  if (warm) once(cwd, args, env)
  const all = Array.from({ length: runs }, () => once(cwd, args, env)).sort((a, b) => a.wallS - b.wallS)
  return all[Math.floor(all.length / 2)]!
}

/** One whole process; its last line on stderr says what it used. */
function once(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): Measured {
  const probe = `data:text/javascript,process.on('exit',()=>{const u=process.resourceUsage();process.stderr.write('\\n@'+JSON.stringify({cpuS:(u.userCPUTime+u.systemCPUTime)/1e6,peakGb:u.maxRSS/1048576}))})`
  const started = performance.now()
  const ran = spawnSync(process.execPath, ['--import', probe, join(root, 'dist', 'start.cjs'), ...args], {
    cwd,
    env: { ...process.env, ...env },
    maxBuffer: 1 << 30,
  })
  const wallS = (performance.now() - started) / 1000
  const usage = /@(\{.*\})\s*$/.exec(ran.stderr.toString())?.[1]
  if (ran.status !== 0 || usage === undefined)
    throw new Error(`airlock ${args.join(' ')} ended with ${ran.status}: ${ran.stderr}`)
  return { ...(JSON.parse(usage) as { cpuS: number; peakGb: number }), wallS, bytes: ran.stdout.length }
}

function report({ name, atmos }: Case, { wallS, cpuS, peakGb, bytes }: Measured): void {
  const ratio = atmos
    ? `   Atmos ${atmos.wallS} s, ${atmos.peakGb} GB: ${(atmos.wallS / wallS).toFixed(1)} × as fast, ${(atmos.cpuS / cpuS).toFixed(1)} × less CPU, ${(atmos.peakGb / peakGb).toFixed(1)} × less memory`
    : ''
  console.log(
    `  ${name.padEnd(32)} ${wallS.toFixed(2)} s wall, ${cpuS.toFixed(2)} s CPU, ${peakGb.toFixed(2)} GB, ${(bytes / 1e6).toFixed(1)} MB out${ratio}`,
  )
}
