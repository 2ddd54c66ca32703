import { answer, leaf } from './xml.ts'

/** An answer of S3 that is no success, by the code that S3 gives it. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.code = code
  }
}

/** The body that S3 sends with a refusal. */
export function refusalXml({ code, message }: Refusal, serverTime: string): string {
  const extra = code === 'RequestTimeTooSkewed' ? [leaf('ServerTime', serverTime)] : []
  return answer('Error', leaf('Code', code), leaf('Message', message), ...extra).replace(/ xmlns="[^"]*"/, '')
}
