import type { Reason } from '../affected/reasons.ts'
import { place } from '../error.ts'
import type { CommentReason } from '../plan/render/input.ts'
import type { Plain } from '../stacks/value.ts'

/** A reason in words, with the place in the head where it is written; none for what is told in other words anyway. */
export function reasonWords(reason: Reason): CommentReason[] {
  switch (reason.kind) {
    case 'declared':
      return [{ text: 'it is new', at: reason.at }]
    case 'removed':
      return [{ text: `it stood in ${place(reason.was)} until then`, at: undefined }]
    case 'moved':
      return [{ text: `moved from ${reason.from}: it has the same state, nothing is destroyed`, at: reason.at }]
    case 'missing':
      return []
    case 'value':
    case 'config':
      return [{ text: `${reason.path.join('.')} ${short(reason.before)} → ${short(reason.after)}`, at: reason.at }]
    case 'file':
      return [{ text: `${reason.path} ${reason.change}`, at: undefined }]
    case 'workspace':
      return [{ text: `workspace ${reason.before} → ${reason.after}`, at: undefined }]
    case 'reads':
      return [{ text: `${reason.call.path.join('.')} reads ${reason.call.args}`, at: reason.call.at }]
  }
}

function short(value: Plain | undefined): string {
  if (value === undefined) return '(none)'
  const text =
    typeof value === 'string'
      ? value
      : JSON.stringify(value, (_, it: unknown) => (typeof it === 'bigint' ? String(it) : it))
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
