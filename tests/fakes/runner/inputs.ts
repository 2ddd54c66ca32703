/** Refuses inputs of a real action that ours would silently not heed. */
export function refuseUnknown(action: string, inputs: ReadonlyMap<string, string>, names: readonly string[]): void {
  const other = [...inputs].filter(([name, value]) => value !== '' && !names.includes(name))
  if (other.length > 0)
    throw new Error(`This runner's ${action} does not know the inputs ${other.map(([name]) => name).join(', ')}`)
}

/** A boolean input as actions read it. @throws Error for other words */
export function isTrue(inputs: ReadonlyMap<string, string>, name: string, standard: boolean): boolean {
  const value = inputs.get(name) ?? ''
  if (value === '') return standard
  if (/^(true|True|TRUE)$/.test(value)) return true
  if (/^(false|False|FALSE)$/.test(value)) return false
  throw new Error(`Input does not meet YAML 1.2 "Core Schema" specification: ${name}`)
}
