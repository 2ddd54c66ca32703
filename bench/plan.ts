import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { plainInstances, writeEstate } from '../src/testkit/demo/estates.ts'
import { writeMirror } from '../src/testkit/mirror.ts'

// What planning instances of one component costs: `airlock plan`, whole processes, beside the bare loop of
// `terraform init`, `workspace`, `plan` and `show`, as many at once. README.md says how to read it.
//
//   npx tsx bench/plan.ts [component] [rounds]     component: labels (30 instances), zone (26), bucket (4)

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const component = process.argv[2] ?? 'zone'
const rounds = Number(process.argv[3] ?? 3)
const instances = plainInstances.filter((it) => it.component === component)
const parallel = cpus().length
if (instances.length === 0 || !Number.isInteger(rounds) || rounds < 1) {
  console.error('npx tsx bench/plan.ts [labels|zone|bucket] [rounds]')
  process.exit(2)
}

interface Cost {
  readonly wallS: number
  readonly cpuS: number
}

const folder = mkdtempSync(join(tmpdir(), 'airlock-bench-'))
try {
  const repo = join(folder, 'infra')
  const env = {
    ...process.env,
    ...(await writeMirror(join(folder, 'terraform'), join(folder, 'cloud'), process.env)),
    XDG_CONFIG_HOME: join(folder, 'config'),
  }
  await writeEstate('plain', repo)
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@b', ...words], { cwd: repo, stdio: 'ignore' })
  git('init', '-qb', 'main')
  git('add', '-A')
  git('commit', '-qm', 'base')

  const bare: Cost[] = []
  const cold: Cost[] = []
  const warm: Cost[] = []
  for (let round = 0; round < rounds; round++) {
    const [copies, work] = [join(folder, `bare-${round}`), join(folder, `work-${round}`)]
    bare.push(await measured(() => bareLoop(join(repo, 'components/terraform', component), copies, env)))
    cold.push(await measured(() => airlock(repo, { ...env, AIRLOCK_WORK: work })))
    warm.push(await measured(() => airlock(repo, { ...env, AIRLOCK_WORK: work })))
    for (const it of [copies, work]) rmSync(it, { recursive: true, force: true })
  }
  console.log(`${instances.length} plans of ${component}, ${parallel} at once, medians of ${rounds}`)
  const base = median(bare.map((it) => it.cpuS))
  row('terraform init, workspace, plan, show', bare, base)
  row('airlock plan, in new working copies', cold, base)
  row('airlock plan, in those again', warm, base)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What a script would do: a folder for each instance, and four commands in it. */
async function bareLoop(source: string, copies: string, env: NodeJS.ProcessEnv): Promise<void> {
  const queue = [...instances]
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const cwd = join(copies, next.stack)
      cpSync(source, cwd, { recursive: true })
      writeFileSync(join(cwd, 'backend.tf.json'), JSON.stringify({ terraform: { backend: { local: {} } } }))
      writeFileSync(join(cwd, 'vars.tfvars.json'), JSON.stringify(next.vars))
      const terraform = (...words: string[]) => promisify(execFile)('terraform', words, { cwd, env })
      await terraform('init', '-reconfigure', '-input=false')
      await terraform('workspace', 'select', '-or-create', next.stack)
      await terraform('plan', '-input=false', '-var-file=vars.tfvars.json', '-out=plan')
      await terraform('show', '-json', 'plan')
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
}

async function airlock(cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const words = [join(root, 'dist/start.cjs'), 'plan', component, '--parallel', String(parallel), '--json']
  const child = spawn(process.execPath, words, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  let printed = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) printed += chunk
  await ended
  const { items } = JSON.parse(printed) as { items: readonly { readonly kind: string }[] }
  const planned = items.filter((it) => it.kind === 'planned').length
  if (planned !== instances.length) throw new Error(`airlock planned ${planned} of ${instances.length}`)
}

async function measured(work: () => Promise<void>): Promise<Cost> {
  const [started, before] = [performance.now(), childrenCpuS()]
  await work()
  return { wallS: (performance.now() - started) / 1000, cpuS: childrenCpuS() - before }
}

/** CPU seconds of all processes that ended below this one; NaN where there is no /proc to tell. */
function childrenCpuS(): number {
  const ticksASecond = 100
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[13]) + Number(fields[14])) / ticksASecond
  } catch {
    return Number.NaN
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function row(name: string, costs: readonly Cost[], baseCpuS: number): void {
  const [cpuS, wallS] = [median(costs.map((it) => it.cpuS)), median(costs.map((it) => it.wallS))]
  const count = instances.length
  console.log(
    `  ${name.padEnd(38)} ${(cpuS / count).toFixed(2)} s CPU a plan (${(cpuS / baseCpuS).toFixed(2)} ×), ${(count / wallS).toFixed(2)} plans a second`,
  )
}
