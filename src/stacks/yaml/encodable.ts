import { asIs, type Encodable, yamlFloat } from '../../yaml/encode.ts'
import type { Value } from '../value.ts'

/** A configuration value in the form that `encode` takes. */
export function encodable(value: Value): Encodable {
  switch (value.kind) {
    case 'scalar':
      return value.float && typeof value.value === 'number' ? asIs(yamlFloat(value.value)) : value.value
    case 'list':
      return value.items.map(encodable)
    case 'map':
      return Object.fromEntries([...value.entries].map(([key, item]) => [key, encodable(item)]))
  }
}
