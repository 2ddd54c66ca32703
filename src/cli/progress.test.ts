import { expect, test } from 'vitest'
import { recordedTerminal } from '../testkit/terminal.ts'
import { type Clock, progress } from './progress.ts'

function handClock(): Clock & { pass(ms: number): void } {
  let now = 0
  const calls = new Set<() => void>()
  return {
    now: () => now,
    every: (_, call) => {
      calls.add(call)
      return () => calls.delete(call)
    },
    pass(ms) {
      now += ms
      for (const call of calls) call()
    },
  }
}

/** What a terminal shows after these writes: knows `\x1b[nF` (up n lines) and `\x1b[J` (clear from here). */
function screen(written: string): string[] {
  const lines: string[] = ['']
  for (const part of written.split(/(\x1b\[\d*[FJ]|\n)/)) {
    const up = /^\x1b\[(\d+)F$/.exec(part)
    if (up) lines.length = Math.max(0, lines.length - 1 - Number(up[1])) + 1
    else if (part === '\x1b[J') lines[lines.length - 1] = ''
    else if (part === '\n') lines.push('')
    else lines[lines.length - 1] += part
  }
  return lines.map((line) => line.trimEnd())
}

const item = 'vpc  -s plat-ue2-prod'

test('work under a second shows nothing', () => {
  for (const mode of ['live', 'lines'] as const) {
    const terminal = recordedTerminal({ progress: mode })
    const clock = handClock()
    const shown = progress(terminal, { total: 1, parallel: 1 }, clock)
    shown.doing(item, 'planning')
    clock.pass(900)
    shown.finished(item, 'done', '1 to change')
    shown.close()
    expect(terminal.noted()).toBe('')
  }
})

test('on a terminal the lines are drawn in place and gone at the end', () => {
  const terminal = recordedTerminal({ progress: 'live', width: 100 })
  const clock = handClock()
  const shown = progress(terminal, { total: 3, parallel: 2 }, clock)
  shown.doing(item, 'planning')
  clock.pass(2100)
  shown.finished(item, 'done', '1 to change')
  shown.doing('cluster  -s plat-ue2-prod', 'planning (waits for vpc: done)')
  clock.pass(3000)
  expect(screen(terminal.noted())).toEqual([
    '  ✓ vpc  -s plat-ue2-prod           1 to change                                  2.1 s',
    '  ▸ cluster  -s plat-ue2-prod       planning (waits for vpc: done)               0:03',
    '  1 of 3 done, 1 running, at most 2 at once, 0:05',
    '',
  ])
  shown.close()
  expect(screen(terminal.noted())).toEqual([''])
})

test('without a terminal each finished item is one plain line', () => {
  const terminal = recordedTerminal({ progress: 'lines', width: 100 })
  const clock = handClock()
  const shown = progress(terminal, { total: 2, parallel: 2 }, clock)
  shown.doing(item, 'planning')
  shown.doing('eks  -s plat-ue2-prod', 'planning')
  clock.pass(500)
  shown.finished(item, 'done', '1 to change')
  clock.pass(1000)
  shown.finished('eks  -s plat-ue2-prod', 'failed', 'failed')
  shown.close()
  expect(
    terminal
      .noted()
      .split('\n')
      .map((line) => line.replace(/ {2,}/g, '  ')),
  ).toEqual([
    '  ✓ vpc  -s plat-ue2-prod  1 to change  0.50 s  (1 of 2)',
    '  ✗ eks  -s plat-ue2-prod  failed  1.5 s  (2 of 2)',
    '',
  ])
})

test('nothing is shown where progress is not wanted', () => {
  const terminal = recordedTerminal({ progress: 'none' })
  const clock = handClock()
  const shown = progress(terminal, { total: 1, parallel: 1 }, clock)
  shown.doing(item, 'planning')
  clock.pass(5000)
  shown.finished(item, 'done', '')
  shown.close()
  expect(terminal.noted()).toBe('')
})
