import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { FakeJob, FakeRun } from './hub.ts'
import type { Repository } from './state.ts'

/** The issuer's key pair and what it publishes of it. */
export interface Issuer {
  /** Of every token: the address under which the key set is found. */
  readonly url: string
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] }
  /** A token of an audience for a job. */
  sign(repository: Repository, ownerId: number, run: FakeRun, job: FakeJob, audience: string, nowMs: number): string
}

let pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What the token is about, as trust policies match it. */
function subject(run: FakeRun, job: FakeJob): string {
  if (job.environment !== undefined)
    return `repo:${run.repository}:environment:${job.environment.replaceAll(':', '%3A')}`
  return run.event === 'pull_request' ? `repo:${run.repository}:pull_request` : `repo:${run.repository}:ref:${run.ref}`
}

/** An issuer of tokens as GitHub's: RS256, five minutes. */
export function issuer(serverUrl: string): Issuer {
  pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { publicKey, privateKey } = pair
  const url = `${serverUrl}/_oidc`
  return {
    url,
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'fake', use: 'sig', alg: 'RS256' }] },
    sign(repository, ownerId, run, job, audience, nowMs) {
      const now = Math.floor(nowMs / 1000)
      const workflow = `${run.repository}/${run.workflow}@${run.ref}`
      const claims = {
        iss: url,
        sub: subject(run, job),
        aud: audience,
        jti: `${run.id}-${job.id}-${now}`,
        iat: now,
        nbf: now - 5,
        exp: now + 300,
        actor: run.actor,
        repository: run.repository,
        repository_id: String(repository.id),
        repository_owner: repository.owner,
        repository_owner_id: String(ownerId),
        repository_visibility: repository.private ? 'private' : 'public',
        run_id: String(run.id),
        run_number: '1',
        run_attempt: String(run.attempt),
        event_name: run.event,
        ref: run.ref,
        ref_type: 'branch',
        ref_protected: 'false',
        sha: run.sha,
        head_ref: '',
        base_ref: '',
        workflow: run.workflow,
        workflow_ref: workflow,
        workflow_sha: run.sha,
        job_workflow_ref: job.workflowRef ?? workflow,
        job_workflow_sha: run.sha,
        runner_environment: 'github-hosted',
        ...(job.environment === undefined ? {} : { environment: job.environment }),
      }
      const text = `${part({ alg: 'RS256', typ: 'JWT', kid: 'fake' })}.${part(claims)}`
      return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`
    },
  }
}
