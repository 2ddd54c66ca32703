import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { relay } from './provider/relay.ts'

/** Bundles the provider into one executable script that needs nothing beside it. */
export async function bundleProvider(into: string): Promise<void> {
  await build({
    entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'provider/main.ts')],
    outfile: into,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    banner: { js: relay },
    legalComments: 'none',
    logLevel: 'error',
  })
}
