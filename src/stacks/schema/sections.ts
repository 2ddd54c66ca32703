import type { Rules, Schema } from './schema.ts'
import {
  closed,
  either,
  exactlyOne,
  flag,
  included,
  list,
  mapOf,
  namePattern,
  one,
  open,
  range,
  text,
  texts,
} from './shape.ts'

/** The sections of a manifest that several places share, as Atmos 1.227 accepts them. */

const anything = included(open())

export const vars = anything
export const env = anything
export const locals = anything
export const providers = anything

const backoff = one('constant', 'linear', 'exponential')
const waits = { initial_delay: text, max_delay: text, max_elapsed_time: text, backoff_strategy: backoff }

/** Retries of downloads and of workflow steps. */
export const attempts = included(
  closed({
    ...waits,
    max_attempts: range('integer', 1),
    multiplier: range('number', 1),
    random_jitter: range('number', 0, 1),
  }),
)

/** Retries of a component's commands. */
export const retry = included(
  closed({
    ...waits,
    max_attempts: range('integer', 1),
    multiplier: { types: ['number'], above: 0 },
    random_jitter: range('number', 0, 1),
    conditions: texts,
  }),
)

const backends = [
  'local',
  's3',
  'remote',
  'vault',
  'static',
  'azurerm',
  'gcs',
  'cloud',
  'consul',
  'cos',
  'http',
  'kubernetes',
  'oss',
  'pg',
]
export const backendType = included(one(...backends))
export const backend = included(closed(Object.fromEntries(backends.map((name) => [name, anything]))))

const dependent = {
  namespace: text,
  tenant: text,
  environment: text,
  stage: text,
  component: text,
  file: text,
  folder: text,
}

/** The old form of dependencies. */
export const dependsOn: Rules = {
  ...included(mapOf(included(closed(dependent, exactlyOne('component', 'file', 'folder'))), namePattern)),
  replacedBy: 'dependencies.components',
}

const unit = closed({
  'name!': text,
  file: text,
  flags: mapOf(text),
  args: texts,
  fail: one('wait_all', 'fail_fast', 'best_effort'),
})

export const dependencies = included(
  closed({
    tools: included(mapOf(text)),
    components: included(
      list(
        closed(
          { name: text, component: text, stack: text, kind: text, path: text },
          {
            anyOf: [
              { required: ['name'] },
              { required: ['component'] },
              { required: ['kind', 'path'], properties: new Map([['kind', { values: ['file', 'folder'] }]]) },
            ],
          },
        ),
      ),
    ),
    files: included(texts),
    folders: included(texts),
    commands: list(either(text, unit)),
    workflows: list(either(text, unit)),
  }),
)

const policy = closed({
  'schema_type!': one('jsonschema', 'opa'),
  'schema_path!': text,
  description: text,
  disabled: flag,
  timeout: range('integer', 0),
  module_paths: list(text, { uniqueItems: true }),
})

export const settings = included(
  open({
    validation: included(mapOf(included(policy), namePattern)),
    depends_on: dependsOn,
    spacelift: included(
      open({
        workspace_enabled: flag,
        stack_destructor_enabled: flag,
        protect_from_deletion: flag,
        autodeploy: flag,
        terraform_version: { anyOf: [{ types: ['number'] }, text] },
      }),
    ),
    atlantis: included(
      closed({
        config_template_name: text,
        config_template: anything,
        project_template_name: text,
        project_template: anything,
        workflow_templates: anything,
      }),
    ),
    templates: anything,
    yaml: open({ key_delimiter: text }),
  }),
)

const everywhere = {
  enabled: flag,
  locked: flag,
  tags: texts,
  labels: mapOf(text),
  custom: anything,
  terraform_workspace_pattern: text,
}

/** `metadata` at the root: what counts for all components of the stack. */
export const rootMetadata = included(closed(everywhere))

export const metadata = included(
  closed({
    ...everywhere,
    name: text,
    type: one('abstract', 'real'),
    component: text,
    description: text,
    inherits: included(list(text, { uniqueItems: true })),
    terraform_workspace: text,
  }),
)

export const generate = included(mapOf(either(text, open())))

export const source = {
  oneOf: [
    { types: ['string'], pattern: /^!include/ },
    text,
    closed({
      type: text,
      'uri!': text,
      version: text,
      included_paths: texts,
      excluded_paths: texts,
      retry: attempts,
      ttl: text,
    }),
  ],
} satisfies Rules

const target = open({
  'kind!': text,
  repository: text,
  path: text,
  split: flag,
  auth: closed({ identity: text }),
  commit: closed({ message: text, signing: one('auto', 'always', 'never') }),
  pull_request: closed({ enabled: flag }),
})

export const provision = included(
  open({ workdir: included(closed({ enabled: flag })), default: text, targets: mapOf(target) }),
)

/** `when:` of hooks and steps: a word, a formula, several, or `all`, `any` and `not` of them. */
export function condition(words: readonly string[]): Schema {
  const self: Schema = { ref: () => whole }
  const several = list(self, { minItems: 1 })
  const group = closed({ all: { anyOf: [self, several] }, any: several, not: self }, exactlyOne('all', 'any', 'not'))
  const whole: Schema = { anyOf: [one(...words), text, several, group] }
  return whole
}

export const hooks = included(
  mapOf(
    included(
      open({
        kind: one(
          ...[
            'store',
            'command',
            'infracost',
            'checkov',
            'kics',
            'trivy',
            'tflint',
            'tfmigrate',
            'git',
            'step',
            'steps',
          ],
          ...['ci.check', 'ci.output', 'ci.summary', 'ci.upload', 'ci.download'],
        ),
        command: text,
        events: texts,
        on_failure: one('warn', 'fail', 'ignore'),
        when: condition(['ci', 'local', 'always', 'never', 'success', 'failure']),
        args: texts,
        env: mapOf(text),
        format: text,
        type: text,
        with: either(open(), list(open())),
        retry: attempts,
        name: text,
        outputs: mapOf(text),
        repository: text,
        commit: open(),
        push: flag,
        migration: text,
        config: text,
        backend_config: texts,
        mode: one('dynamic', 'plan', 'apply'),
      }),
    ),
  ),
)

export const requiredVersion = text
export const requiredProviders = included(
  mapOf(closed({ 'source!': text, version: text, configuration_aliases: texts }), /^[a-zA-Z0-9-_]+$/),
)
