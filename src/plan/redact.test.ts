import { expect, test } from 'vitest'
import { canonicalJson } from '../json.ts'
import { digestInput, privateDigestInput } from './digest.ts'
import { fixtureText, fromEnvironment, planted } from './fixtures/read.ts'
import { parsePlan } from './parse.ts'
import { redact } from './redact.ts'
import { redactText, secrets } from './secrets.ts'
import { valueAt, valueChanges } from './value.ts'

const create = parsePlan(fixtureText('create/plan.json.golden'))
const change = parsePlan(fixtureText('change/plan.json.golden'))

test.each([
  ['create', create],
  ['change', change],
])('no planted secret is left in the redacted %s, nor in what its digests cover', (_, plan) => {
  const texts = [
    canonicalJson(redact(plan, fromEnvironment)),
    canonicalJson(digestInput(redact(plan, fromEnvironment))),
    canonicalJson(privateDigestInput(plan, fromEnvironment)),
  ]
  // The proof is worth something only if the secrets are there before.
  expect(planted.some((secret) => canonicalJson(plan).includes(secret))).toBe(true)
  for (const text of texts) for (const secret of planted) expect(text).not.toContain(secret)
})

test('what a provider repeats without a mark is hidden, since the same value is marked elsewhere', () => {
  const before = (plan: typeof change) => plan.changes.find((it) => it.address === 'terraform_data.net')?.before
  expect(valueAt(before(change), ['output', 'token'])).toEqual({ kind: 'known', value: 's3cr3t-T0ken' })
  expect(valueAt(before(redact(change, [])), ['output', 'token'])).toEqual({ kind: 'sensitive' })
})

test('a hidden value says whether it changed', () => {
  const net = redact(change, []).changes.find((it) => it.address === 'terraform_data.net')
  expect(valueAt(net?.after, ['input', 'token'])).toEqual({ kind: 'sensitive', changed: true })
  const same = redact(
    {
      ...change,
      outputs: [
        {
          ...change.outputs.find((it) => it.name === 'token')!,
          after: change.outputs.find((it) => it.name === 'token')!.before,
        },
      ],
    },
    [],
  )
  expect(same.outputs[0]?.after).toEqual({ kind: 'sensitive', changed: false })
  expect(valueChanges(same.outputs[0]?.before, same.outputs[0]?.after)).toEqual([])
})

test('a secret is found inside text in every form that programs write it', () => {
  const secret = 'p@ss "w<rd>/&+é'
  const all = secrets([secret])
  const forms = {
    plain: secret,
    json: JSON.stringify({ secret }),
    'json in json': JSON.stringify(JSON.stringify({ secret })),
    "Go's json": JSON.stringify(secret)
      .replaceAll('<', '\\u003c')
      .replaceAll('>', '\\u003e')
      .replaceAll('&', '\\u0026'),
    url: `https://x.test/?q=${encodeURIComponent(secret)}&b=1`,
    form: new URLSearchParams({ secret }).toString(),
    base64: Buffer.from(secret).toString('base64'),
    base64url: Buffer.from(secret).toString('base64url'),
  }
  for (const [name, text] of Object.entries(forms)) {
    expect(redactText(text, all), name).toContain('(sensitive)')
    expect(redactText(text, all), name).not.toMatch(/p@ss|p%40ss|cEBzcy|w.?.?.?.?.?rd/)
  }
})

test('a secret inside a longer base64 text is hidden, wherever it begins', () => {
  const all = secrets(['correct-horse-battery'])
  for (const prefix of ['', 'u', 'us', 'use', 'user:'])
    for (const suffix of ['', '@', '@x', '@xy']) {
      const text = Buffer.from(`${prefix}correct-horse-battery${suffix}`).toString('base64')
      const left = redactText(text, all)
      expect(left).toContain('(sensitive)')
      expect(Buffer.from(left.replace('(sensitive)', '|'), 'base64').toString('latin1')).not.toContain('horse')
    }
})

test('each line of a private key is hidden by itself, as indented logs print it', () => {
  const key = '-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\nq83vEjRWeJCrze8S\n-----END KEY-----\n'
  expect(redactText('    | MIIEpAIBAAKCAQEA\n    | q83vEjRWeJCrze8S', secrets([key]))).toBe(
    '    | (sensitive)\n    | (sensitive)',
  )
})

test('overlapping secrets hide all that either covers', () => {
  expect(redactText('xab1defghx ab1d', secrets(['ab1d', 'b1defgh']))).toBe('x(sensitive)x (sensitive)')
})

test('secrets under four characters are not looked for, and counted', () => {
  const all = secrets(['abc', '', 'long enough'])
  expect(redactText('abc long enough', all)).toBe('abc (sensitive)')
  expect(all.short).toBe(1)
})

test('a short word that only Terraform calls sensitive is hidden as a whole value, not inside other words', () => {
  const all = secrets([], ['prod'])
  expect(redactText('plat-prod', all)).toBe('plat-prod')
  expect(all.whole.has('prod')).toBe(true)
})

test('a number that equals a secret is hidden', () => {
  const plan = parsePlan({
    format_version: '1.2',
    terraform_version: '1.11.4',
    output_changes: { pin: { actions: ['create'], before: null, after: 48213377, after_unknown: false } },
  })
  expect(redact(plan, ['48213377']).outputs[0]?.after).toMatchObject({ kind: 'sensitive' })
})

test('a secret that reads true or null hides text, not booleans and missing values', () => {
  const plan = parsePlan({
    format_version: '1.2',
    terraform_version: '1.11.4',
    output_changes: {
      flags: { actions: ['create'], before: null, after: { on: true, off: null, text: 'true' }, after_unknown: false },
    },
  })
  expect(redact(plan, ['true', 'null']).outputs[0]?.after).toEqual({
    kind: 'map',
    entries: [
      ['off', { kind: 'known', value: null }],
      ['on', { kind: 'known', value: true }],
      ['text', { kind: 'sensitive' }],
    ],
  })
})

test('names and messages that hold a secret are hidden too', () => {
  const plan = parsePlan({
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: [
      {
        address: 'a.b["hunter22"]',
        mode: 'managed',
        type: 'a',
        name: 'b',
        provider_name: 'p',
        change: {
          actions: ['create'],
          before: null,
          after: { hunter22: 'x' },
          after_unknown: {},
          importing: { id: 'id/hunter22' },
        },
      },
    ],
    checks: [
      {
        address: { to_display: 'check.x' },
        status: 'fail',
        instances: [{ address: { to_display: 'check.x' }, status: 'fail', problems: [{ message: 'it is hunter22' }] }],
      },
    ],
  })
  expect(canonicalJson(redact(plan, ['hunter22']))).not.toContain('hunter22')
})

test('a given word that anybody would guess is hidden as a whole value, not inside other words', () => {
  const all = secrets(['prod'])
  expect(redactText('plat-prod', all)).toBe('plat-prod')
  expect(all.whole.has('prod')).toBe(true)
})

test('a secret of several words is found where its words are wrapped into lines', () => {
  const all = secrets(['correct horse battery staple'])
  expect(redactText('it is correct\nhorse battery\n  │ staple!', all)).toBe('it is (sensitive)!')
  const json = JSON.stringify(['a "quoted" secret & more']).replaceAll('&', '\\u0026').replace(' more', '\n  more')
  expect(redactText(json, secrets(['a "quoted" secret & more']))).toBe('["(sensitive)"]')
})

test('the password of any URL is hidden, whoever knows of it', () => {
  expect(redactText('cannot reach https://ci:gitpw-77@example.test/x and ssh://git@example.test', secrets([]))).toBe(
    'cannot reach https://ci:(sensitive)@example.test/x and ssh://git@example.test',
  )
})

test('forms of Go are found: urlencode, path segments, quoted templates', () => {
  const all = secrets(["a!'(b)*~ c&${d}"])
  for (const text of ['a%21%27%28b%29%2A~+c%26%24%7Bd%7D', 'a%21%27%28b%29%2A~%20c&$%7Bd%7D', "a!'(b)*~ c&$${d}"])
    expect(redactText(text, all)).toBe('(sensitive)')
})

test('a secret that is base64 twice is found, as registries keep theirs', () => {
  const auth = Buffer.from('robot:Pl4nted-registry-pw').toString('base64')
  const file = Buffer.from(JSON.stringify({ auths: { 'r.test': { auth } } })).toString('base64')
  const left = redactText(file, secrets(['Pl4nted-registry-pw']))
  const text = Buffer.from(left.split('(sensitive)')[0]!, 'base64').toString()
  expect(left).toContain('(sensitive)')
  expect(text.length).toBeLessThan(60)
})

test('what a secret takes the place of is hidden too, everywhere: after a rotation nothing else tells', () => {
  const about = { mode: 'managed', type: 'a', name: 'b', provider_name: 'p' }
  const [before, after] = [
    { password: 'Old-pl4nted', url: 'pg://u@h?p=Old-pl4nted', size: 1, note: 'x' },
    { password: 'New-pl4nted', url: 'pg://u@h?p=New-pl4nted', size: 2, note: 'y' },
  ]
  const plan = parsePlan({
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: [
      { ...about, address: 'a.b', change: { actions: ['update'], before, after, after_unknown: {} } },
      {
        ...about,
        address: 'a.c["Old-pl4nted"]',
        change: { actions: ['delete'], before: { it: 'Old-pl4nted' }, after: null, after_unknown: {} },
      },
    ],
  })
  const redacted = redact(plan, ['New-pl4nted'])
  expect(canonicalJson(redacted)).not.toContain('pl4nted')
  expect(redacted.changes[0]?.before).toEqual({
    kind: 'map',
    entries: [
      ['note', { kind: 'known', value: 'x' }],
      ['password', { kind: 'sensitive' }],
      ['size', { kind: 'known', value: 1 }],
      ['url', { kind: 'sensitive' }],
    ],
  })
})
