import { Buffer } from 'node:buffer'

const pem = [
  '-----BEGIN EC PRIVATE KEY-----',
  'MHcCAQEEIPlantedPemLineOne0000000000000000000000000000000000000A',
  'oAoGCCqGSM49PlantedPemLineTwo00000000000000000000000000000000000',
  '-----END EC PRIVATE KEY-----',
  '',
].join('\n')

/** Every secret of the scenario, by where it is planted. Each can be told apart from everything else. */
export const planted = {
  /** A variable that the module declares sensitive, written in a manifest. */
  literal: 'Planted-literal-0<&>"\\x',
  /** The same by `!env`, of a variable whose name says nothing of secrets. */
  sensitiveFromEnv: 'Planted-from-env-1/+=?',
  AWS_SECRET_ACCESS_KEY: 'PlantedAws2/bPxRfiCYEXAMPLE+KEYabc01234',
  FOO_TOKEN: 'Planted.foo-3 ${t}&"ok"%{x}/end',
  DB_PASSPHRASE: 'Planted correct horse battery staple and some more words than a line of Terraform would ever hold',
  TLS_PRIVATE_KEY: pem,
  /** In the password of a URL in a variable that names no secret. */
  urlPassword: 'Planted-url-4pw',
  /** In a service account's file. */
  jsonPassword: 'Planted-json-5-private\nkey',
  /** Of the state's backend, by `!env`. */
  STATE_PASSWORD: 'Planted-state-6-pw',
  /** Of the state's backend, written in a manifest. */
  backendLiteral: 'Planted-backend-7-pw',
  gitPassword: 'Planted-git-8-pw',
  TF_VAR_db_password: 'Planted-tfvar-9-pw',
} as const

/** Parts of a secret that tell as much as all of it. */
const essences = {
  ...planted,
  DB_PASSPHRASE: 'Planted correct horse',
  passphraseInTheMiddle: 'battery staple',
  TLS_PRIVATE_KEY: 'MHcCAQEEIPlantedPemLineOne0000',
  secondLine: 'oAoGCCqGSM49PlantedPemLineTwo000',
  FOO_TOKEN: 'Planted.foo-3',
  literal: 'Planted-literal-0',
  jsonPassword: 'Planted-json-5',
}

/** What the provider makes while it applies: secrets that no plan could know. */
export const madeLater = 'gen-fil-'

/** Which secret a text holds, in which form; empty when none. */
export function leaks(text: string): string[] {
  const flat = text.replace(/\s+/g, ' ')
  return Object.entries(essences).flatMap(([name, secret]) =>
    [...forms(secret)].flatMap(([form, wanted]) => (flat.includes(wanted) ? [`${name}, ${form}`] : [])),
  )
}

function forms(secret: string): Map<string, string> {
  const json = JSON.stringify(secret).slice(1, -1)
  const base64 = [0, 1, 2].map((before): [string, string] => {
    const text = Buffer.from('x'.repeat(before) + secret).toString('base64url')
    return [`base64 ${before}`, text.slice(before === 0 ? 0 : before + 1, -4)]
  })
  return new Map([
    ['plain', secret.replace(/\s+/g, ' ')],
    ['json', json],
    ['json in json', JSON.stringify(json).slice(1, -1)],
    ['url', encodeURIComponent(secret)],
    ['form', new URLSearchParams({ x: secret }).toString().slice(2)],
    ...base64,
    ...base64.map(([name, text]): [string, string] => [
      `${name} plain`,
      text.replaceAll('-', '+').replaceAll('_', '/'),
    ]),
  ])
}
