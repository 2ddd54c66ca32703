import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'
import { relay } from '../src/testkit/provider/relay.ts'
import { bundledPackages, notices } from './notices.ts'

/** A file that a build wrote, by its path in the target folder. */
export interface Built {
  readonly path: string
  readonly bytes: number
}

const provider = 'src/testkit/provider/main.ts'

/** The start file loads the bundle beside it, not the source. */
const loadsBundle: Plugin = {
  name: 'loads-bundle',
  setup: (builder) => builder.onResolve({ filter: /^\.\/main\.ts$/ }, () => ({ path: './cli.js', external: true })),
}

/** Verbs that are actions of GitHub and have code here, in order. */
export function actionVerbs(root: string): string[] {
  const folder = join(root, 'actions')
  const verbs = existsSync(folder) ? readdirSync(folder).sort() : []
  return verbs.filter((verb) => existsSync(join(root, 'src/actions', `${verb}.ts`)))
}

/** The file that a runner starts for each verb: it loads the verb's own code when the first line is printed. */
const actionEntries: Plugin = {
  name: 'action-entries',
  setup(builder) {
    builder.onResolve({ filter: /^action:/ }, ({ path }) => ({ path: path.slice(7), namespace: 'action' }))
    builder.onLoad({ filter: /.*/, namespace: 'action' }, ({ path: verb }) => ({
      contents: `import { main } from './src/actions/main.ts'\nmain('${verb}', () => import('./src/actions/${verb}.ts'))\n`,
      resolveDir: builder.initialOptions.absWorkingDir ?? '',
      loader: 'ts',
    }))
  },
}

/** Builds all bundles of the repository at `root` into `target`: the same source gives the same bytes anywhere. */
export async function bundle(root: string, target: string): Promise<Built[]> {
  const shared: BuildOptions = {
    absWorkingDir: root,
    // Paths take part in the names of chunks: node_modules counts where it stands, not where a link leads.
    preserveSymlinks: true,
    bundle: true,
    platform: 'node',
    // ES modules where a package has them: only these survive being imported dynamically from a shared chunk with their names.
    mainFields: ['module', 'main'],
    target: 'node20.19',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    write: false,
  }
  const results = [
    await build({
      ...shared,
      entryPoints: {
        cli: 'src/cli/main.ts',
        ...Object.fromEntries(actionVerbs(root).map((verb) => [`actions/${verb}`, `action:${verb}`])),
      },
      plugins: [actionEntries],
      outdir: 'dist',
      format: 'esm',
      splitting: true,
      keepNames: false,
      chunkNames: 'chunks/[name]-[hash]',
      // CommonJS packages in an ESM bundle call `require` for Node's own modules.
      banner: {
        js: "import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);",
      },
    }),
    await build({
      ...shared,
      entryPoints: { start: 'src/cli/start.ts' },
      outdir: 'dist',
      outExtension: { '.js': '.cjs' },
      format: 'cjs',
      target: 'node12',
      supported: { 'dynamic-import': true },
      plugins: [loadsBundle],
    }),
    ...(existsSync(join(root, provider))
      ? [
          await build({
            ...shared,
            entryPoints: { 'terraform-provider-folder': provider },
            outdir: 'dist',
            outExtension: { '.js': '.cjs' },
            format: 'cjs',
            banner: { js: relay },
          }),
        ]
      : []),
  ]
  const written: Built[] = []
  const write = async (path: string, contents: Uint8Array | string) => {
    const file = join(target, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, contents)
    if (path.endsWith('.cjs')) await chmod(file, 0o755)
    written.push({ path, bytes: (await stat(file)).size })
  }
  for (const result of results)
    for (const { path, contents, text } of result.outputFiles ?? []) {
      if (text.includes(root)) throw new Error(`${path} names the folder it was built in`)
      await write(relative(join(root, 'dist'), path), contents)
    }
  const metafiles = results.map(({ metafile }) => metafile).filter((it): it is Metafile => it !== undefined)
  await write('THIRD-PARTY.txt', await notices(root, bundledPackages(metafiles)))
  return written.sort((a, b) => (a.path < b.path ? -1 : 1))
}
