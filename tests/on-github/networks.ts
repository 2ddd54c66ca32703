import { type House, type HouseOptions, house } from './house.ts'

const defaults = 'stacks/orgs/plat/_defaults.yaml'

/** Where the number of a region is, which decides what addresses its network has. */
export const regions = { ue1: 'stacks/mixins/region/ue1.yaml', ue2: 'stacks/mixins/region/ue2.yaml' } as const

/**
 * A house with one network in plat-ue1-dev and one in plat-ue2-dev, both applied; since then, changes are approved by review.
 * @param more changes files of the first commit
 */
export async function networks(more: NonNullable<HouseOptions['files']> = () => {}): Promise<House> {
  const made = await house({
    approval: 'none',
    files(files) {
      for (const path of Object.keys(files)) if (/(terraform|catalog)\/cluster\//.test(path)) delete files[path]
      for (const [path, text] of Object.entries(files))
        if (/^stacks\/.*\.yaml$/.test(path)) files[path] = withoutCluster(text)
      more(files)
    },
  })
  await made.dispatch({ task: 'sweep' })
  const { github, repository } = made
  const text = (await made.file(defaults)).replace('approval: none', 'approval: review')
  // What nobody has to be told starts no run, and nothing of it is asked of Terraform.
  await github.push(repository, { branch: 'main', files: { [defaults]: text }, by: 'ann', message: 'Review [skip ci]' })
  await made.idle()
  return made
}

function withoutCluster(text: string): string {
  return text.replace('  - catalog/cluster/defaults\n', '').replace(/^ {4}cluster:\n(?: {6,}.*\n)*/gm, '')
}

/** The file that gives a region another number. */
export async function renumbered(
  at: Pick<House, 'file'>,
  region: keyof typeof regions,
  number: number,
): Promise<Readonly<Record<string, string>>> {
  const path = regions[region]
  return { [path]: (await at.file(path)).replace(/region_number: \d+/, `region_number: ${number}`) }
}

/** The addresses of the network of a region with that number. */
export function cidrOf(number: number): string {
  return `10.${16 + number}.0.0/16`
}

/** Waits until something is so, looking often: what runs meanwhile goes on. The answer is what was found. */
export async function until<T>(what: string, found: () => T | undefined | false, withinMs = 120_000): Promise<T> {
  const end = Date.now() + withinMs
  for (;;) {
    const it = found()
    if (it !== undefined && it !== false) return it
    if (Date.now() > end) throw new Error(`${what}: not within ${withinMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
