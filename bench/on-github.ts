import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type House, house } from '../tests/on-github/house.ts'
import { narrow, wideStacks } from '../tests/on-github/wide.ts'

// What a pull request with many instances costs, from its opening until all of it is applied, on a GitHub of our own with
// real Terraform and an S3 of our own. README.md says how to read it.
//
//   npx tsx bench/on-github.ts [instances]

const instances = Number(process.argv[2] ?? 300)
if (!Number.isInteger(instances) || instances < 6) {
  console.error(`How many instances? ${process.argv[2]} is no count of at least 6`)
  process.exit(2)
}

const folder = await mkdtemp(join(tmpdir(), 'airlock-bench-'))
const [programs, ours] = [join(folder, 'terraform.tsv'), join(folder, 'node.tsv')]
await writeFile(
  join(folder, 'terraform'),
  `#!/bin/bash
PATH=\${PATH#${folder}:}
began=$EPOCHREALTIME
terraform "$@"
code=$?
ended=$EPOCHREALTIME
echo "$1	$(( (\${ended/./} - \${began/./}) / 1000 ))" >> ${programs}
exit $code
`,
)
await chmod(join(folder, 'terraform'), 0o755)
await writeFile(
  join(folder, 'clock.cjs'),
  `const { appendFileSync } = require('node:fs')
const { basename } = require('node:path')
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const name = basename(process.argv[1] ?? '') + (process.env.AIRLOCK_DETACHED_APPLY ? ' (detached)' : '')
  const cells = [name, performance.now(), (userCPUTime + systemCPUTime) / 1000, maxRSS / 1024]
  appendFileSync(${JSON.stringify(ours)}, cells.map((it) => typeof it === 'number' ? Math.round(it) : it).join('\\t') + '\\n')
})
`,
)
await Promise.all([programs, ours].map((path) => writeFile(path, '')))
const options = [`--require=${join(folder, 'clock.cjs')}`, process.env.NODE_OPTIONS ?? ''].join(' ').trim()
const here = await house({
  estate: 'quickstart',
  approval: 'none',
  files: narrow,
  env: { PATH: `${folder}${delimiter}${process.env.PATH}`, NODE_OPTIONS: options },
})
try {
  const number = await measured('opened', () => here.open('widen', wideStacks(instances)))
  const comment = here.comment(number)
  console.log(`  the comment has ${comment.length} UTF-16 units`)
  await measured('merged', async () => {
    await here.github.merge(here.repository, number, { method: 'squash', by: 'ann' })
  })
} finally {
  if (here.failures() !== '') console.log(here.failures())
  await here.close()
  await rm(folder, { recursive: true, force: true })
}

/** Does one thing, waits until nothing runs, and prints what that cost. */
async function measured<T>(title: string, act: () => Promise<T>): Promise<T> {
  const before = { runs: here.runner.runs().length, calls: here.github.calls.length, asked: here.s3.requests.length }
  await Promise.all([programs, ours].map((path) => writeFile(path, '')))
  const started = performance.now()
  const answer = await act()
  await here.idle()
  const wallMs = performance.now() - started
  const runs = here.runner.runs().slice(before.runs)
  const [terraform, node] = [await rowsOf(programs), await rowsOf(ours)]
  console.log(
    `\n${title}: ${seconds(wallMs)} in ${runs.flatMap(({ jobs }) => jobs).length} jobs of ${runs.length} runs`,
  )
  for (const run of runs) console.log(`  ${run.event}: ${jobsIn(run.jobs)}`)
  const asked = here.s3.requests.slice(before.asked)
  const records = asked.filter(({ bucket }) => bucket === 'airlock')
  console.log(
    `  API calls ${here.github.calls.length - before.calls}; S3 requests: records ${records.length} (${verbs(records)}), states ${asked.length - records.length}`,
  )
  for (const [folder, requests] of byFolder(records))
    console.log(`    ${folder.padEnd(22)}${String(requests.length).padStart(5)} (${verbs(requests)})`)
  console.log(`  Terraform, wall of its ${terraform.length} processes: ${seconds(sum(terraform, 0))}`)
  for (const [name, rows] of grouped(terraform))
    console.log(`    ${name.padEnd(22)}${String(rows.length).padStart(5)} × ${seconds(sum(rows, 0) / rows.length)}`)
  console.log(`  Airlock, ${node.length} processes: wall ${seconds(sum(node, 0))}, CPU ${seconds(sum(node, 1))}`)
  for (const [name, rows] of grouped(node))
    console.log(
      `    ${name.padEnd(22)}${String(rows.length).padStart(5)} × wall ${seconds(sum(rows, 0) / rows.length)}, CPU ${seconds(sum(rows, 1) / rows.length)}, at most ${Math.max(...rows.map(({ cells }) => cells[2]!))} MB`,
    )
  return answer
}

interface Row {
  readonly name: string
  readonly cells: readonly number[]
}

async function rowsOf(path: string): Promise<readonly Row[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const [name = '', ...cells] = line.split('\t')
    return { name, cells: cells.map(Number) }
  })
}

function grouped(rows: readonly Row[]): [string, Row[]][] {
  const names = [...new Set(rows.map(({ name }) => name))].sort()
  return names.map((name) => [name, rows.filter((it) => it.name === name)])
}

function sum(rows: readonly Row[], cell: number): number {
  return rows.reduce((total, { cells }) => total + cells[cell]!, 0)
}

/** By role and folder, without the prefix that the estate's store has in its bucket. */
function byFolder(asked: House['s3']['requests']): [string, House['s3']['requests']][] {
  const found = new Map<string, House['s3']['requests']>()
  for (const it of asked) {
    const key = it.key || new URLSearchParams(it.query).get('prefix') || ''
    const name = `${it.by ?? 'nobody'} ${key.split('/')[1] ?? 'bucket'}`
    found.set(name, [...(found.get(name) ?? []), it])
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}

function verbs(asked: House['s3']['requests']): string {
  const counts = new Map<string, number>()
  for (const { method, query } of asked) {
    const name = method === 'GET' && query.includes('list-type') ? 'LIST' : method
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ')
}

function jobsIn(
  jobs: House['runner'] extends { runs(): readonly (infer R)[] } ? (R extends { jobs: infer J } ? J : never) : never,
): string {
  const counts = new Map<string, number>()
  for (const { key, conclusion } of jobs) {
    const name = `${key} ${conclusion}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).join(', ')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
