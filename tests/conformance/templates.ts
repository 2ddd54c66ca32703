import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../src/error.ts'
import { decode } from '../../src/stacks/yaml/decode.ts'
import { bytesOf } from '../../src/templates/bytes.ts'
import { TemplateError } from '../../src/templates/error.ts'
import { goTime } from '../../src/templates/functions/go-time.ts'
import { parsedTime } from '../../src/templates/functions/time-parsing.ts'
import { type FunctionSet, functionsFor } from '../../src/templates/functions.ts'
import { execute, parseTemplate } from '../../src/templates/template.ts'
import { GoMap, GoNumber, GoSlice, type GoValue } from '../../src/templates/value.ts'
import type { Outcome } from './outcome.ts'
import { recorded, sorted, typed } from './yaml.ts'

interface Case {
  readonly id: string
  readonly kind?: 'component-stage' | 'load-file'
  readonly name?: string
  readonly template: string
  readonly data?: unknown
  readonly missingkey: 'default' | 'error' | 'zero'
  readonly delims?: readonly [string, string]
  readonly env?: Readonly<Record<string, string>>
  readonly evaluations?: number
  readonly funcs: FunctionSet
  readonly out?: string
  readonly out_b64?: string
  readonly value?: unknown
  readonly error?: string
}

/** When the answers were recorded; none of them depends on it. */
const NOW_MS = Date.UTC(2026, 7, 21)

/** Runs every case of a folder in the format of `conformance/templates`; ids are `<file>#<id>`. */
export function runTemplates(folder: string): Outcome[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json') && file !== 'funcs.json')
    .sort()
    .flatMap((file) => {
      const cases: Case[] = JSON.parse(readFileSync(join(folder, file), 'utf8'))
      return cases.map((it) => ({ ...outcome(it), id: `${file}#${it.id}` }))
    })
}

function outcome(it: Case): Omit<Outcome, 'id'> {
  let out: string
  try {
    out = rendered(it)
  } catch (error) {
    if (!(error instanceof TemplateError)) return { pass: false, message: `bug: ${(error as Error).stack}` }
    return refused(it, error.message)
  }
  const differs = differentText(it, out)
  if (differs !== undefined) return { pass: false, message: differs }
  return it.kind === undefined ? { pass: true } : reparsed(it, out)
}

function rendered({ name = 't', delims, missingkey, env = {}, evaluations = 1, funcs, template, data }: Case): string {
  let text = template
  const value = goValue(data === undefined ? null : data)
  for (let pass = 0; pass < evaluations; pass++) {
    const parsed = parseTemplate(text, { name, functions: functionsFor[funcs], ...(delims && { delimiters: delims }) })
    text = execute(parsed, value, { missingKey: missingkey, world: { env, nowMs: NOW_MS } })
  }
  return text
}

function differentText({ out, out_b64, error }: Case, found: string): string | undefined {
  if (out_b64 !== undefined) {
    const bytes = Buffer.from(bytesOf(found)).toString('base64')
    return bytes === out_b64 ? undefined : `${bytes} instead of ${out_b64}`
  }
  if (out === undefined) return `${JSON.stringify(found)} instead of an error: ${error}`
  return found === out ? undefined : `${JSON.stringify(found)} instead of ${JSON.stringify(out)}`
}

/** An error must be about the same place; its words may be ours. */
function refused({ error, out, out_b64 }: Case, message: string): Omit<Outcome, 'id'> {
  if (error === undefined || out !== undefined || out_b64 !== undefined)
    return { pass: false, message: `refused: ${message}` }
  const place = placeOf(message)
  return place === placeOf(error) ? { pass: true } : { pass: false, message: `${message} instead of ${error}` }
}

/** `template: t:1:3:`, without a column where the text was not understood. */
function placeOf(message: string): string | undefined {
  return /^template: .*?:\d+(:\d+)?: (executing ".*?" at )?/.exec(message)?.[0]
}

function reparsed({ name = 't', value, error }: Case, text: string): Omit<Outcome, 'id'> {
  let found: unknown
  try {
    const tree = decode(text, name, 'map', recorded)
    found = tree === undefined ? null : typed(tree)
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown
    return error === undefined ? { pass: false, message: `refused: ${thrown.message}` } : { pass: true }
  }
  if (error !== undefined) return { pass: false, message: `accepted, but Atmos says: ${error}` }
  const [ours, theirs] = [JSON.stringify(sorted(found)), JSON.stringify(sorted(value))]
  return ours === theirs ? { pass: true } : { pass: false, message: `${ours} instead of ${theirs}` }
}

/** The data of a case as Go has it. */
function goValue(value: unknown): GoValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return new GoSlice(value.map(goValue))
  const [[tag, tagged] = [], ...more] = Object.entries(value as Record<string, unknown>)
  if (more.length === 0)
    switch (tag) {
      case '$float':
        return Number(String(tagged).replace('Inf', 'Infinity'))
      case '$int':
        return BigInt(tagged as string)
      case '$uint':
        return new GoNumber('uint64', BigInt(tagged as string))
      case '$time':
        return goTime(parsedTime('2006-01-02T15:04:05.999999999Z07:00', tagged as string))
      case '$strings':
        return new GoSlice(tagged as string[], '[]string')
      case '$anymap':
        return new GoMap(
          new Map((tagged as [unknown, unknown][]).map(([key, item]) => [goValue(key), goValue(item)])),
          'map[interface {}]interface {}',
        )
    }
  return new GoMap(new Map(Object.entries(value as object).map(([key, item]) => [key, goValue(item)])))
}
