const word = (words: string) => new RegExp(`(^|_)(${words})(_|$)`, 'i')

/** Words that make a name the name of a secret, as whole words between underscores. */
const secretWords = word(
  'SECRETS?|SECRET_?KEY|TOKENS?|PASS|PASSWD|PASSWORDS?|PASSPHRASE|PASSCODE|PWD|CREDENTIALS?|CREDS|' +
    '(API|APP|APPLICATION|PRIVATE|ACCESS|ACCOUNT|STORAGE|ENCRYPTION|DECRYPTION|SIGNING|MASTER|AGE|SHARED|LICENSE)_?KEYS?|' +
    'AUTH|AUTHORIZATION|BEARER|JWT|PAT|SIGNATURE|SAS|DSN|CONNECTION_?STRING|CONN_STR|COOKIE|WEBHOOK(_URL)?',
)
const joinedWords = /(^PGPASSWORD|^SSHPASS|PASSWORD|SECRETKEY|APIKEY|AUTHTOKEN)$/i

/** What a name is about when it ends so: something that is said of a secret, or where it is kept. */
const aboutSecrets =
  /_(SOCK|FILE|PATH|DIR|FOLDER|URI|URL|ENDPOINT|HOST|PORT|REGION|ARN|NAME|ID|USER|USERNAME|EMAIL|TTL|TIMEOUT|DURATION|EXPIRY|EXPIRATION|EXPIRES(_AT)?|EXPIRES_IN|MODE|TYPE|METHOD|STRATEGY|PROVIDER|BACKEND|ENABLED|DISABLED|REQUIRED|VERSION|LENGTH|SIZE|COUNT|LIMIT|HELPER|PROCESS|ISSUER|AUDIENCE|SCOPES?|ALGORITHM|PREFIX|SUFFIX|POLICY|ROTATION(_DAYS)?|PUBLIC_KEY)$/i
const secretAllTheSame = /(^TF_TOKEN_|^AIRLOCK_(READS_KEY|AGE_IDENTITY)$|(^|_)(SECRET_ID|WEBHOOK_URL)$)/i

/** The shell's working folder. */
const never = /^(PWD|OLDPWD)$/

/**
 * Whether a variable of this name is taken for a secret: its value is kept out of everything that people see. Names
 * such as AWS_SECRET_ACCESS_KEY, GITHUB_TOKEN, PGPASSWORD; not AWS_ACCESS_KEY_ID, SSH_AUTH_SOCK, TOKEN_TTL, AUTH_MODE.
 */
export function isSecretName(given: string): boolean {
  const name = snake(given)
  if (never.test(name)) return false
  if (secretAllTheSame.test(name)) return true
  return (secretWords.test(name) || joinedWords.test(name)) && !aboutSecrets.test(name)
}

/** Values of the environment that are taken for secrets: by their names, and passwords in URLs and private keys by what they are. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!value) return []
    if (isSecretName(name) && !isGuessable(value) && !isPath(value)) return [value, ...secretsInside(value)]
    return secretsInside(value)
  })
}

const ours =
  /^(AIRLOCK_AGE_IDENTITY$|AIRLOCK_READS_KEY$|INPUT_|ACTIONS_(RUNTIME|RESULTS|CACHE)_|GITHUB_(ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)$)/

/**
 * The environment for a program that runs others' code, without what is for Airlock alone: its keys, the inputs of its action (a
 * token is one), and the ways in which a step tells the runner what later steps do. Such code can find them elsewhere on the
 * machine; it is not handed them.
 */
export function handedOn(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)))
}

/** The same for a program that has nothing to ask of GitHub: without its tokens, and without the means to prove who this job is. */
export function handedOnWithoutGitHub(env: Environment): Environment {
  const known = /^(ACTIONS_|(GITHUB|GH)(_ENTERPRISE)?_TOKEN$)/
  return Object.fromEntries(Object.entries(handedOn(env)).filter(([name]) => !known.test(name)))
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Whether a text is so short and plain that whoever wants can guess it, while hiding it would black out ordinary words:
 * `test`, `prod`, `true`, `8080`.
 */
export function isGuessable(text: string): boolean {
  return /^([a-z]{1,7}|[A-Z]{1,7}|[A-Z][a-z]{1,6}|\d{1,5})$/.test(text) || placeholders.has(text.toLowerCase())
}

const placeholders = new Set(['disabled', 'changeme', 'password', 'placeholder', 'redacted', 'undefined'])

/** Parts of a text that are secret whatever it is called: passwords in URLs, private keys, values that JSON calls so. */
export function secretsInside(text: string): string[] {
  const passwords = [...text.matchAll(urlPassword)].flatMap(([, password]) => [password!, decoded(password!)])
  const keys = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? [text] : []
  return [...passwords.filter((it) => !isGuessable(it)), ...keys, ...jsonSecrets(text)]
}

/** `://user:password@` */
export const urlPassword = /:\/\/[^\s/:@"'\\]*:([^\s/@"'\\]+)@/g

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Texts that stand under the name of a secret in a JSON object: the key in a service account's file. */
function jsonSecrets(text: string): string[] {
  if (!/^\s*\{/.test(text)) return []
  try {
    return namedSecrets(JSON.parse(text))
  } catch {
    return []
  }
}

/** Texts below keys that name secrets, in any data. */
export function namedSecrets(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return []
  if (Array.isArray(data)) return data.flatMap(namedSecrets)
  return Object.entries(data).flatMap(([key, value]) =>
    typeof value === 'string' && isSecretName(key) && !isGuessable(value) ? [value] : namedSecrets(value),
  )
}

/** `clientSecret` as `client_secret`. */
function snake(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('-', '_')
}

/** A credentials file rather than credentials. */
function isPath(text: string): boolean {
  return (
    /^(~|\.{1,2})?\/(home|Users|root|tmp|var|etc|run|opt|usr|mnt|private|github)\/[^\n=+]*$/.test(text) ||
    /^(~|\.{0,2})\/[\w./@ -]*\.[a-z]{2,5}$/.test(text)
  )
}
