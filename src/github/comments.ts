/** A comment in the conversation of an issue or a pull request. */
export interface Comment {
  readonly id: number
  readonly body: string
  /** Login of who wrote it: `ann`, `github-actions[bot]`. */
  readonly author: string
  readonly createdMs: number
  readonly updatedMs: number
  /** For people: `https://github.com/acme/infra/pull/7#issuecomment-1`. */
  readonly url: string
}

/** The signs that a comment can be answered with. */
export type Reaction = '+1' | '-1' | 'confused' | 'eyes' | 'rocket'

/** GitHub takes this many characters (UTF-16 units) in one comment, and refuses one more. */
export const maxCommentLength = 65_536

/** Comments in the conversations of pull requests. */
export interface Comments {
  /** All, oldest first. */
  list(number: number): Promise<readonly Comment[]>
  /** Undefined when it was deleted. */
  get(id: number): Promise<Comment | undefined>
  create(number: number, body: string): Promise<Comment>
  /** `gone` when somebody deleted it. */
  update(id: number, body: string): Promise<'updated' | 'gone'>
  react(id: number, reaction: Reaction): Promise<void>
}
