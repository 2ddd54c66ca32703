import { resultWords } from '../flows/apply-words.ts'
import type { UpEvents, Waiting } from '../flows/up.ts'
import { shortDigest } from '../plan/digest.ts'
import { differenceLines } from '../plan/render/differences.ts'
import { renderTerminal } from '../plan/render/terminal.ts'
import { countsText, isDangerous } from '../plan/summary.ts'
import { typed } from '../records/words.ts'
import { endingOf } from './apply.ts'
import type { Terminal } from './command.ts'
import { type Progress, progress } from './progress.ts'
import { paint } from './style.ts'

/** What a person sees and is asked while instances are brought up; `close` takes away what is shown in place. */
export function upEvents(terminal: Terminal, { json }: { readonly json: boolean }): UpEvents & { close(): void } {
  let shown: Progress | undefined
  const close = () => {
    shown?.close()
    shown = undefined
  }
  const say = (text: string) => (json ? terminal.note(text) : terminal.print(text))
  return {
    close,
    begin(total, parallel) {
      close()
      shown = progress(terminal, { total, parallel })
    },
    doing: (id, what) => shown?.doing(typed(id), what),
    finished: (item) => shown?.finished(typed(item.id), endingOf(item), resultWords(item)),
    shown(waiting) {
      close()
      say(waitingText(waiting, terminal))
    },
    approved: (_, { name, email }) => say(`Approved by ${name} <${email}>.\n\n`),
    async ask({ id }) {
      const answer = await terminal.ask(`Approve ${typed(id)}? y/N `)
      if (answer === undefined) return 'nobody'
      return /^y(es)?$/i.test(answer.trim()) ? 'yes' : 'no'
    },
  }
}

/** A plan as `show` prints it, with how it differs from the one that was approved. */
function waitingText({ id, plan, model, differences }: Waiting, { color, width }: Terminal): string {
  const look = paint(color)
  const danger = model && isDangerous(model) ? ' ⚠' : ''
  return [
    `${look.bold(typed(id))}: ${countsText(plan.changes)}${danger}, ${look.dim(`digest ${shortDigest(plan.digest)}`)}`,
    ...(differences
      ? ['It would do something else than was approved:', ...differenceLines(differences, { width, paint: look })]
      : []),
    ...(model ? ['', renderTerminal(model, { width, paint: look })] : []),
    '',
    '',
  ].join('\n')
}
