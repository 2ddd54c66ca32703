import type { FakeJob } from '../github/hub.ts'
import type { Masks } from './masks.ts'

/** What a step prints, made into log lines, annotations and masks; commands are `::name key=value,…::text`. */
export interface Printed {
  readonly line: (text: string) => void
  /** An annotation of the runner's own. */
  readonly issue: (level: Level, message: string) => void
}

type Level = 'error' | 'warning' | 'notice'

/** GitHub keeps this many of each level for a step, and this many for a job. */
const annotationsOfStep = 10
const annotationsOfJob = 50
const levels: Readonly<Record<Level, string>> = { error: 'failure', warning: 'warning', notice: 'notice' }
const refused = ['set-env', 'add-path']

export function printed(job: FakeJob, masks: Masks, debug: boolean): Printed {
  const counts: Record<Level, number> = { error: 0, warning: 0, notice: 0 }
  let stopped: string | undefined

  function log(text: string): void {
    job.log += `${masks.hide(text)}\n`
  }
  function annotate(level: Level, message: string, of: Readonly<Record<string, string>>): void {
    log(`##[${level}]${message}`)
    counts[level]++
    if (counts[level] > annotationsOfStep || job.annotations.length >= annotationsOfJob) return
    job.annotations.push({
      path: of.file ?? '.github',
      line: Number(of.line ?? 1),
      level: levels[level],
      message: masks.hide(message),
      ...(of.title !== undefined && { title: masks.hide(of.title) }),
    })
  }
  function obey(name: string, of: Readonly<Record<string, string>>, text: string): void {
    if (name === 'error' || name === 'warning' || name === 'notice') annotate(name, text, of)
    else if (name === 'add-mask') masks.add(text)
    else if (name === 'group') log(`##[group]${text}`)
    else if (name === 'endgroup') log('##[endgroup]')
    else if (name === 'stop-commands') stopped = text
    else if (name === 'debug') {
      if (debug) log(`##[debug]${text}`)
    } else if (refused.includes(name))
      annotate('error', `The '${name}' command is disabled. Please upgrade to using Environment Files.`, {})
    else log(`##[warning]Unable to process command '::${name}::' successfully.`)
  }
  return {
    line(text) {
      const command = /^\s*::([a-z-]+)(?: ([^:]*(?:%3A[^:]*)*))?::(.*)$/i.exec(text)
      if (stopped !== undefined) {
        if (text.trim() === `::${stopped}::`) stopped = undefined
        else log(text)
      } else if (command === null || !isKnown(command[1]!)) log(text)
      else obey(command[1]!.toLowerCase(), properties(command[2] ?? ''), unescapeText(command[3]!))
    },
    issue: (level, message) => annotate(level, message, {}),
  }
}

function isKnown(name: string): boolean {
  const lower = name.toLowerCase()
  return (
    lower in levels ||
    [
      'add-mask',
      'group',
      'endgroup',
      'stop-commands',
      'debug',
      'echo',
      'add-matcher',
      'remove-matcher',
      ...refused,
    ].includes(lower)
  )
}

function properties(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part.includes('='))
      .map((part) => {
        const at = part.indexOf('=')
        return [part.slice(0, at), unescapeProperty(part.slice(at + 1))]
      }),
  )
}

function unescapeText(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  return unescapeText(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
}
