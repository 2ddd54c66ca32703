import type { MessageType } from './protobuf.ts'

const dynamicValue: MessageType = { msgpack: { id: 1, type: 'bytes' }, json: { id: 2, type: 'bytes' } }

const pathStep: MessageType = { attribute: { id: 1, type: 'string' } }
const attributePath: MessageType = { steps: { id: 1, type: pathStep, many: 'list' } }

const diagnostic: MessageType = {
  severity: { id: 1, type: 'int' },
  summary: { id: 2, type: 'string' },
  detail: { id: 3, type: 'string' },
  attribute: { id: 4, type: attributePath },
}

const attribute: MessageType = {
  name: { id: 1, type: 'string' },
  type: { id: 2, type: 'bytes' },
  description: { id: 3, type: 'string' },
  required: { id: 4, type: 'bool' },
  optional: { id: 5, type: 'bool' },
  computed: { id: 6, type: 'bool' },
  sensitive: { id: 7, type: 'bool' },
}

const block: MessageType = { version: { id: 1, type: 'int' }, attributes: { id: 2, type: attribute, many: 'list' } }
const schema: MessageType = { version: { id: 1, type: 'int' }, block: { id: 2, type: block } }

const rawState: MessageType = { json: { id: 1, type: 'bytes' } }
const capabilities: MessageType = { planDestroy: { id: 1, type: 'bool' }, schemaOptional: { id: 2, type: 'bool' } }

const imported: MessageType = { typeName: { id: 1, type: 'string' }, state: { id: 2, type: dynamicValue } }

/** Request and answer of one call. */
export interface Call {
  readonly request: MessageType
  readonly response: MessageType
}

const diagnosticsAt = (id: number): MessageType => ({ diagnostics: { id, type: diagnostic, many: 'list' } })
const typed: MessageType = { typeName: { id: 1, type: 'string' } }

/**
 * The part of Terraform's plugin protocol 6 that a provider must answer, as field numbers of
 * https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin6.proto. What is not named is ignored.
 */
export const calls = {
  GetProviderSchema: {
    request: {},
    response: {
      provider: { id: 1, type: schema },
      resources: { id: 2, type: schema, many: 'map' },
      dataSources: { id: 3, type: schema, many: 'map' },
      capabilities: { id: 6, type: capabilities },
    },
  },
  ValidateProviderConfig: { request: {}, response: diagnosticsAt(2) },
  ValidateResourceConfig: { request: { ...typed, config: { id: 2, type: dynamicValue } }, response: diagnosticsAt(1) },
  ValidateDataResourceConfig: { request: {}, response: diagnosticsAt(1) },
  ConfigureProvider: { request: { config: { id: 2, type: dynamicValue } }, response: diagnosticsAt(1) },
  UpgradeResourceState: {
    request: { ...typed, raw: { id: 3, type: rawState } },
    response: { state: { id: 1, type: dynamicValue }, ...diagnosticsAt(2) },
  },
  ReadResource: {
    request: { ...typed, current: { id: 2, type: dynamicValue } },
    response: { state: { id: 1, type: dynamicValue }, ...diagnosticsAt(2) },
  },
  PlanResourceChange: {
    request: { ...typed, prior: { id: 2, type: dynamicValue }, proposed: { id: 3, type: dynamicValue } },
    response: {
      planned: { id: 1, type: dynamicValue },
      requiresReplace: { id: 2, type: attributePath, many: 'list' },
      ...diagnosticsAt(4),
    },
  },
  ApplyResourceChange: {
    request: { ...typed, prior: { id: 2, type: dynamicValue }, planned: { id: 3, type: dynamicValue } },
    response: { state: { id: 1, type: dynamicValue }, ...diagnosticsAt(3) },
  },
  ImportResourceState: {
    request: { ...typed, importId: { id: 2, type: 'string' } },
    response: { imported: { id: 1, type: imported, many: 'list' }, ...diagnosticsAt(2) },
  },
  ReadDataSource: {
    request: { ...typed, config: { id: 2, type: dynamicValue } },
    response: { state: { id: 1, type: dynamicValue }, ...diagnosticsAt(2) },
  },
  StopProvider: { request: {}, response: {} },
} satisfies Record<string, Call>
