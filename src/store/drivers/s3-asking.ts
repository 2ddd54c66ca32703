import { setTimeout } from 'node:timers/promises'
import { UserError } from '../../error.ts'

/** Answers that are no failure to whoever asks: nothing there, a condition that did not hold, not allowed. */
export type Expected = 'missing' | 'unmet' | 'forbidden'

/**
 * What a request came to. `doubtful`: an earlier try got no answer, or one that says nothing of whether it was carried out.
 */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: Expected; readonly doubtful: boolean }

/** Sends a request until S3 has answered it. @throws UserError for answers that nobody expects */
export type Asking = <T>(what: string, expected: readonly Expected[], send: () => Promise<T>) => Promise<Outcome<T>>

const tries = 7
const longestPauseMs = 3_000

/** Asks the bucket of a URL, and again after network errors, overload, a conflict of two writes, a clock that is off. */
export function asking(url: string, pause: (ms: number) => Promise<void> = (ms) => setTimeout(ms)): Asking {
  return async (what, expected, send) => {
    let doubtful = false
    for (let i = 0; ; i++) {
      try {
        return { kind: 'done', value: await send() }
      } catch (error) {
        const failure = failureOf(error)
        if (failure.kind === 'answer') {
          const found = expected.find((it) => it === meaning(failure))
          if (found !== undefined) return { kind: found, doubtful }
          if (!passes(failure)) throw refused(url, what, failure)
        } else if (failure.kind === 'bug') throw error
        // A conflict of two writes at the same time, and a request that was turned away, did nothing.
        doubtful ||= failure.kind === 'silence' || (failure.status >= 500 && failure.status !== 503)
        if (i + 1 >= tries) throw unreachable(url, what, failure)
      }
      await pause(Math.min(50 * 2 ** i, longestPauseMs) * (0.5 + Math.random()))
    }
  }
}

/** What S3 said instead of doing it. */
interface Answer {
  readonly kind: 'answer'
  readonly status: number
  readonly code: string
  readonly message: string
}

type Failure =
  | Answer
  /** No answer came. */
  | { readonly kind: 'silence'; readonly message: string }
  | { readonly kind: 'bug' }

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'bug' }
  const { $metadata, code, name, message } = error as Error & {
    readonly $metadata?: { readonly httpStatusCode?: number }
    readonly code?: string
  }
  const status = $metadata?.httpStatusCode
  if (status !== undefined && status >= 300) return { kind: 'answer', status, code: name, message }
  if (name === 'CredentialsProviderError' || /^Region is missing/.test(message))
    return { kind: 'answer', status: 0, code: name === 'Error' ? 'RegionMissing' : name, message }
  const isSilence =
    status !== undefined || // a success whose body broke off
    ['TimeoutError', 'AbortError', 'RequestTimeout', 'NetworkingError'].includes(name) ||
    /^(E[A-Z_]+|ERR_STREAM_PREMATURE_CLOSE)$/.test(code ?? '') ||
    /socket hang up|aborted|terminated/.test(message)
  return isSilence ? { kind: 'silence', message } : { kind: 'bug' }
}

function meaning({ status, code }: Answer): Expected | undefined {
  if (code === 'NoSuchBucket') return undefined
  if (status === 412) return 'unmet'
  if (status === 404) return 'missing'
  if (status === 403 && !/^(RequestTimeTooSkewed|InvalidAccessKeyId|SignatureDoesNotMatch)$/.test(code))
    return 'forbidden'
  return undefined
}

/** Whether the same request may be answered otherwise in a moment. */
function passes({ status, code }: Answer): boolean {
  return (
    status >= 500 ||
    status === 429 ||
    ['ConditionalRequestConflict', 'OperationAborted', 'RequestTimeout', 'RequestTimeTooSkewed', 'SlowDown'].includes(
      code,
    )
  )
}

function unreachable(url: string, what: string, failure: Exclude<Failure, { kind: 'bug' }>): UserError {
  const said = failure.kind === 'silence' ? failure.message : `${failure.code} (${failure.status})`
  return new UserError({
    code: 'store-unreachable',
    message: `${url} did not ${what} in ${tries} tries: ${said}`,
    fix: 'look at the network and at the state of the service, then run again: what was begun is found again',
  })
}

function refused(url: string, what: string, answer: Answer): UserError {
  const { status, code, message } = answer
  switch (code) {
    case 'NoSuchBucket':
      return unusable(
        'store-missing',
        url,
        'there is no such bucket',
        'airlock store provision makes it, or prints how',
      )
    case 'CredentialsProviderError':
      return unusable(
        'store-credentials-missing',
        url,
        'no credentials for AWS were found here',
        'sign in (aws sso login, AWS_PROFILE), or give the job id-token: write and set integrations.airlock.store.roles',
      )
    case 'RegionMissing':
      return unusable(
        'store-region-missing',
        url,
        'no region is set',
        'set integrations.airlock.store.region, or AWS_REGION',
      )
    case 'ExpiredToken':
    case 'InvalidToken':
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
      return unusable(
        'store-credentials-refused',
        url,
        `the credentials are not taken (${code})`,
        'sign in again, then run again',
      )
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return unusable(
        'store-region-wrong',
        url,
        `the bucket is in another region (${code})`,
        'set integrations.airlock.store.region to the region of the bucket',
      )
  }
  if (status === 403 || status === 401)
    return unusable(
      'store-forbidden',
      url,
      `these credentials may not ${what}`,
      'docs/store.md tells which role may do what; airlock store provision --print json prints its policy',
    )
  return unusable(
    'store-refused',
    url,
    `did not ${what}: ${code} (${status}) ${message}`,
    'airlock doctor looks at the store',
  )
}

/** The SDK's own error is no cause: it holds the whole request, with the session's token. */
function unusable(code: string, url: string, words: string, fix: string): UserError {
  return new UserError({ code, message: `${url}: ${words}`, fix, exit: 2 })
}
