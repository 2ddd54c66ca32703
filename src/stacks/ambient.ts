/** What decides a resolution beside the repository's files: where the process stands and what surrounds it. */
export interface Ambient {
  /** Folder the process stands in, relative to the tree's root; '' is the root. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The Git work tree's root, relative to the tree's root; undefined where there is no Git repository. */
  readonly gitRoot: string | undefined
  /** `atmos.yaml` files from outside of the tree (system directory, `~/.atmos`), the weakest first. */
  readonly outside?: readonly { readonly path: string; readonly text: string }[]
  readonly flags?: {
    /** `--base-path` */
    readonly basePath?: string
    /** `--config` and `--config-path`, relative to the tree's root: they replace the search for `atmos.yaml`. */
    readonly config?: readonly string[]
    readonly configPath?: readonly string[]
    /** `--profile` */
    readonly profile?: readonly string[]
    /** The text of `--stack`: one with a `/` may select a single manifest by its path. */
    readonly stack?: string
  }
}
