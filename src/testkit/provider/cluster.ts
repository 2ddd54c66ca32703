import { type Attributes, unknown } from './cty.ts'
import { subnets } from './network.ts'
import { foreseeId, objectId, type Resource } from './resource.ts'

function endpoint({ name, region, version, network_cidr, endpoint_mode }: Attributes): string {
  if (endpoint_mode !== null && endpoint_mode !== 'name' && endpoint_mode !== 'address')
    throw new Error(`endpoint_mode is "${String(endpoint_mode)}"; it can be "name" or "address"`)
  if (endpoint_mode === 'address') {
    const [first = ''] = subnets(String(network_cidr))
    return `https://${first.replace(/\d+\/\d+$/, '10')}:6443`
  }
  const place = region === null ? '' : `.${String(region)}`
  return `https://${String(name)}.v${String(version).replaceAll('.', '-')}${place}.clusters.test:6443`
}

/**
 * A cluster in a network. As with real ones, a plan cannot tell the endpoint after a change of any kind. Whether it comes
 * out another depends on `endpoint_mode`: made of the name and version, or of an address in the network.
 */
export const cluster: Resource = {
  attributes: {
    name: { type: 'string', set: 'required', replaces: true, description: 'Name of the cluster, unique in the cloud.' },
    region: { type: 'string', set: 'optional', replaces: true, description: 'Where it is. It cannot be moved.' },
    version: { type: 'string', set: 'required', description: 'Version that it runs: 1.31. Upgraded in place.' },
    size: { type: 'number', set: 'optional', description: 'Number of nodes.' },
    network_cidr: { type: 'string', set: 'required', description: 'Addresses of the network that it is in.' },
    endpoint_mode: {
      type: 'string',
      set: 'optional',
      description: '"name" (default): the endpoint is a name. "address": it is an address in the network.',
    },
    id: { type: 'string', set: 'computed', description: 'Given by the cloud: clu-4f1c09ab.' },
    endpoint: { type: 'string', set: 'computed', description: 'URL of its API; known only after apply.' },
    revision: { type: 'number', set: 'computed', description: 'Counts the changes; known only after apply.' },
  },
  foresee: (_, prior) => ({ ...foreseeId(prior), endpoint: unknown, revision: unknown }),
  settle: (wanted, prior) => ({
    id: prior?.id ?? objectId('clu', String(wanted.name), wanted.region as string | null),
    endpoint: endpoint(wanted),
    revision: Number(prior?.revision ?? 0) + 1,
  }),
}
