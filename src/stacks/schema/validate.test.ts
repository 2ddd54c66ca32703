import { describe, expect, test } from 'vitest'
import { parseManifest } from '../yaml/manifest.ts'
import { parseSchema } from './custom.ts'
import type { Schema } from './schema.ts'
import { findingText, validateManifest } from './validate.ts'

function findings(text: string, schema?: Schema): string[] {
  return validateManifest(parseManifest(text, 'dev.yaml'), 'dev.yaml', schema).map(findingText)
}

describe('the schema of manifests', () => {
  test('accepts an ordinary manifest, with keys of any name at the root', () => {
    const text = `
import: [catalog/vpc, {path: mixins/region, context: {a: 1}}]
vars: {stage: dev}
anchors: &x {a: 1}
terraform: {backend_type: s3, backend: {s3: {bucket: b}}}
components:
  terraform:
    vpc:
      metadata: {component: vpc, inherits: [vpc/defaults], type: real}
      vars: {cidr: 10.0.0.0/16, id: !terraform.state vpc .id}
      settings: {spacelift: {workspace_enabled: true}, anything: 1}
      hooks: {h: {kind: store, when: [{not: failure}, ci]}}
      source: {uri: "github.com/a/b", retry: {max_attempts: 3}}
  my-own-type: {a: 1}
`
    expect(findings(text)).toEqual([])
  })

  test('names unknown keys of a component, at the component', () => {
    expect(findings('components:\n  terraform:\n    vpc: {foo: 1, bar: 2}\n')).toEqual([
      "dev.yaml:3:10: error: components.terraform.vpc: additionalProperties 'foo', 'bar' not allowed",
    ])
  })

  test('says which types there could be', () => {
    expect(findings('vars:\nimport: 5\n')).toEqual([
      'dev.yaml:1:6: error: vars: expected string or object, but got null',
      'dev.yaml:2:9: error: import: expected string or array, but got number',
    ])
  })

  test('tells what is wrong with each alternative of the right type', () => {
    expect(findings('components: {terraform: {a: {backend_type: s4}}}\n')).toEqual([
      'dev.yaml:1:44: error: components.terraform.a.backend_type: file references must use the !include YAML tag',
      expect.stringMatching(/backend_type: value must be one of "local", "s3", /),
    ])
  })

  test('takes functions and templates for the texts that they are', () => {
    expect(findings('metadata: {enabled: !env X, locked: "{{ .locked }}"}\n')).toEqual([
      'dev.yaml:1:21: error: metadata.enabled: expected boolean, but got string',
      'dev.yaml:1:37: error: metadata.locked: expected boolean, but got string',
    ])
  })

  test('takes an appended list for the map that Atmos makes of it', () => {
    expect(findings('components: {terraform: {a: {metadata: {inherits: !append [b]}}}}\n')).toEqual([
      'dev.yaml:1:51: error: components.terraform.a.metadata.inherits: expected string or array, but got object',
    ])
  })

  test('refuses a file without content', () => {
    expect(findings('# nothing\n')).toEqual(['dev.yaml:1:1: error: (root): expected object, but got null'])
  })

  test('warns of the old form of dependencies, and writes number keys as positions', () => {
    const text = 'components: {terraform: {a: {settings: {depends_on: {1: {component: b, stack: c}}}}}}\n'
    expect(findings(text)).toEqual([
      'dev.yaml:1:53: warning: components.terraform.a.settings.depends_on is deprecated; use dependencies.components',
      "dev.yaml:1:57: error: components.terraform.a.settings.depends_on[1]: additionalProperties 'stack' not allowed",
    ])
  })

  test('checks numbers, list items and required keys', () => {
    const text = `
components:
  terraform:
    a:
      retry: {max_attempts: 0}
      dependencies: {components: [{name: x, tenant: t}, {kind: file}]}
      secrets: {vars: {A: {}}}
`
    expect(findings(text)).toEqual([
      'dev.yaml:5:29: error: components.terraform.a.retry.max_attempts: must be >= 1 but found 0',
      "dev.yaml:6:35: error: components.terraform.a.dependencies.components[0]: additionalProperties 'tenant' not allowed",
      "dev.yaml:6:57: error: components.terraform.a.dependencies.components[1]: missing properties: 'name'",
      "dev.yaml:6:57: error: components.terraform.a.dependencies.components[1]: missing properties: 'component'",
      "dev.yaml:6:57: error: components.terraform.a.dependencies.components[1]: missing properties: 'path'",
      "dev.yaml:7:27: error: components.terraform.a.secrets.vars.A: missing properties: 'store'",
      "dev.yaml:7:27: error: components.terraform.a.secrets.vars.A: missing properties: 'sops'",
    ])
  })

  test('checks workflows, whose steps may hold steps', () => {
    expect(findings('workflows: {w: {steps: [{steps: [{tty: 1}]}]}}\n')).toEqual([
      'dev.yaml:1:40: error: workflows.w.steps[0].steps[0].tty: expected boolean, but got number',
    ])
  })
})

describe('a schema of the repository', () => {
  const own = (json: unknown) => parseSchema(JSON.stringify(json), 'schema.json')
  const condition = JSON.parse('{"if": {"minimum": 2}, "then": {"const": 5}, "else": false}')

  test('takes the place of the built-in one', () => {
    const schema = own({ type: 'object', properties: { vars: { type: 'object', required: ['owner'] } } })
    expect(findings('vars: {stage: dev}\nterraform: {foo: 1}\n', schema)).toEqual([
      "dev.yaml:1:7: error: vars: missing properties: 'owner'",
    ])
  })

  test('may refer to its definitions, and to itself', () => {
    const schema = own({
      $ref: '#/definitions/tree',
      definitions: { tree: { additionalProperties: { $ref: '#/definitions/tree' }, maxProperties: 1 } },
    })
    expect(findings('a: {b: {c: {}, d: {}}}\n', schema)).toEqual([
      'dev.yaml:1:8: error: a.b: maximum 1 properties allowed, but found 2 properties',
    ])
  })

  test('has conditions, patterns, lengths and ranges', () => {
    const schema = own({
      properties: {
        a: { pattern: '^x', minLength: 2 },
        b: { exclusiveMaximum: 3, ...condition },
        c: { uniqueItems: true, maxItems: 1, not: { minItems: 3 } },
        d: { oneOf: [{ type: 'string' }, { enum: ['k'] }] },
      },
    })
    expect(findings('a: y\nb: 2\nc: [1, 2, 1]\nd: k\n', schema)).toEqual([
      "dev.yaml:1:4: error: a: does not match pattern '^x'",
      'dev.yaml:1:4: error: a: length must be >= 2, but got 1',
      'dev.yaml:2:4: error: b: value must be 5',
      'dev.yaml:3:4: error: c: maximum 1 items required, but found 3 items',
      'dev.yaml:3:4: error: c: items at index 0 and 2 are equal',
      'dev.yaml:3:4: error: c: not failed',
      'dev.yaml:4:4: error: d: valid against schemas at indexes 0 and 1',
    ])
  })

  test('is refused where it asks for what is not checked here', () => {
    const error = { code: 'schema-invalid', exit: 2, at: { file: 'schema.json', line: 1, column: 1 } }
    expect(() => own({ properties: { a: { dependentRequired: {} } } })).toThrow(expect.objectContaining(error))
    expect(() => own({ properties: { a: { dependentRequired: {} } } })).toThrow('"dependentRequired"')
    expect(() => own({ $ref: 'https://example.com/schema.json' })).toThrow('parts of the same file')
    expect(() => own({ $ref: '#/nowhere' })).toThrow('which is not there')
    expect(() => parseSchema('{', 'schema.json')).toThrow('is no JSON')
  })
})
