type Row = Readonly<Record<string, unknown>>

/** GitHub takes this many jobs of one matrix. */
const most = 256

/** The rows of a matrix: all combinations, without the excluded, with the included. @throws Error as GitHub refuses it */
export function matrixRows(matrix: unknown): Row[] {
  if (typeof matrix !== 'object' || matrix === null || Array.isArray(matrix))
    throw new Error('A matrix must be a mapping')
  const { include = [], exclude = [], ...vectors } = matrix as Record<string, unknown>
  const entries = Object.entries(vectors).map(([name, values]): [string, unknown[]] => {
    if (!Array.isArray(values) || values.length === 0)
      throw new Error(`Matrix vector '${name}' does not contain any values`)
    return [name, values]
  })
  const excluded = rowsOf(exclude, 'exclude')
  const combined =
    entries.length === 0 ? [] : combinations(entries).filter((row) => !excluded.some((it) => fits(it, row)))
  const names = new Set(entries.map(([name]) => name))
  const rows = rowsOf(include, 'include').reduce<{ row: Row; original: Row }[]>(
    (before, extra) => included(before, extra, names),
    combined.map((row) => ({ row, original: row })),
  )
  if (rows.length === 0) throw new Error('Matrix must define at least one vector')
  if (rows.length > most) throw new Error(`Strategy produces more than ${most} jobs: ${rows.length}`)
  return rows.map(({ row }) => row)
}

/** How GitHub names a job of a matrix that has no name of its own. */
export function rowName(row: Row): string {
  const texts = Object.values(row).flatMap(function flat(value): string[] {
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(flat) : [String(value)]
  })
  return texts.join(', ')
}

function rowsOf(value: unknown, name: string): Row[] {
  if (!Array.isArray(value)) throw new Error(`Matrix ${name} must be a sequence`)
  return value as Row[]
}

function combinations(vectors: readonly [string, readonly unknown[]][]): Row[] {
  return vectors.reduce<Row[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  )
}

/** Adds to each combination whose original values it does not change; makes a row of its own where there is none. */
function included(rows: { row: Row; original: Row }[], extra: Row, names: ReadonlySet<string>) {
  const shared = Object.entries(extra).filter(([name]) => names.has(name))
  const into = rows.filter(
    ({ original }) => Object.keys(original).length > 0 && shared.every(([name, value]) => same(original[name], value)),
  )
  if (into.length === 0 || names.size === 0) return [...rows, { row: extra, original: {} }]
  return rows.map((it) => (into.includes(it) ? { ...it, row: { ...it.row, ...extra } } : it))
}

function fits(part: Row, row: Row): boolean {
  return Object.entries(part).every(([name, value]) => same(row[name], value))
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
