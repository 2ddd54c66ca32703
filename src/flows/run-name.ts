/** Names a run on a laptop: when it began, and a part that tells it from others of the same moment. */
export function runName(nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace(/\..*/, 'Z')
  return `local-${stamp}-${crypto.randomUUID().slice(0, 8)}`
}
