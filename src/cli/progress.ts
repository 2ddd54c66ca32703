import { duration, elapsed } from '../time.ts'
import type { Terminal } from './command.ts'
import { fitted, padded, paint, width } from './style.ts'

/** How a finished item came out, for its mark: done, failed, or left for later. */
export type Ending = 'done' | 'failed' | 'waits'

/** Shows work in progress to a person. Shows nothing before the work has taken a second. */
export interface Progress {
  /** The item is being worked on: `planning (waits for vpc: done)`. Said again, it replaces what was said before. */
  doing(item: string, what: string): void
  /** The item is finished: `1 to change`. */
  finished(item: string, ending: Ending, result: string): void
  /** Takes away what is shown in place; the command's answer follows. */
  close(): void
}

/** The clock and timer that progress goes by. */
export interface Clock {
  now(): number
  /** Calls back after a while, again and again, until the function that it returns is called. */
  every(ms: number, call: () => void): () => void
}

const realClock: Clock = {
  now: () => performance.now(),
  every: (ms, call) => {
    const timer = setInterval(call, ms)
    timer.unref()
    return () => clearInterval(timer)
  },
}

const patienceMs = 1000
const rows = 8

interface Running {
  readonly what: string
  readonly since: number
}

/**
 * Progress of `total` items, `parallel` of them at once, on stderr: in place on a terminal, else one line an item.
 * @example const shown = progress(terminal, { total: 3, parallel: 2 })
 */
export function progress(
  terminal: Pick<Terminal, 'note' | 'draw' | 'progress' | 'noteColor' | 'width'>,
  { total, parallel }: { total: number; parallel: number },
  clock: Clock = realClock,
): Progress {
  const { bold, dim, red, green, yellow } = paint(terminal.noteColor)
  const started = clock.now()
  const running = new Map<string, Running>()
  const lines: string[] = []
  let count = 0
  let told = 0
  let drawn = 0

  const mark = (ending: Ending) => ({ done: green('✓'), failed: red('✗'), waits: yellow('·') })[ending]
  const line = (sign: string, item: string, what: string, time: string) => {
    const named = padded(item, 30)
    const room = Math.max(10, terminal.width - width(named) - 16)
    return `  ${sign} ${named}  ${padded(fitted(what, Math.min(room, 44)), Math.min(room, 44))} ${dim(time)}`
  }
  const patient = () => clock.now() - started < patienceMs

  const draw = () => {
    if (patient()) return
    const now = clock.now()
    const busy = [...running].slice(0, rows)
    const text = [
      ...lines.slice(-rows),
      ...busy.map(([item, { what, since }]) => line(bold('▸'), item, what, elapsed(now - since))),
      `  ${dim(`${count} of ${total} done, ${running.size} running, at most ${parallel} at once, ${elapsed(now - started)}`)}`,
    ].map((it) => fittedLine(it, terminal.width))
    terminal.draw(`${erase(drawn)}${text.join('\n')}\n`)
    drawn = text.length
  }
  const tell = () => {
    if (patient()) return
    for (; told < lines.length; told++) terminal.note(lines[told]!)
  }
  const show = terminal.progress === 'live' ? draw : terminal.progress === 'lines' ? tell : () => {}
  const stop =
    terminal.progress === 'none' ? () => {} : clock.every(terminal.progress === 'live' ? 200 : patienceMs, show)

  return {
    doing(item, what) {
      running.set(item, { what, since: running.get(item)?.since ?? clock.now() })
      show()
    },
    finished(item, ending, result) {
      const now = clock.now()
      const took = duration(now - (running.get(item)?.since ?? now))
      running.delete(item)
      count++
      lines.push(
        line(mark(ending), item, result, terminal.progress === 'live' ? took : `${took}  (${count} of ${total})`),
      )
      show()
    },
    close() {
      stop()
      if (terminal.progress === 'lines') tell()
      terminal.draw(erase(drawn))
      drawn = 0
    },
  }
}

/** Moves up over the lines that were drawn, and clears from there. */
function erase(drawn: number): string {
  return drawn === 0 ? '' : `\x1b[${drawn}F\x1b[J`
}

function fittedLine(text: string, columns: number): string {
  return width(text) < columns ? text : fitted(text, columns - 1)
}
