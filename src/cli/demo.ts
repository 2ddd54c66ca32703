import { scenes } from '../testkit/demo/scenes.ts'
import { stage } from '../testkit/demo/stage.ts'
import type { Command } from './command.ts'
import { paint } from './style.ts'
import { duration } from './time.ts'

export const command: Command = {
  name: 'demo',
  summary: 'See a change go from a branch to applied, with real Git and Terraform',
  usage: 'airlock demo [--step] [--keep]',
  description:
    'Makes a Git repository in a temporary folder, with a cloud that is a folder too, and plays the main job on it with the\n' +
    'commands that you would run. Every plan and every refusal is made while you watch. Needs Git, and Terraform or OpenTofu;\n' +
    'no account, no network.',
  examples: [
    { command: 'airlock demo', does: 'the whole story, in under a minute' },
    { command: 'airlock demo --step', does: 'wait for Enter between the scenes' },
    { command: 'airlock demo --keep', does: 'keep the folder to try things yourself' },
  ],
  flags: [
    { name: 'step', type: 'boolean', help: 'Wait for Enter between the scenes' },
    { name: 'keep', type: 'boolean', help: 'Keep the folder, and say what to try in it' },
  ],
  positional: [],
  async run({ flags }, terminal) {
    const started = performance.now()
    const look = paint(terminal.color)
    const here = await stage(terminal)
    terminal.print(
      `${look.bold('Airlock: from a change to an applied, recorded plan')}\n` +
        `A real Git repository, real ${here.tool}, a cloud that is a folder. All of it is in ${here.folder}.`,
    )
    try {
      for (const [index, scene] of scenes.entries()) {
        terminal.print(`\n${look.bold(`${index}  ${scene.title}`)}`)
        const began = performance.now()
        await scene.play(here)
        terminal.print(look.dim(`  ${duration(performance.now() - began)}`))
        if (flags.step && index < scenes.length - 1) await terminal.ask('  Enter for the next scene')
      }
      terminal.print(`\n${look.bold('That is the main job.')} ${duration(performance.now() - started)} in all.`)
      if (flags.keep) terminal.print(here.tryNext())
    } finally {
      if (!flags.keep) await here.close()
    }
    return 0
  },
}
