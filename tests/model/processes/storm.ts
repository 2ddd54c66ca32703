import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chances } from '../walk.ts'
import { type Asked, type Estate, instances, type Name } from './estate.ts'
import { type Commit, type History, history } from './history.ts'
import { judged, unrest } from './judge.ts'
import { airlock, isThere, type Kill, type Ran } from './processes.ts'

/** What a storm is made of. */
export interface Weather {
  readonly seed: number
  readonly seconds: number
  readonly workers: number
  /** It goes on until so many were killed while Terraform applied for them. */
  readonly kills: number
}

/** What a storm came to. */
export interface Report {
  readonly broken: readonly string[]
  readonly history: History
  /** What people had to do to bring all to rest. */
  readonly people: readonly string[]
}

/**
 * Workers apply, again and again, and are killed at random, alone or with all that they started; meanwhile somebody
 * merges changes, plans and agrees. Then what is left is brought to rest as people would, and all is judged.
 */
export async function storm(estate: Estate, { seed, seconds, workers, kills }: Weather): Promise<Report> {
  const random = chances(seed)
  const ran: Ran[] = []
  const commits: Commit[] = []
  const run = async (words: readonly string[], kill?: Kill) => {
    const result = await airlock(estate, words, kill)
    ran.push(result)
    return result
  }
  const ask = async (asked: Asked) => {
    const fromMs = Date.now()
    commits.push({ id: await estate.ask(asked, `Ask ${Object.values(asked).join(' ')}`), fromMs, asked })
  }
  await ask({ base: 1, reader: 1, first: 1, second: 1 })
  await applied(run)
  const untilMs = Date.now() + seconds * 1000
  const isOn = () => Date.now() < untilMs || ran.filter(({ killed, inApply }) => killed && inApply).length < kills
  const kill = (): Kill => ({
    ...(random() < 0.75
      ? { from: 'apply', afterMs: Math.round(random() * 900) }
      : { from: 'start', afterMs: Math.round(200 + random() * 6000) }),
    how: random() < 0.6 ? 'all' : 'alone',
  })
  const worker = async () => {
    while (isOn()) await run(['apply'], random() < 0.8 ? kill() : undefined)
  }
  const people = async () => {
    while (isOn()) {
      if (random() < 0.8) await ask(changed(commits.at(-1)!.asked, random))
      await run(['plan'], random() < 0.2 ? { ...kill(), from: 'start' } : undefined)
      await run(['approve', '--all'])
      if (random() < 0.3) await unlocked(run)
    }
  }
  await Promise.all([people(), ...Array.from({ length: workers }, worker)])
  await orphansGone(estate)
  const needed = await atRest(estate, run)
  const after = await history(estate, ran, commits)
  return { broken: [...judged(after), ...needed.broken, ...unrest(after)], history: after, people: needed.people }
}

type Run = (words: readonly string[], kill?: Kill) => Promise<Ran>

/** One to three numbers become others. */
function changed(asked: Asked, random: () => number): Asked {
  const names = instances.filter(() => random() < 0.5)
  const some: readonly Name[] = names.length === 0 ? ['base'] : names
  return { ...asked, ...Object.fromEntries(some.map((name) => [name, asked[name] + 1])) }
}

/** Plans, agrees and applies until nothing is in flight: the start, on which nobody is killed. */
async function applied(run: Run): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await run(['plan'])
    await run(['approve', '--all'])
    const { code, output } = await run(['apply'])
    if (code === 0) return
    if (i === 3) throw new Error(`the estate could not be applied at all:\n${output}`)
  }
}

/** What people do where a run left its claim. */
async function unlocked(run: Run): Promise<string[]> {
  const { items } = JSON.parse((await run(['status', '--json'])).output.replace(/^[^{]*/, '')) as {
    readonly items: readonly {
      readonly component: string
      readonly stack: string
      readonly waitsFor?: { readonly claim?: { readonly holder: { readonly process?: { readonly pid: number } } } }
    }[]
  }
  const done: string[] = []
  for (const { component, stack, waitsFor } of items) {
    const pid = waitsFor?.claim?.holder.process?.pid
    if (pid === undefined || isThere(pid)) continue
    const { code } = await run(['unlock', component, '-s', stack, '--reason', 'its process was killed'])
    if (code === 0) done.push(`unlock ${component}`)
  }
  return done
}

/** Waits for the applies of Terraform that outlived the processes that began them. */
async function orphansGone(estate: Estate): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const { applies } = await history(estate, [], [])
    if (!applies.some((it) => it.end === undefined && isThere(it.pid))) return
    await sleep(100)
  }
  throw new Error('an apply of Terraform never ends')
}

/** Brings all to rest with what a person may do: unlock, agree, and remove what a killed apply made beside the state. */
async function atRest(estate: Estate, run: Run): Promise<{ readonly broken: string[]; readonly people: string[] }> {
  const people: string[] = []
  let last: Ran | undefined
  for (let i = 0; i < 8; i++) {
    people.push(...(await unlocked(run)))
    if (i > 1) people.push(...(await removedBeside(estate)))
    await run(['plan'])
    if (/^Approved/m.test((await run(['approve', '--all'])).output)) people.push('approve')
    last = await run(['apply'])
    const status = await run(['status'])
    if (last.code === 0 && status.code === 0) return { broken: [], people }
  }
  return { broken: [`7: what the storm left is never at rest:\n${last?.output}`], people }
}

/** Removes objects that no state knows and that the records say may be there. */
async function removedBeside(estate: Estate): Promise<string[]> {
  const { cloud, states, events } = await history(estate, [], [])
  const done: string[] = []
  for (const [name, all] of events)
    for (const event of all) {
      if (event.kind !== 'attempt-settled') continue
      for (const address of event.mayExist) {
        const object = `${name}-${/folder_file\.(\w+)/.exec(address)?.[1]}`
        if (!cloud.has(object) || states.has(object) || done.includes(`remove ${object}`)) continue
        await rm(join(estate.cloud, 'file', `${object}.json`), { force: true })
        done.push(`remove ${object}`)
      }
    }
  return done
}

/** What happened, in a few lines. */
export function reportLines(
  { seed, seconds, workers }: Weather,
  { history: { ran, applies, commits }, people, broken }: Report,
): string[] {
  const by = (test: (it: Ran) => boolean) => ran.filter(test).length
  const refused = ran.flatMap(({ output }) => output.match(/refused/g) ?? []).length
  return [
    `seed ${seed}: ${workers} workers for ${seconds} s, ${commits.length - 1} changes, ${ran.length} processes`,
    `kills: ${by(({ killed }) => killed === 'all')} with all that ran, ${by(({ killed }) => killed === 'alone')} alone; applies of Terraform: ${applies.length}, ${applies.filter((it) => it.end?.code === 0).length} to the end; refusals: ${refused}`,
    `people, to bring all to rest: ${people.length === 0 ? 'nothing' : people.join(', ')}`,
    broken.length === 0 ? 'all invariants hold' : `BROKEN\n${broken.join('\n')}`,
  ]
}
