import { createInterface } from 'node:readline'
import { fsStore } from './fs.ts'

/**
 * One of the racing processes of `fs.test.ts`. Reads commands from stdin, one a line, and answers each with a line:
 * `absent KEY`, `match KEY ETAG`, or `count KEY` (adds one to a counter, for ever, saying so each time).
 */
const store = fsStore({ folder: process.argv[2] ?? '' })
const encode = (value: string) => new TextEncoder().encode(value)
const say = (line: string) => process.stdout.write(`${line}\n`)

say('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, key = '', etag = ''] = line.split(' ')
  if (verb === 'absent') say((await store.put(key, encode(String(process.pid)), { kind: 'absent' })).kind)
  if (verb === 'match') say((await store.put(key, encode(String(process.pid)), { kind: 'match', etag })).kind)
  while (verb === 'count') {
    const old = await store.get(key)
    const next = Number(old === undefined ? 0 : new TextDecoder().decode(old.bytes)) + 1
    const condition = old === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'match', etag: old.etag } as const)
    if ((await store.put(key, encode(String(next)), condition)).kind === 'written') say(`counted ${next}`)
  }
}
