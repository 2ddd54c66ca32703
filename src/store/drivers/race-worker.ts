import { createInterface } from 'node:readline'
import { fsStore } from './fs.ts'

/** What a racing process is asked, one a line. `count` adds one to a counter, for ever, saying so each time. */
export type RaceCommand = `absent ${string}` | `match ${string} ${string}` | `count ${string}`

/** One of the racing processes of `fs.test.ts`: the first line names the store's folder, the others are commands. */
async function race(input: NodeJS.ReadableStream, say: (line: string) => void): Promise<void> {
  const lines = createInterface({ input })[Symbol.asyncIterator]()
  const store = fsStore({ folder: (await lines.next()).value ?? '' })
  const encode = (value: string) => new TextEncoder().encode(value)
  const me = encode(String(process.pid))
  say('ready')
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
    const [verb, key = '', etag = ''] = line.value.split(' ')
    if (verb === 'absent') say((await store.put(key, me, { kind: 'absent' })).kind)
    if (verb === 'match') say((await store.put(key, me, { kind: 'match', etag })).kind)
    while (verb === 'count') {
      const old = await store.get(key)
      const next = Number(old === undefined ? 0 : new TextDecoder().decode(old.bytes)) + 1
      const condition = old === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'match', etag: old.etag } as const)
      if ((await store.put(key, encode(String(next)), condition)).kind === 'written') say(`counted ${next}`)
    }
  }
}

await race(process.stdin, (line) => process.stdout.write(`${line}\n`))
