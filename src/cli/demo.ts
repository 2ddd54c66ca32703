import { scenes } from '../testkit/demo/scenes.ts'
import { sceneNamed, theatre } from '../testkit/demo/theatre.ts'
import { duration } from '../time.ts'
import type { Command } from './command.ts'
import { paint } from './style.ts'

export const command: Command = {
  name: 'demo',
  summary: 'See a change go from a branch to applied, with real Git and Terraform',
  usage: 'airlock demo [--scene NAME] [--step] [--keep]',
  description:
    'Makes a Git repository in a temporary folder, with a cloud that is a folder too, and plays the main job on it with the\n' +
    'commands that you would run. Every plan and every refusal is made while you watch. Needs Git, and Terraform or OpenTofu;\n' +
    'no account, no network.',
  examples: [
    { command: 'airlock demo', does: 'the whole story, in under two minutes' },
    { command: 'airlock demo --scene killed', does: 'one scene, with what it needs' },
    { command: 'airlock demo --step', does: 'wait for Enter between the scenes' },
    { command: 'airlock demo --keep', does: 'keep the folder to try things yourself' },
  ],
  flags: [
    {
      name: 'scene',
      type: 'string',
      value: 'NAME',
      help: `Play one scene: ${scenes.map(({ name }) => name).join(', ')}`,
    },
    { name: 'step', type: 'boolean', help: 'Wait for Enter between the scenes' },
    { name: 'keep', type: 'boolean', help: 'Keep the folder, and say what to try in it' },
  ],
  positional: [],
  async run({ flags }, terminal) {
    const started = performance.now()
    const look = paint(terminal.color)
    const { scene: only } = flags as { scene?: string }
    const chosen = only === undefined ? scenes : [sceneNamed(only)]
    const house = theatre(terminal, chosen)
    terminal.print(
      `${look.bold('Airlock: from a change to an applied, recorded plan, and what goes wrong on the way')}\n` +
        'Real Git repositories, real Terraform, a cloud that is a folder; all of it in temporary folders.',
    )
    try {
      for (const [index, scene] of chosen.entries()) {
        terminal.print(`\n${look.bold(`${scenes.indexOf(scene)}  ${scene.title}`)} ${look.dim(`(${scene.name})`)}`)
        const began = performance.now()
        await house.play(scene)
        terminal.print(look.dim(`  ${duration(performance.now() - began)}`))
        if (flags.step && index < chosen.length - 1) await terminal.ask('  Enter for the next scene')
      }
      terminal.print(`\n${look.bold('That is the story.')} ${duration(performance.now() - started)} in all.`)
      if (flags.keep) terminal.print(house.tryNext())
    } finally {
      if (!flags.keep) await house.close()
    }
    return 0
  },
}
