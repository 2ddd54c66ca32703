import { setTimeout as sleep } from 'node:timers/promises'
import { app } from './app.ts'
import { type Cloud, folderCloud, type Operation } from './cloud.ts'
import { cluster } from './cluster.ts'
import { type Attributes, decodeValue, encodeValue, fits, type Value } from './cty.ts'
import { calls } from './messages.ts'
import { network } from './network.ts'
import { file, secret } from './odd.ts'
import { decode, encode, type Message } from './protobuf.ts'
import { type Attribute, plan, type Resource } from './resource.ts'

const typePrefix = 'folder_'
const severityError = 1

type Environment = Readonly<Record<string, string | undefined>>

const lookup: Readonly<Record<string, Attribute>> = {
  kind: { type: 'string', set: 'required', description: 'Kind of the object, without prefix: network.' },
  name: { type: 'string', set: 'required', description: 'Name of the object.' },
  exists: { type: 'bool', set: 'computed', description: 'Whether there is such an object.' },
  json: { type: 'string', set: 'computed', description: 'The object as JSON; null where there is none.' },
}

const providerAttributes: Readonly<Record<string, Attribute>> = {
  path: { type: 'string', set: 'optional', description: 'The folder that is the cloud; else FOLDER_CLOUD.' },
}

function schema(attributes: Readonly<Record<string, Attribute>>): Message {
  return {
    version: 0,
    block: {
      version: 0,
      attributes: Object.entries(attributes).map(([name, { type, set, sensitive, description }]) => ({
        name,
        type: Buffer.from(JSON.stringify(type)),
        description,
        [set]: true,
        sensitive,
      })),
    },
  }
}

function schemas(all: Readonly<Record<string, Resource>>): Message {
  return Object.fromEntries(Object.entries(all).map(([kind, it]) => [typePrefix + kind, schema(it.attributes)]))
}

/** The object as its type has it: every attribute there, null where the file has none, and no other. */
function shaped(kind: string, attributes: Readonly<Record<string, Attribute>>, object: unknown): Attributes {
  const given = object as Readonly<Record<string, Value | undefined>>
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type }]) => {
      const value = given[name] ?? null
      if (!fits(value, type))
        throw new Error(`"${name}" of a ${kind} must be ${JSON.stringify(type)}; it is another type`)
      return [name, value]
    }),
  )
}

const dynamic = (value: Value) => ({ msgpack: encodeValue(value) })
const sentValue = (sent: unknown) => decodeValue((sent as { readonly msgpack: Uint8Array }).msgpack)
const attributesOf = (sent: unknown) => (sentValue(sent) ?? undefined) as Attributes | undefined
const failed = (summary: string, cause: unknown) => ({
  diagnostics: [{ severity: severityError, summary, detail: cause instanceof Error ? cause.message : String(cause) }],
})

type Answers = { readonly [name in keyof typeof calls]: (request: Message) => Message | Promise<Message> }

/**
 * Every call of the protocol by name, from the request's bytes to the answer's.
 * @param gone aborted when nobody is there any more who asked: what waits then never happens
 */
export function provider(
  environment: Environment,
  gone: AbortSignal,
): ReadonlyMap<string, (request: Uint8Array) => Promise<Uint8Array>> {
  const resources: Readonly<Record<string, Resource>> = { network, cluster, app, file, secret: secret(environment) }
  let cloud: Cloud | undefined

  function target({ typeName }: Message): { kind: string; resource: Resource } {
    const kind = String(typeName).slice(typePrefix.length)
    const resource = resources[kind]
    if (!resource) throw new Error(`${String(typeName)} is no resource of the folder cloud`)
    return { kind, resource }
  }

  function configured(): Cloud {
    if (!cloud) throw new Error('the provider was not configured')
    return cloud
  }

  async function change(
    kind: string,
    resource: Resource,
    prior: Attributes | undefined,
    planned: Attributes | undefined,
  ) {
    const operation: Operation = !planned ? 'delete' : prior ? 'update' : 'create'
    const subject = (planned ?? prior) as Attributes
    const name = String(subject.name)
    if (typeof subject.delay_ms === 'number') await sleep(subject.delay_ms, undefined, { signal: gone })
    if (subject.fail_on === operation) throw new Error(`"${name}" was told to fail on ${operation}`)
    if (!planned) {
      await configured().delete(kind, name)
      return null
    }
    const object = { ...planned, ...resource.settle(planned, prior) }
    if (prior) await configured().update(kind, name, object)
    else await configured().create(kind, name, object)
    return object
  }

  const answers: Answers = {
    GetProviderSchema: () => ({
      provider: schema(providerAttributes),
      resources: schemas(resources),
      dataSources: { folder_lookup: schema(lookup) },
      capabilities: { schemaOptional: true },
    }),
    ValidateProviderConfig: () => ({}),
    ValidateResourceConfig: () => ({}),
    ValidateDataResourceConfig: () => ({}),
    ConfigureProvider({ config }) {
      const path = attributesOf(config)?.path ?? environment.FOLDER_CLOUD
      if (typeof path !== 'string' || path === '')
        return failed('No cloud', 'Set FOLDER_CLOUD, or `path` of the provider, to the folder that is to be the cloud.')
      cloud = folderCloud(path, gone)
      return {}
    },
    UpgradeResourceState(request) {
      const { kind, resource } = target(request)
      const json = Buffer.from((request.raw as { readonly json: Uint8Array }).json).toString('utf8')
      return { state: dynamic(shaped(kind, resource.attributes, JSON.parse(json))) }
    },
    async ReadResource(request) {
      const { kind, resource } = target(request)
      const name = String(attributesOf(request.current)?.name)
      const object = await configured().read(kind, name)
      return { state: dynamic(object === undefined ? null : shaped(kind, resource.attributes, object)) }
    },
    PlanResourceChange(request) {
      const { resource } = target(request)
      const wanted = attributesOf(request.proposed)
      if (!wanted) return { planned: dynamic(null) }
      const { planned, replaces } = plan(resource, attributesOf(request.prior), wanted)
      return {
        planned: dynamic(planned),
        requiresReplace: replaces.map((attribute) => ({ steps: [{ attribute }] })),
      }
    },
    async ApplyResourceChange(request) {
      const { kind, resource } = target(request)
      const prior = attributesOf(request.prior)
      try {
        return { state: dynamic(await change(kind, resource, prior, attributesOf(request.planned))) }
      } catch (error) {
        return { state: dynamic(prior ?? null), ...failed('The folder cloud failed', error) }
      }
    },
    async ImportResourceState(request) {
      const { kind, resource } = target(request)
      const name = String(request.importId)
      const object = await configured().read(kind, name)
      if (object === undefined) return failed('Nothing to import', `There is no ${kind} "${name}" in the folder cloud.`)
      return {
        imported: [{ typeName: request.typeName, state: dynamic(shaped(kind, resource.attributes, object)) }],
      }
    },
    async ReadDataSource({ config }) {
      const { kind, name } = attributesOf(config) ?? {}
      const object = await configured().read(String(kind), String(name))
      const json = object === undefined ? null : JSON.stringify(object)
      return { state: dynamic({ kind: kind ?? null, name: name ?? null, exists: json !== null, json }) }
    },
    StopProvider: () => ({}),
  }

  const names = Object.keys(calls) as (keyof typeof calls)[]
  return new Map(
    names.map((name) => [
      name,
      async (bytes: Uint8Array) => {
        const { request, response } = calls[name]
        let answer: Message
        try {
          answer = await answers[name](decode(request, bytes))
        } catch (error) {
          if (!('diagnostics' in response)) throw error
          answer = failed('The folder cloud failed', error)
        }
        return encode(response, answer)
      },
    ]),
  )
}
