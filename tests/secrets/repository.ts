import { planted } from './planted.ts'

/** A text inside of quotes in a Terraform file. */
function hcl(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[$%](?=\{)/g, (it) => it + it)
}

const atmos = `base_path: "./"
components:
  terraform:
    base_path: components
    auto_generate_backend_file: true
    init_run_reconfigure: true
stacks:
  base_path: stacks
  included_paths: ["*"]
  name_pattern: "{stage}"
`

const provider = `terraform {
  required_providers {
    folder = { source = "airlock.dev/demo/folder", version = "1.0.0" }
  }
}
variable "stage" { type = string }
`

const vault = `${provider}
variable "password" {
  type      = string
  sensitive = true
}
variable "login" {
  type      = object({ user = string, words = list(string), pin = number })
  sensitive = true
}
variable "db_password" {
  type      = string
  sensitive = true
  default   = ""
}
variable "token" { type = string }
variable "phrase" { type = string }
variable "key" { type = string }
variable "database" { type = string }
variable "account" { type = string }

resource "folder_secret" "main" {
  name  = "main"
  value = var.password
}
resource "folder_secret" "login" {
  name  = "login"
  value = var.login.words[0]
}
resource "folder_secret" "env" {
  name     = "env"
  from_env = "AWS_SECRET_ACCESS_KEY"
}
resource "folder_file" "forms" {
  name = "forms"
  content = {
    json     = jsonencode({ users = [{ password = folder_secret.main.echo }, var.token] })
    twice    = jsonencode({ inner = jsonencode({ t = var.token }) })
    base64   = base64encode("user:\${var.token}")
    registry = base64encode(jsonencode({ auths = { x = { auth = base64encode("user:\${var.token}") } } }))
    url      = "https://x.test/?q=\${urlencode(var.token)}"
    inside   = "before-\${var.token}-after"
    pem      = var.key
    indented = indent(4, var.key)
    line     = split("\\n", var.key)[1]
    database = var.database
    account  = var.account
    account2 = jsondecode(var.account).private_key
    phrase   = var.phrase
    echo     = folder_secret.login.echo
    (var.token) = "a key"
  }
}
resource "terraform_data" "each" {
  for_each = toset([var.token])
  input    = { list = [each.value], map = { (each.key) = "x" } }
}
check "token" {
  assert {
    condition     = var.phrase == ""
    error_message = "the phrase is \${var.phrase}, the token \${var.token}"
  }
}
output "password" {
  description = "Not ${hcl(planted.FOO_TOKEN)}"
  value     = var.password
  sensitive = true
}
output "later" {
  value     = folder_secret.main.token
  sensitive = true
}
output "echo" { value = folder_secret.env.echo }
output "all" { value = { t = [var.token], e = folder_secret.main.echo } }
`

const reader = `${provider}
variable "db" { type = string }
variable "later" { type = string }
variable "echo" { type = string }
resource "folder_file" "this" {
  name    = "reader"
  content = { db = var.db, later = var.later, echo = var.echo, url = "pg://u:\${urlencode(var.db)}@h" }
}
output "db" { value = var.db }
`

const remote = `${provider}
resource "folder_file" "this" {
  name    = "remote"
  content = { a = "b" }
}
`

const planFails = `${provider}
variable "token" {
  type = string
  validation {
    condition     = var.token == ""
    error_message = "The token \${var.token} is no token; nor is \${jsonencode([var.token])}."
  }
}
variable "phrase" { type = string }
resource "terraform_data" "this" {
  lifecycle {
    precondition {
      condition     = var.phrase == ""
      error_message = "This is a long sentence so that it is wrapped: \${var.phrase}."
    }
  }
}
`

const applyFails = `${provider}
variable "token" { type = string }
resource "folder_file" "seed" { name = "seed" }
resource "folder_secret" "gen" {
  name  = "gen"
  value = "gen-\${folder_file.seed.id}"
}
resource "folder_file" "known" {
  name    = "known \${var.token}"
  fail_on = "create"
}
resource "folder_file" "made" {
  name    = "made \${folder_secret.gen.echo}"
  fail_on = "create"
}
`

/** Files of the repository, by path. */
export function files(statePort: number): Readonly<Record<string, string>> {
  return {
    '.gitignore': 'terraform.tfstate.d/\n',
    'atmos.yaml': atmos,
    'components/vault/main.tf': vault,
    'components/reader/main.tf': reader,
    'components/remote/main.tf': remote,
    'components/planfails/main.tf': planFails,
    'components/applyfails/main.tf': applyFails,
    'stacks/dev.yaml': stack(statePort),
  }
}

function stack(statePort: number): string {
  return `vars: { stage: dev }
terraform:
  backend_type: local
  backend: { local: {} }
components:
  terraform:
    vault:
      env:
        OTHER_TOKEN: !env FOO_TOKEN
      vars:
        password: ${JSON.stringify(planted.literal)}
        login: { user: ann, words: [!env PLAIN_NAME, x], pin: 4 }
        db_password: !env TF_VAR_db_password
        token: !env FOO_TOKEN
        phrase: !env DB_PASSPHRASE
        key: !env TLS_PRIVATE_KEY
        database: !env DATABASE_URL
        account: !env GOOGLE_CREDENTIALS
    reader:
      vars:
        db: !terraform.state vault password
        later: !terraform.state vault later
        echo: !terraform.state vault echo
    remote:
      backend_type: http
      backend:
        http:
          address: http://ci:${planted.backendLiteral}@127.0.0.1:${statePort}/state
          username: ann
          password: !env STATE_PASSWORD
    planfails:
      vars: { token: !env FOO_TOKEN, phrase: !env DB_PASSPHRASE }
    applyfails:
      vars: { token: !env FOO_TOKEN }
`
}
