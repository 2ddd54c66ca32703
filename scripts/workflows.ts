import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { version } from '../src/cli/version.ts'
import { sharedWorkflowFile } from '../src/installation/workflow.ts'

/**
 * Writes the workflow that organisations call. Without arguments its actions are `$/actions/…`: those of the commit that the
 * file itself lies in. A release names them by the commit before it, for servers that do not know `$/`:
 * `tsx scripts/workflows.ts --repository acme/airlock --commit 4c1d2e9…`
 */
const { values } = parseArgs({ options: { repository: { type: 'string' }, commit: { type: 'string' } } })
if ((values.repository === undefined) !== (values.commit === undefined))
  throw new Error('--repository and --commit belong together')
if (values.commit !== undefined && !/^[0-9a-f]{40}$/.test(values.commit))
  throw new Error(`--commit must be a full commit id of 40 hex digits, not ${values.commit}`)

const source =
  values.repository === undefined
    ? undefined
    : { repository: values.repository, commit: values.commit as string, version }
const file = join(fileURLToPath(new URL('..', import.meta.url)), '.github/workflows/airlock.yml')
await mkdir(dirname(file), { recursive: true })
await writeFile(file, sharedWorkflowFile(source))
console.log(file)
