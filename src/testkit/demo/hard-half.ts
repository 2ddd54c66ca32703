import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { collisions } from './collisions.ts'
import type { Scene } from './scene.ts'

/** What goes wrong every week, and what Airlock makes of it. */
export const hardHalf: readonly Scene[] = [
  ...collisions,
  {
    name: 'adoption',
    title: 'Adoption: sixty instances that plain Terraform applied',
    on: 'plain',
    async play({ airlock, cloud, say }) {
      say(
        '  Their states lie where Atmos keeps them. Since then somebody set the retention of one bucket by hand and removed\n' +
          '  another; and one zone was merged, and never applied.',
      )
      await writeFile(
        join(cloud, 'file', 'bucket-r0-prod.json'),
        JSON.stringify({
          name: 'bucket-r0-prod',
          content: { owner: 'acme', days: '7' },
          id: 'fil-by-hand',
          version: 2,
        }),
      )
      await rm(join(cloud, 'file', 'bucket-r1-prod.json'))
      await airlock(['adopt'], 0)
      await airlock(['status'], 0)
    },
  },
]
