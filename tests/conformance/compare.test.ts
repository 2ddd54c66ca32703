import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entries } from '../../src/cli/registry.ts'
import { run } from '../../src/cli/run.ts'
import { recordedTerminal } from '../../src/testkit/terminal.ts'
import { ROOT } from './outcome.ts'

const folder = join(
  process.env.AIRLOCK_CONFORMANCE ?? join(import.meta.dirname, '../../../shared/conformance'),
  'stacks',
)
const repos = existsSync(folder) ? readdirSync(folder) : []

interface Recorded {
  readonly args: readonly string[]
  readonly code: number
  readonly json?: unknown
  readonly stderr?: string
}

let home = ''
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'airlock-replayed-')))
})
afterAll(() => rmSync(home, { recursive: true }))

/** Lays out a recorded repository beside a stand-in for Atmos that answers as the real one did. */
function replayed(
  name: string,
  { code, json, stderr = 'failed' }: Recorded,
): { readonly repo: string; readonly atmos: string } {
  const repo = join(home, name)
  cpSync(join(folder, name, 'repo'), repo, { recursive: true })
  const atmos = join(home, `${name}.sh`)
  const answer = code === 0 ? JSON.stringify(json) : stderr
  writeFileSync(`${atmos}.out`, answer.replaceAll(ROOT, repo))
  writeFileSync(
    atmos,
    `#!/bin/sh\n[ "$1" = version ] && echo 1.227.0 && exit\ncat ${atmos}.out ${code === 0 ? '' : '>&2'}\nexit ${code}\n`,
  )
  chmodSync(atmos, 0o755)
  return { repo, atmos }
}

test.skipIf(repos.length === 0)(
  'compare finds nothing in the recorded repositories, and no failure of one side alone',
  async () => {
    const told: string[] = []
    for (const name of repos) {
      const all: readonly Recorded[] = [JSON.parse(readFileSync(join(folder, name, 'stacks.json'), 'utf8'))].flat()
      const recorded = all.find(
        ({ args }) => args.join(' ') === 'describe stacks --format json --process-functions=false',
      )
      if (recorded === undefined) continue
      const { repo, atmos } = replayed(name, recorded)
      const terminal = recordedTerminal({ cwd: repo, env: { PATH: process.env.PATH, HOME: home } })
      const code = await run(['compare', '--atmos', atmos, '--json'], entries, () => terminal)
      const found = JSON.parse(terminal.printed())
      const differs = (found.differences ?? []).some((it: { readonly atmos: unknown }) => it.atmos !== '<VARIES>')
      if (differs || (code !== 0 && found.kind !== 'compared')) told.push(`${name}: ${terminal.printed()}`)
    }
    expect(told).toEqual([])
  },
  120_000,
)
