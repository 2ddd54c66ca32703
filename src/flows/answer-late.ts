import { UserError } from '../error.ts'
import type { Repo } from '../git/repo.ts'
import { canonicalJson } from '../json.ts'
import type { Shell } from '../machine/shell.ts'
import type { Ask, Question, Reply, StateValues } from '../stacks/answers.ts'
import type { StateTexts } from '../terraform/states.ts'

/** What late values are answered from. */
export interface LateDoors {
  readonly states: StateTexts
  readonly shell: Pick<Shell, 'run'>
  /** Undefined outside of a repository. */
  readonly repo?: Pick<Repo, 'resolve' | 'branch' | 'config'>
  /** Absolute path of the folder that commands run in. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Asks a pure question again and again, until everything outside that it turned out to hang on is known. What a question
 * threw while something was open does not count. A command runs only when nothing was open before it: its line may hold what
 * stands for an answer that is not there yet, and what it then did could not be taken back.
 */
export async function answering<T>(doors: LateDoors, question: (ask: Ask) => Promise<T>): Promise<T> {
  const known = new Map<string, Reply | UserError>()
  for (;;) {
    const open = new Map<string, Question>()
    const ask: Ask = (asked) => {
      const key = canonicalJson(asked as Parameters<typeof canonicalJson>[0])
      const reply = known.get(key)
      if (reply instanceof UserError) throw reply
      if (reply === undefined) open.set(key, asked)
      return reply ?? { kind: 'open' }
    }
    const outcome = await question(ask).then(
      (value) => ({ value }),
      (error: unknown) => {
        if (open.size > 0 && error instanceof UserError) return undefined
        throw error
      },
    )
    if (open.size === 0 && outcome) return outcome.value
    const certain = [...open].filter(([, asked], index) => asked.kind !== 'command' || index === 0)
    const replies = await Promise.all(certain.map(async ([key, asked]) => [key, await replyTo(doors, asked)] as const))
    for (const [key, reply] of replies) known.set(key, reply)
  }
}

async function replyTo(doors: LateDoors, question: Question): Promise<Reply | UserError> {
  try {
    return await reply(doors, question)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

async function reply({ states, shell, repo, folder, env }: LateDoors, question: Question): Promise<Reply> {
  switch (question.kind) {
    case 'outputs': {
      const text = await states.text(question.ref)
      return text === undefined ? { kind: 'absent' } : { kind: 'outputs', outputs: outputsIn(text, question.of) }
    }
    case 'command': {
      // What it says on stderr is no part of its answer.
      const end = await shell.run({ line: `(\n${question.line}\n) 2>/dev/null`, cwd: folder, env })
      if (end.kind === 'exited' && end.code === 0) return { kind: 'text', text: end.output }
      throw new UserError({
        code: 'command-failed',
        message: `!exec ${question.line} ${end.kind === 'exited' ? `ended with ${end.code}` : 'did not end'}`,
        fix: `run it by hand, or leave the call as it is: --skip exec`,
        exit: 2,
      })
    }
    case 'git': {
      const text = await gitFact(repo, question.what)
      return text === undefined ? { kind: 'absent' } : { kind: 'text', text }
    }
  }
}

async function gitFact(repo: LateDoors['repo'], what: 'sha' | 'branch' | 'url'): Promise<string | undefined> {
  if (repo === undefined) return undefined
  if (what === 'sha') return repo.resolve('HEAD')
  return what === 'branch' ? repo.branch : repo.config('remote.origin.url')
}

/** The outputs in a state of any version; those of before version 4 lie elsewhere and count as none. @throws UserError `state-unreadable` */
export function outputsIn(text: string, of: string): StateValues {
  let state: unknown
  try {
    state = JSON.parse(text)
  } catch (cause) {
    throw new UserError({
      code: 'state-unreadable',
      message: `the state of ${of} cannot be read: it is no JSON`,
      fix: 'look at the file; terraform state pull in the component folder tells whether Terraform can read it',
      cause,
    })
  }
  const outputs = typeof state === 'object' && state !== null && 'outputs' in state ? state.outputs : undefined
  const entries = Object.entries((outputs ?? {}) as Record<string, { value?: unknown; sensitive?: boolean }>)
  return Object.fromEntries(
    entries.map(([name, { value, sensitive }]) => [name, { value: value ?? null, sensitive: sensitive === true }]),
  )
}
