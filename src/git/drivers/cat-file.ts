import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { UserError } from '../../error.ts'
import type { Git } from './process.ts'

/** An object that was asked for. */
export interface GitObject {
  readonly oid: string
  readonly content: Buffer
}

/** The objects of a repository, by id or by any other name that Git knows. */
export interface Objects {
  /** @throws UserError `git-object-unreadable` when there is none of that name, too */
  read(oid: string): Promise<Buffer>
  /** Undefined where there is none of that name, or more than one. @throws UserError `git-object-unreadable` */
  find(name: string): Promise<GitObject | undefined>
  /** Asks a new process from now on: one that runs does not see that history was deepened. For when nothing is being asked. */
  renew(): void
}

interface Waiting {
  readonly name: string
  resolve(object: GitObject | undefined): void
  reject(error: Error): void
}

/**
 * Reads objects through one `git cat-file --batch`, started at the first question and kept for the next. It never
 * keeps our own process alive: between questions it is not waited for, and it ends when its stdin closes with us.
 */
export function catFile(git: Git): Objects {
  let child: ChildProcessWithoutNullStreams | undefined
  const waiting: Waiting[] = []
  let unasked = '' // written in one piece: ten thousand small writes cost more than the answers

  const start = (): ChildProcessWithoutNullStreams => {
    const started = spawn('git', ['cat-file', '--batch'], { cwd: git.cwd, env: git.env })
    let stderr = ''
    let failed = false
    const fail = (why: string) => {
      if (failed || child !== started) return
      failed = true
      child = undefined
      unasked = ''
      for (const one of waiting.splice(0)) one.reject(unreadable(one.name, git.cwd, why))
    }
    const parse = batchParser((header, content) => {
      const one = waiting.shift()
      if (content !== undefined) one?.resolve({ oid: header.slice(0, header.indexOf(' ')), content })
      else if (/ (missing|ambiguous)$/.test(header)) one?.resolve(undefined)
      else one?.reject(unreadable(one.name, git.cwd, header))
      if (waiting.length === 0) hold(started, false)
    })
    started.stdout.on('data', parse)
    started.stderr.on('data', (text) => {
      stderr += text
    })
    started.stdin.on('error', () => {})
    started.on('error', (error) => fail(error.message))
    started.on('close', () => fail(stderr.trim() || 'git cat-file ended'))
    return started
  }

  const ask = () => {
    child?.stdin.write(unasked)
    unasked = ''
  }

  const find = (name: string) =>
    new Promise<GitObject | undefined>((resolve, reject) => {
      child ??= start()
      hold(child, true)
      waiting.push({ name, resolve, reject })
      if (unasked === '') queueMicrotask(ask)
      unasked += `${name}\n`
    })
  return {
    find,
    renew() {
      const old = child
      if (waiting.length > 0) return
      child = undefined
      old?.stdin.end()
    },
    async read(oid) {
      const found = await find(oid)
      if (found === undefined) throw unreadable(oid, git.cwd, `${oid} missing`)
      return found.content
    },
  }
}

/** Whether our process waits for this child and its pipes (sockets, whatever their type says) before it exits. */
function hold(child: ChildProcessWithoutNullStreams, wanted: boolean): void {
  const held: readonly unknown[] = [child, child.stdin, child.stdout, child.stderr]
  for (const one of held as readonly Partial<Pick<Socket, 'ref' | 'unref'>>[]) {
    if (wanted) one.ref?.()
    else one.unref?.()
  }
}

/** Cuts the stream `<oid> <type> <size>\n<content>\n` into answers, whatever the chunks are. */
function batchParser(answer: (header: string, content: Buffer | undefined) => void): (chunk: Buffer) => void {
  let header = ''
  let body: Buffer[] = []
  let missing = -1 // bytes of the body still to come, its newline included; -1 while reading a header
  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      if (missing < 0) {
        const end = chunk.indexOf(10, at)
        header += chunk.toString('latin1', at, end < 0 ? undefined : end)
        if (end < 0) return
        at = end + 1
        const size = / (?:blob|tree|commit|tag) (\d+)$/.exec(header)?.[1]
        if (size !== undefined) missing = Number(size) + 1
        else {
          answer(header, undefined)
          header = ''
        }
      } else {
        const part = chunk.subarray(at, at + missing)
        body.push(part)
        missing -= part.length
        at += part.length
        if (missing > 0) return
        const whole = body.length === 1 && body[0] !== undefined ? body[0] : Buffer.concat(body)
        answer(header, whole.subarray(0, -1))
        header = ''
        body = []
        missing = -1
      }
    }
  }
}

function unreadable(oid: string, cwd: string, why: string): UserError {
  return new UserError({
    code: 'git-object-unreadable',
    message: `object ${oid} could not be read in ${cwd}: ${why}`,
    fix: 'fetch what is missing (git fetch --refetch), or look for damage: git fsck',
  })
}
