const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A moment as people read it, relative and absolute: `12 min ago, 10:04 UTC`, `2 days ago, 22 Nov 10:04 UTC`. */
export function ago(thenMs: number, nowMs: number): string {
  return `${since(nowMs - thenMs)}, ${clock(thenMs, nowMs)}`
}

/** `10:04 UTC`; with the date when that is not today, and the year when that is not this one. */
export function clock(thenMs: number, nowMs: number): string {
  const then = new Date(thenMs)
  const now = new Date(nowMs)
  const time = `${two(then.getUTCHours())}:${two(then.getUTCMinutes())} UTC`
  if (Math.floor(thenMs / dayMs) === Math.floor(nowMs / dayMs)) return time
  const year = then.getUTCFullYear() === now.getUTCFullYear() ? '' : ` ${then.getUTCFullYear()}`
  return `${then.getUTCDate()} ${months[then.getUTCMonth()]}${year} ${time}`
}

/** How long something took: `0.21 s`, `2.1 s`, `1 min 4 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 995) return `${(ms / 1000).toFixed(2)} s`
  if (ms < minuteMs - 50) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.floor(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A running clock: `0:03`, `1:02:03`. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

function since(ms: number): string {
  if (ms < -minuteMs) return 'later than now'
  if (ms < minuteMs) return 'just now'
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min ago`
  if (ms < dayMs) return `${Math.floor(ms / hourMs)} h ago`
  const days = Math.floor(ms / dayMs)
  return days === 1 ? '1 day ago' : `${days} days ago`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
