import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { page } from '../dashboard/page.ts'
import { dashboard } from '../flows/dashboard.ts'
import type { Action } from './step.ts'
import { openStep } from './world.ts'

/** Writes the records as one page, to be uploaded as an artifact. */
export const action: Action = async (step) => {
  const made = await dashboard(await openStep(step, 'read'))
  const folder = join(step.context.temp, 'airlock')
  const path = join(folder, 'airlock-dashboard.html')
  await mkdir(folder, { recursive: true })
  await writeFile(path, page(made))
  step.output('path', path)
  const needs = made.needs.length
  step.log(`Wrote ${path}: ${made.instances.length} instances`)
  step.log(
    needs === 0 ? 'Nothing needs a person.' : `${needs} ${needs === 1 ? 'thing needs' : 'things need'} a person.`,
  )
  return 0
}
