import { auth, secrets } from './access.ts'
import type { Rules, Schema } from './schema.ts'
import * as s from './sections.ts'
import { closed, either, flag, included, list, mapOf, namePattern, one, open, range, text, texts } from './shape.ts'
import { workflows } from './workflow.ts'

/** What Atmos 1.227's schema of stack manifests accepts, in our words. */

const { vars, env, locals, settings, metadata, hooks, generate, dependencies, provision, retry, source } = s
const command = text
const plugins = included(texts)

const base = { vars, env, settings, locals }
const component = { ...base, metadata, component: text, auth, secrets, dependencies, provision, source }

const backends = {
  backend_type: s.backendType,
  backend: s.backend,
  remote_state_backend_type: s.backendType,
  remote_state_backend: s.backend,
}
const requirements = { required_version: s.requiredVersion, required_providers: s.requiredProviders }

const overrides = included(
  closed({
    command,
    vars,
    env,
    settings,
    providers: s.providers,
    hooks,
    generate,
    secrets,
    auth,
    retry,
    ...requirements,
  }),
)

const terraform = {
  ...backends,
  ...requirements,
  command,
  hooks,
  generate,
  retry,
  providers: s.providers,
  depends_on: s.dependsOn,
}

const kubernetes = {
  ...base,
  provider: one('kubectl', 'kustomize'),
  paths: included(texts),
  manifests: included(list(either(text, open({ 'apiVersion!': text, 'kind!': text, metadata: open() })))),
  render: included(closed({ output: closed({ path: text, split: flag }) })),
  hooks,
  generate,
}

const helm = {
  ...base,
  render: kubernetes.render,
  hooks,
  plugins,
  generate,
  command,
  auth,
  dependencies,
  source,
  provision,
  repositories: list(
    closed({
      'name!': text,
      'url!': text,
      username: text,
      password: text,
      pass_credentials_all: flag,
      cert_file: text,
      key_file: text,
      ca_file: text,
      insecure_skip_tls_verify: flag,
    }),
  ),
}

const containerRun = {
  runtime: closed({ provider: one('', 'auto', 'docker', 'podman'), auto_start: flag, host: flag }),
  restart: closed({ policy: one('no', 'always', 'on-failure', 'unless-stopped'), max_retries: range('integer', 0) }),
  healthcheck: closed({
    test: either(text, texts),
    interval: text,
    timeout: text,
    retries: range('integer', 0),
    start_period: text,
    start_interval: text,
    disable: flag,
  }),
}

const components = included(
  open({
    terraform: named(closed({ ...component, ...terraform, test: closed({ vars }), mocks: open() })),
    helmfile: named(closed({ ...component, command, plugins, hooks, retry })),
    kubernetes: named(closed({ ...component, ...kubernetes, retry, validate: flag })),
    helm: named(
      closed({
        ...component,
        ...helm,
        chart: text,
        version: text,
        repository: text,
        namespace: text,
        name: text,
        values: included(open()),
        values_files: texts,
      }),
    ),
    packer: named(closed({ ...component, command, retry })),
    container: named(
      open({
        composition: text,
        image: text,
        build: open(),
        run: open(containerRun),
        env,
        settings,
        metadata,
        command,
      }),
    ),
    emulator: named(
      open({
        driver: text,
        cloud: text,
        region: text,
        project: text,
        services: texts,
        ephemeral: flag,
        container: open(containerRun),
        env,
        settings,
        metadata,
      }),
    ),
  }),
)

function named(manifest: Rules): Rules {
  return included(mapOf(included(manifest), namePattern))
}

const imported = closed({
  'path!': text,
  skip_templates_processing: flag,
  ignore_missing_template_values: flag,
  skip_if_missing: flag,
  nested_imports: one('local', 'remote'),
  ttl: text,
  context: open(),
})

/** The schema of a stack manifest. */
export const manifestSchema: Schema = open({
  name: text,
  import: included(list(either(text, imported))),
  terraform: included(closed({ ...base, ...terraform, overrides, dependencies, provision })),
  helmfile: included(closed({ ...base, command, plugins, overrides, dependencies, provision, hooks, retry })),
  kubernetes: included(closed(kubernetes)),
  helm: included(closed(helm)),
  packer: included(closed({ ...base, command, overrides, dependencies, provision, retry })),
  vars,
  hooks,
  env,
  settings,
  locals,
  metadata: s.rootMetadata,
  components,
  compositions: included(
    mapOf(closed({ description: text, 'services!': list(text, { minItems: 1, uniqueItems: true }) }), namePattern),
  ),
  secrets,
  overrides,
  workflows,
  dependencies,
  generate,
  version: included(closed({ track: text })),
})
