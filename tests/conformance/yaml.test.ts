import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runYaml } from './yaml.ts'

const folder = join(process.env.AIRLOCK_CONFORMANCE ?? '../shared/conformance', 'yaml')

test.skipIf(!existsSync(folder))('reads and writes YAML as Atmos 1.227 does', () => {
  const outcomes = runYaml(folder)
  const failures = outcomes.filter((it) => !it.pass).map((it) => `${it.id}: ${it.message}`)
  expect(failures).toEqual([])
  expect(outcomes.length).toBeGreaterThan(0)
})
