const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * A signal that aborts when the process is told to end, which then ends when its work lets it: what Terraform is doing
 * comes to its end first. Telling it again changes nothing; `SIGKILL` is left to those in a hurry.
 */
export function stopSignal(from: NodeJS.Process): AbortSignal {
  const controller = new AbortController()
  for (const signal of signals) from.on(signal, () => controller.abort(signal))
  return controller.signal
}
