import { posix } from 'node:path'

/** Airlock's own actions: the repository that they lie in, and the commit that is used of it. */
export interface ActionsSource {
  /** `acme/airlock` */
  readonly repository: string
  /** Full commit id: what a tag names can be changed by whoever owns the tag. */
  readonly commit: string
  /** `0.1.0` */
  readonly version: string
}

/** In which words a workflow says what differs between a repository's own file and one that many repositories call. */
export interface Dialect {
  /** What follows `uses:` for one of Airlock's actions. */
  uses(verb: string): string
  /** What follows `runs-on:`. */
  readonly runsOn: string
  /** The protected branch as a value, and as an operand in an expression. */
  readonly branch: { readonly value: string; readonly operand: string }
}

/** A file in the repository itself: everything is written out. */
export function localDialect(
  { repository, commit, version }: ActionsSource,
  { branch, runsOn }: { readonly branch: string; readonly runsOn: readonly string[] },
): Dialect {
  return {
    uses: (verb) => `${posix.join(repository, 'actions', verb)}@${commit} # v${version}`,
    runsOn: runsOn.length === 1 ? scalar(runsOn[0]!) : `[${runsOn.map(scalar).join(', ')}]`,
    branch: { value: scalar(branch), operand: `'${branch.replaceAll("'", "''")}'` },
  }
}

/** A file that others call: what differs between them are its inputs. */
export function sharedDialect(source: ActionsSource | undefined): Dialect {
  const own = source && localDialect(source, { branch: 'main', runsOn: ['ubuntu-latest'] })
  return {
    uses: (verb) => own?.uses(verb) ?? `$/actions/${verb}`,
    runsOn: '${{ fromJSON(inputs.runs-on) }}',
    branch: { value: '${{ inputs.branch }}', operand: 'inputs.branch' },
  }
}

/** A text as YAML: plain where nothing can misread it, else in single quotes. */
export function scalar(text: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_./-]*$/.test(text) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text)
  return plain ? text : `'${text.replaceAll("'", "''")}'`
}
