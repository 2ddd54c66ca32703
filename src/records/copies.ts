/** Copies of documents by their key, each with the version that it was made of. */
export type Copies = ReadonlyMap<string, Copy>

export interface Copy {
  readonly etag: string
  /** As it was stored. */
  readonly document: object
}

/** Copies as one object of the store. */
export function encodeCopies(copies: Copies): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ format: 1, copies: Object.fromEntries(copies) }))
}

/** The copies that were stored; none where it is anything else: they only save reading, and tell nothing that documents do not. */
export function parseCopies(bytes: Uint8Array): Copies {
  try {
    const { format, copies } = JSON.parse(new TextDecoder().decode(bytes)) ?? {}
    return new Map(format === 1 ? Object.entries<Copy>(copies) : [])
  } catch {
    return new Map()
  }
}
