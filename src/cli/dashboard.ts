import { page } from '../dashboard/page.ts'
import { dashboard } from '../flows/dashboard.ts'
import { openWorld } from '../wire.ts'
import type { Command } from './command.ts'
import { mayReplace, replaceFile } from './page-file.ts'

export const command: Command = {
  name: 'dashboard',
  summary: 'One page of all there is: what needs a person, the estate, its history',
  usage: 'airlock dashboard [--out FILE] [--force] [--json]',
  description:
    'Writes one HTML file from the records and the tip of the protected branch. It asks nothing of any network, and holds\n' +
    'nothing that a pull request comment would not show. An earlier dashboard is replaced; any other file only with --force.',
  examples: [
    { command: 'airlock dashboard', does: 'write airlock-dashboard.html here' },
    { command: 'airlock dashboard --out public/index.html', does: 'where a web server finds it' },
    { command: 'airlock dashboard --json', does: 'print the data of the page for programs' },
  ],
  flags: [
    { name: 'out', short: 'o', type: 'string', value: 'FILE', help: 'Where to write it; - prints it' },
    { name: 'force', type: 'boolean', help: 'Replace a file that is no dashboard' },
  ],
  positional: [],
  async run({ flags }, terminal) {
    const out = (flags.out as string | undefined) ?? 'airlock-dashboard.html'
    const path = terminal.resolve(out)
    const writes = !flags.json && out !== '-'
    // What cannot be written is said before the work, not after it.
    if (writes) await mayReplace(path, out, flags.force === true)
    const made = await dashboard(await openWorld(terminal))
    if (flags.json) {
      terminal.print(JSON.stringify(made, undefined, 2))
      return 0
    }
    const text = page(made)
    if (!writes) {
      terminal.print(text)
      return 0
    }
    await replaceFile(path, text)
    const needs = made.needs.length
    terminal.print(
      `Wrote ${out}: ${sizeText(new TextEncoder().encode(text).length)}, ${made.instances.length} instances.`,
    )
    terminal.print(
      needs === 0
        ? 'Nothing needs a person.'
        : `${needs} ${needs === 1 ? 'thing needs' : 'things need'} a person: open it, or airlock status.`,
    )
    return 0
  },
}

/** `84 kB`, `1.2 MB` */
function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
