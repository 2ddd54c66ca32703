import { failure, processStep } from './runner.ts'
import type { Action } from './step.ts'

/**
 * Runs one action as the process that the runner started. The code of the verb is loaded after the first line is there.
 * @param load the verb's own code
 */
export async function main(verb: string, load: () => Promise<{ readonly action: Action }>): Promise<void> {
  // Which Node the SDK of AWS wants next year is the runner's affair, not that of whoever reads the log.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const write = (text: string) => void process.stdout.write(text)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort(signal))
  let code: number
  try {
    const step = processStep(process.env, process.cwd(), stop.signal, write)
    const { repository, run } = step.context
    step.log(`Airlock ${verb}: run ${run} of ${repository.owner}/${repository.name}, ${step.event.kind}`)
    code = await (await load()).action(step)
  } catch (error) {
    code = failure(error, write)
  }
  // Helpers of Git may still wait for questions: nothing more is asked.
  process.stdout.write('', () => process.exit(code))
}
