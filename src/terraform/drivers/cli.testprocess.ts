import type { Job } from '../terraform.ts'
import { sandboxTerraform } from './cli.testkit.ts'

/** What the test asks of the process: the sandbox, and the job with its maps as entries. */
interface Request {
  readonly root: string
  readonly of: string
  /** `hold` opens the working copy and keeps it; `apply` plans and applies. */
  readonly act: 'hold' | 'apply'
  readonly job: Omit<Job, 'files' | 'generated' | 'links'> & {
    readonly files: readonly (readonly [string, string])[]
    readonly generated: readonly (readonly [string, string])[]
    readonly links: readonly (readonly [string, string])[]
  }
}

// A process of its own that uses a working copy, so that tests can kill it. It tells what it does in lines of JSON.
const { root, of, act, job }: Request = JSON.parse(process.argv[2] ?? '')
const stop = new AbortController()
process.on('SIGINT', () => stop.abort())
const tell = (event: string, data: object = {}) => process.stdout.write(`${JSON.stringify({ event, ...data })}\n`)
const terraform = sandboxTerraform({ root, cloud: '', env: process.env, dispose: async () => {} }, stop.signal, of)
const tool = await terraform.tool('terraform')
if (!tool) throw new Error('no Terraform')
const session = await terraform.open(
  {
    ...job,
    files: new Map(job.files.map(([path, text]) => [path, { bytes: Buffer.from(text), executable: false }])),
    generated: new Map(job.generated),
    links: new Map(job.links),
  },
  tool,
  { waiting: (holder) => tell('waiting', { holder }), line: (text) => tell('line', { text }) },
)
tell('opened')
if (act === 'hold') await new Promise((resolve) => process.stdin.once('data', resolve))
else {
  const plan = await session.plan({ destroy: false, extraArgs: [] })
  if (plan.kind !== 'planned') throw new Error(plan.ran.output)
  tell('planned')
  const { kind, state, ran } = await session.apply(plan, { locked: ({ id }) => tell('locked', { id }) })
  tell('applied', { kind, state, output: ran.output })
}
await session.close()
tell('closed')
process.exit(0)
