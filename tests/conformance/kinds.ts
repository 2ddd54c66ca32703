import { names, readJson } from './repos.ts'

/** A folder of recorded answers: which ids count in it, however much of it we can run. */
export interface Kind {
  readonly name: string
  /** Every id that counts, in the order of the files. */
  ids(folder: string): string[]
}

const jsonFiles = (folder: string) => names(folder).filter((name) => name.endsWith('.json'))

/** Ids of the cases of files that hold an array; entries without id are tables to look things up in. */
const arrays = (folder: string): string[] =>
  jsonFiles(folder).flatMap((file) =>
    readJson<readonly { readonly id?: string }[]>(folder, file).flatMap(({ id }) => (id ? [`${file}#${id}`] : [])),
  )

/** Ids of the runs of files that hold `runs`. */
const runs = (folder: string): string[] =>
  jsonFiles(folder).flatMap((file) =>
    readJson<{ readonly runs: readonly unknown[] }>(folder, file).runs.map((_, at) => `${file}#${at}`),
  )

interface Named {
  readonly component: string
  readonly stack: string
}

interface Fuzz {
  readonly stacks?: unknown
  readonly stacksRaw?: unknown
  readonly components?: readonly Named[]
  readonly dependents?: readonly Named[]
  readonly affected?: readonly unknown[]
}

export const KINDS: readonly Kind[] = [
  {
    name: 'stacks',
    ids: (folder) =>
      names(folder).flatMap((repo) => [
        ...names(folder, repo)
          .filter((name) => name === 'stacks.json')
          .map((name) => `${repo}/${name}#0`),
        ...jsonFiles(`${folder}/${repo}/affected`).map((file) => `${repo}/affected/${file}#0`),
      ]),
  },
  {
    name: 'fuzz',
    ids: (folder) =>
      jsonFiles(folder).flatMap((file) => {
        const it = readJson<Fuzz>(folder, file)
        const named = (name: string, list: Fuzz['components']) =>
          (list ?? []).map(({ component, stack }) => `${file}#${name}/${component}@${stack}`)
        return [
          ...(it.stacks === undefined ? [] : [`${file}#stacks`]),
          ...(it.stacksRaw === undefined ? [] : [`${file}#stacksRaw`]),
          ...named('component', it.components),
          ...named('dependents', it.dependents),
          ...(it.affected ?? []).map((_, at) => `${file}#affected/${at}`),
        ]
      }),
  },
  { name: 'cases', ids: arrays },
  { name: 'execution', ids: runs },
  { name: 'state', ids: runs },
  { name: 'templates', ids: arrays },
  { name: 'yaml', ids: arrays },
]
