import { type Attributes, unknown } from './cty.ts'
import { foreseeId, objectId, type Resource } from './resource.ts'

const subnetBits = 4
const subnetCount = 3

/** The first three of the sixteen equal parts of a network: `10.1.0.0/16` → `10.1.0.0/20`, `10.1.16.0/20`, `10.1.32.0/20`. */
export function subnets(cidr: string): string[] {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr)
  const [a = 256, b = 256, c = 256, d = 256, bits = 33] = (match?.slice(1) ?? []).map(Number)
  if ([a, b, c, d].some((octet) => octet > 255) || bits > 32 - subnetBits)
    throw new Error(`"${cidr}" is no network of at most ${32 - subnetBits} bits, such as "10.1.0.0/16"`)
  const start = ((a * 256 + b) * 256 + c) * 256 + d
  const size = 2 ** (32 - bits - subnetBits)
  return Array.from({ length: subnetCount }, (_, index) => {
    const address = start + index * size
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256)
    return `${octets.join('.')}/${bits + subnetBits}`
  })
}

function subnetsOf({ cidr }: Attributes): Attributes {
  return { subnets: cidr === unknown ? unknown : subnets(String(cidr)) }
}

/** A network. Its subnets follow from its `cidr` alone, so that a plan knows them already. */
export const network: Resource = {
  attributes: {
    name: { type: 'string', set: 'required', replaces: true, description: 'Name of the network, unique in the cloud.' },
    region: { type: 'string', set: 'optional', replaces: true, description: 'Where it is. It cannot be moved.' },
    cidr: { type: 'string', set: 'required', description: 'Its addresses: 10.1.0.0/16. Changed in place.' },
    tags: { type: ['map', 'string'], set: 'optional', description: 'Free text by name.' },
    id: { type: 'string', set: 'computed', description: 'Given by the cloud: net-4f1c09ab.' },
    subnets: {
      type: ['list', 'string'],
      set: 'computed',
      description: 'Three parts of the network; known when planning.',
    },
  },
  foresee: (wanted, prior) => ({ ...foreseeId(prior), ...subnetsOf(wanted) }),
  settle: (wanted, prior) => ({
    id: prior?.id ?? objectId('net', String(wanted.name), wanted.region as string | null),
    ...subnetsOf(wanted),
  }),
}
