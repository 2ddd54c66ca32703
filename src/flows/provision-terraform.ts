import type { KeepingRule } from '../store/bucket.ts'
import { keepingRules } from './provision.ts'
import { bucketPolicy, type IamPolicy, type RoleDesign, roleDesigns, type StoreDesign } from './provision-roles.ts'

/** What stands for ARNs that Terraform looks up. */
export const terraformArns: Pick<StoreDesign, 'provider' | 'account'> = {
  provider: '${data.aws_iam_openid_connect_provider.github.arn}',
  account: 'arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root',
}

/** The store as Terraform code, formatted as `terraform fmt` does. */
export function storeTerraform(design: StoreDesign, settings: { readonly planDays: number }): string {
  return [
    head(design),
    bucket(design),
    lifecycle(design, keepingRules(settings)),
    provider,
    ...roleDesigns(design).map(role),
    outputs,
  ].join('\n')
}

function head({ repository, ids }: StoreDesign): string {
  const [owner, name] = repository.split('/')
  const immutable = ids
    ? [
        '# Each role trusts two subjects of the same jobs: the one by name, which repositories made before July 2026 send,',
        `# and the immutable one (repo:${owner}@${ids.owner}/${name}@${ids.repository}:environment:…) of newer ones.`,
      ]
    : [
        `# Roles trust repo:${repository}:environment:…. Repositories made or renamed since July 2026 send immutable subjects`,
        '# (repo:OWNER@ID/NAME@ID:environment:…): print this again with --owner-id and --repository-id, which are',
        `#   gh api repos/${repository} --jq '.owner.id, .id'`,
      ]
  return `# The store of Airlock for ${repository}: airlock store provision --print terraform
${immutable.join('\n')}

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}
`
}

function bucket(design: StoreDesign): string {
  return `resource "aws_s3_bucket" "airlock" {
  bucket = ${quoted(design.bucket)}

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "airlock" {
  bucket                  = aws_s3_bucket.airlock.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "airlock" {
  bucket = aws_s3_bucket.airlock.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "airlock" {
  bucket = aws_s3_bucket.airlock.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "airlock" {
  bucket = aws_s3_bucket.airlock.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "airlock" {
  bucket = aws_s3_bucket.airlock.id
  policy = ${heredoc(bucketPolicy(design))}
}
`
}

function lifecycle({ prefix }: StoreDesign, rules: readonly KeepingRule[]): string {
  return `resource "aws_s3_bucket_lifecycle_configuration" "airlock" {
  bucket     = aws_s3_bucket.airlock.id
  depends_on = [aws_s3_bucket_versioning.airlock]

${[...rules.map((it) => rule(it, prefix)), leftovers].join('\n\n')}
}
`
}

function rule({ id, tag, days, oldDays }: KeepingRule, prefix: string): string {
  const filter =
    prefix === ''
      ? `      tag {
        key   = "airlock"
        value = ${quoted(tag ?? '')}
      }`
      : `      and {
        prefix = ${quoted(`${prefix}/`)}
        tags = {
          airlock = ${quoted(tag ?? '')}
        }
      }`
  const expiration = days === undefined ? '' : `\n\n    expiration {\n      days = ${days}\n    }`
  return `  rule {
    id     = ${quoted(id)}
    status = "Enabled"

    filter {
${filter}
    }${expiration}

    noncurrent_version_expiration {
      noncurrent_days = ${oldDays}
    }
  }`
}

const leftovers = `  rule {
    id     = "airlock-leftovers"
    status = "Enabled"

    filter {}

    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }`

const provider = `# The account has this provider once; where it has none yet, make it:
#   resource "aws_iam_openid_connect_provider" "github" {
#     url            = "https://token.actions.githubusercontent.com"
#     client_id_list = ["sts.amazonaws.com"]
#   }
data "aws_iam_openid_connect_provider" "github" {
  url = "https://token.actions.githubusercontent.com"
}
`

function role({ role, name, description, trust, policy }: RoleDesign): string {
  return `# ${description}.
resource "aws_iam_role" "airlock_${role}" {
  name                 = ${quoted(name)}
  max_session_duration = ${role === 'apply' ? 43200 : 3600}
  assume_role_policy   = ${heredoc(trust)}
}

resource "aws_iam_role_policy" "airlock_${role}" {
  name   = "store"
  role   = aws_iam_role.airlock_${role}.id
  policy = ${heredoc(policy)}
}
`
}

const outputs = `# What integrations.airlock.store.roles in atmos.yaml is set to.
output "roles" {
  value = {
    plan  = aws_iam_role.airlock_plan.arn
    fold  = aws_iam_role.airlock_fold.arn
    apply = aws_iam_role.airlock_apply.arn
    read  = aws_iam_role.airlock_read.arn
  }
}
`

function heredoc(policy: IamPolicy): string {
  const lines = JSON.stringify(policy, undefined, 2).split('\n')
  return `<<-JSON\n${lines.map((line) => `    ${line}`).join('\n')}\n  JSON`
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
