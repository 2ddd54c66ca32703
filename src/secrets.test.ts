import { expect, test } from 'vitest'
import { isGuessable, isSecretName, secretsInside, secretsOf } from './secrets.ts'

test.each(
  `AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN GITHUB_TOKEN ACTIONS_RUNTIME_TOKEN TF_TOKEN_app_terraform_io TF_TOKEN_host_name
  ARM_CLIENT_SECRET ARM_ACCESS_KEY ARM_SAS_TOKEN GOOGLE_CREDENTIALS VAULT_TOKEN VAULT_SECRET_ID DD_API_KEY DD_APP_KEY
  PGPASSWORD MYSQL_PWD SSHPASS DB_PASSWORD TF_VAR_db_password SNOWFLAKE_PRIVATE_KEY SOPS_AGE_KEY REDISCLI_AUTH SENTRY_DSN
  AZURE_DEVOPS_EXT_PAT PG_CONN_STR AZURE_STORAGE_CONNECTION_STRING SLACK_WEBHOOK_URL FOO_TOKEN`.split(/\s+/),
)('%s names a secret', (name) => {
  expect(isSecretName(name)).toBe(true)
})

test.each(
  `REGION AWS_REGION AWS_ACCESS_KEY_ID AWS_PROFILE AWS_ROLE_ARN SSH_AUTH_SOCK TOKEN_TTL AUTH_MODE GOOGLE_AUTH_TYPE PWD OLDPWD
  SECRET_NAME DB_SECRET_ARN PASSWORD_LENGTH AWS_WEB_IDENTITY_TOKEN_FILE ACTIONS_ID_TOKEN_REQUEST_URL TOKENIZERS_PARALLELISM
  PATH HOME STAGE ENVIRONMENT KEYBOARD MONKEY COMPASS BYPASS SSH_PUBLIC_KEY AWS_SHARED_CREDENTIALS_FILE AUTHOR XAUTHORITY
  GIT_AUTHOR_EMAIL PASSENGER_COUNT SECRETARY DATABASE_URL PATTERN COMPAT`.split(/\s+/),
)('%s names none', (name) => {
  expect(isSecretName(name)).toBe(false)
})

test('ordinary words and numbers are no secrets, whatever their variable is called', () => {
  const env = { API_TOKEN: 'test', AUTH: 'none', DB_PASSWORD: 'prod', X_TOKEN: 'true', PORT_AUTH: '8080', A_SECRET: '' }
  expect(secretsOf(env)).toEqual([])
  expect(isGuessable('s3cr3t')).toBe(false)
})

test('values of variables that name no secret are left alone', () => {
  expect(secretsOf({ REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', PWD: '/work/infra' })).toEqual([])
})

test('a file of credentials is no secret; a key that begins with a slash is one', () => {
  const key = '/aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5z7A9b'
  expect(secretsOf({ GOOGLE_CREDENTIALS: '/home/ann/key.json', KUBE_TOKEN: './token.txt' })).toEqual([])
  expect(secretsOf({ AWS_SECRET_ACCESS_KEY: key })).toEqual([key])
})

test('the password of a URL is a secret in any variable, as it is written and as it is meant', () => {
  expect(secretsOf({ DATABASE_URL: 'postgres://app:p%40ss-w0rd@db.test:5432/app' })).toEqual([
    'p%40ss-w0rd',
    'p@ss-w0rd',
  ])
  expect(secretsOf({ HOMEPAGE: 'https://example.test:8080/a@b' })).toEqual([])
})

test('a private key is a secret in any variable', () => {
  const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n'
  expect(secretsOf({ DEPLOY: key })).toEqual([key])
})

test('in JSON, what stands under the name of a secret is one by itself', () => {
  const account = {
    type: 'service_account',
    project_id: 'my-project',
    private_key: 'abc-123-key',
    clientSecret: 'x-1-y-2',
  }
  expect(secretsInside(JSON.stringify(account))).toEqual(['abc-123-key', 'x-1-y-2'])
})
