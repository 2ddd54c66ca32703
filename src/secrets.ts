/**
 * Whether a variable of this name is taken for a secret: its value is kept out of everything that people see. Names
 * such as AWS_SECRET_ACCESS_KEY, GITHUB_TOKEN, DB_PASSWORD; not AWS_ACCESS_KEY_ID or SSH_AUTH_SOCK.
 */
export function isSecretName(name: string): boolean {
  return (
    /(^|_)(SECRETS?|TOKENS?|PASS|PASSWD|PASSWORDS?|PASSPHRASE|CREDENTIALS?|API_?KEYS?|PRIVATE_?KEYS?|ACCESS_KEY|AUTH|SIGNATURE|DSN|CONNECTION_STRING)(_|$)/i.test(
      name,
    ) && !/(^|_)(AUTH_SOCK|ACCESS_KEY_ID|CREDENTIALS?_FILE|TOKEN_FILE|CREDENTIAL_PROCESS)$/i.test(name)
  )
}

/** Values of the environment that are taken for secrets. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => (value && isSecretName(name) ? [value] : []))
}
