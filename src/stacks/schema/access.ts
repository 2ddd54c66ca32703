import { closed, flag, included, list, mapOf, one, open, text, texts } from './shape.ts'

/** Where secrets come from, and as whom a component runs. */

const identifier = /^[a-zA-Z0-9/_-]+$/

const secret = closed(
  {
    description: text,
    store: text,
    sops: text,
    reference: text,
    required: flag,
    scope: one('instance', 'stack', 'global'),
  },
  {
    oneOf: [
      { required: ['store'], not: { required: ['sops'] } },
      { required: ['sops'], not: { required: ['store'] } },
    ],
  },
)

export const secrets = included(
  closed({
    providers: included(mapOf(included(open({ 'kind!': text, identity: text, spec: open() })), identifier)),
    vars: included(mapOf(included(secret), /.+/)),
  }),
)

const session = included(closed({ duration: text }))

const provider = open({
  'kind!': text,
  start_url: text,
  url: text,
  region: text,
  default: flag,
  session,
  console: included(closed({ session_duration: text })),
  auto_provision_identities: flag,
  spec: open(),
  tags: texts,
})

const identity = open({
  kind: text,
  default: flag,
  required: flag,
  provider: text,
  via: included(closed({ provider: text, identity: text })),
  principal: open({ name: text, account: open({ name: text, id: text }) }),
  credentials: open(),
  alias: text,
  env: list(open({ 'key!': text, 'value!': text })),
  session,
  tags: texts,
})

export const auth = included(
  open({
    require_identity: flag,
    realm: text,
    providers: included(mapOf(included(provider), identifier)),
    identities: included(mapOf(included(identity), identifier)),
    integrations: open(),
  }),
)
