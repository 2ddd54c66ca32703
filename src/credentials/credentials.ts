/** Environment variables for a process; undefined removes what its parent has. */
export type EnvChange = Readonly<Record<string, string | undefined>>

/** Gives processes the rights of roles in a cloud. */
export interface Credentials {
  /**
   * What a process needs in its environment to act as a role and as nobody else; nothing where the environment's own
   * credentials count. Keys last for as long as a plan takes, and are renewed before they end.
   * @throws UserError `role-refused`, `role-unreachable`
   */
  forRole(role: string): Promise<EnvChange>
}

/**
 * Variables from which AWS' SDKs take credentials, and those with which a job asks GitHub for more of them: a process that acts as
 * a role must have none of another.
 */
const ofOthers = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
]

/** Keys of a session in AWS. */
export interface AwsSession {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** The environment of a process that acts as the role of a session, and as nobody else. */
export function awsEnv({ accessKeyId, secretAccessKey, sessionToken }: AwsSession): EnvChange {
  return {
    ...Object.fromEntries(ofOthers.map((name) => [name, undefined])),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  }
}
