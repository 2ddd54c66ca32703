import { type Attributes, unknown } from './cty.ts'
import { foreseeId, objectId, type Resource } from './resource.ts'

function url({ name }: Attributes): Attributes {
  return { url: name === unknown ? unknown : `https://${String(name)}.apps.test` }
}

/** An application on a cluster. Its URL follows from its name, so that a plan knows it already. */
export const app: Resource = {
  attributes: {
    name: {
      type: 'string',
      set: 'required',
      replaces: true,
      description: 'Name of the application, unique in the cloud.',
    },
    region: { type: 'string', set: 'optional', replaces: true, description: 'Where it is. It cannot be moved.' },
    image: { type: 'string', set: 'required', description: 'What it runs: shop:1.4.0.' },
    replicas: { type: 'number', set: 'optional', description: 'How many of it run.' },
    cluster_endpoint: {
      type: 'string',
      set: 'required',
      description: 'URL of the API of the cluster that it runs on.',
    },
    allow_from: { type: ['list', 'string'], set: 'optional', description: 'Networks that may call it.' },
    id: { type: 'string', set: 'computed', description: 'Given by the cloud: app-4f1c09ab.' },
    url: { type: 'string', set: 'computed', description: 'Where it answers; known when planning.' },
  },
  foresee: (wanted, prior) => ({ ...foreseeId(prior), ...url(wanted) }),
  settle: (wanted, prior) => ({ id: prior?.id ?? objectId('app', String(wanted.name)), ...url(wanted) }),
}
