import { entries } from './registry.ts'
import { run } from './run.ts'
import { exit, leaveQuietlyOnClosedPipe, processTerminal, watchInterrupts } from './terminal.ts'

leaveQuietlyOnClosedPipe()
watchInterrupts()
exit(await run(process.argv.slice(2), entries, processTerminal))
