import type { Mark } from './cursor.ts'

/** The shapes of scalars; `plain` ones are resolved to a type. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

/** What the scanner makes of the text, as in YAML's own description of its grammar. */
export type Token =
  | {
      readonly kind:
        | 'stream-end'
        | 'document-start'
        | 'document-end'
        | 'block-sequence'
        | 'block-mapping'
        | 'block-end'
        | 'block-entry'
        | 'flow-sequence'
        | 'flow-sequence-end'
        | 'flow-mapping'
        | 'flow-mapping-end'
        | 'flow-entry'
        | 'key'
        | 'value'
      readonly at: Mark
    }
  | { readonly kind: 'version'; readonly at: Mark; readonly major: number; readonly minor: number }
  | { readonly kind: 'tag-directive'; readonly at: Mark; readonly handle: string; readonly prefix: string }
  | { readonly kind: 'alias' | 'anchor'; readonly at: Mark; readonly name: string }
  | { readonly kind: 'tag'; readonly at: Mark; readonly handle: string; readonly suffix: string }
  | { readonly kind: 'scalar'; readonly at: Mark; readonly style: ScalarStyle; readonly value: string }
