/** What a person may do in the repository: GitHub's own words, weakest first. */
export type Permission = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin'

/** Who may what. */
export interface People {
  /** What GitHub's permission API says now; never what an event says of its author. `none` for strangers. */
  permission(login: string): Promise<Permission>
  /** Whether a person is in a team (`acme/network`); undefined where the token cannot see that: GITHUB_TOKEN cannot. */
  isMember(team: string, login: string): Promise<boolean | undefined>
}
