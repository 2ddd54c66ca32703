/** How a run of Atmos ended; `too long` and `interrupted` where it was told to end. */
export type AtmosEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'too long' | 'interrupted' }

/** A program called Atmos, which may be any version of it. */
export interface Atmos {
  /** Its name on the PATH, or its path, as it was asked for. */
  readonly command: string
  /** Its absolute path and version; undefined when there is no such program. */
  find(): Promise<{ readonly path: string; readonly version: string | undefined } | undefined>
  /** Runs it with these arguments where this process stands, without colours and without asking its maker for news. */
  run(args: readonly string[]): Promise<AtmosEnd>
}
