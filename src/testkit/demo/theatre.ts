import type { Terminal } from '../../cli/command.ts'
import { UserError } from '../../error.ts'
import { closest } from '../../words.ts'
import { plainTerraform } from './plain-terraform.ts'
import type { Estate, Scene } from './scene.ts'
import { scenes } from './scenes.ts'
import { type Stage, stage } from './stage.ts'

/** Plays scenes, each on its estate. */
export interface Theatre {
  /** Plays a scene; what it goes on from is played first, unseen, where that was not played before. */
  play(scene: Scene): Promise<void>
  /** What to try in the folders, and how; they must not be closed then. */
  tryNext(): string
  close(): Promise<void>
}

/** The scene of a name. @throws UserError `scene-unknown` */
export function sceneNamed(name: string): Scene {
  const found = scenes.find((scene) => scene.name === name)
  if (found) return found
  const near = closest(
    name,
    scenes.map((scene) => scene.name),
  )
  throw new UserError({
    code: 'scene-unknown',
    message: `the demo has no scene ${name}`,
    fix: near ? `did you mean ${near}?` : `scenes: ${scenes.map((scene) => scene.name).join(', ')}`,
    exit: 2,
  })
}

export function theatre(terminal: Terminal): Theatre {
  let hidden = false
  const shown: Terminal = { ...terminal, print: (text) => (hidden ? undefined : terminal.print(text)) }
  const stages = new Map<Estate, Stage>()
  const played = new Set<string>()
  let last: Stage | undefined
  const unseen = async (work: () => Promise<void>) => {
    hidden = true
    try {
      await work()
    } finally {
      hidden = false
    }
  }
  const open = async (estate: Estate): Promise<Stage> => {
    const known = stages.get(estate)
    if (known) {
      if (estate !== 'quickstart') await known.restore()
      return known
    }
    const fresh = await stage(shown, estate)
    stages.set(estate, fresh)
    const { look, repo, tool } = fresh
    shown.print(look.dim(`  ${about[estate]}; real ${tool}; the repository is ${repo}`))
    if (estate === 'small') await unseen(() => applied(fresh))
    if (estate === 'plain') await plainTerraform(fresh)
    if (estate !== 'quickstart') await fresh.keep()
    return fresh
  }
  return {
    async play(scene) {
      const here = await open(scene.on)
      last = here
      if (scene.on === 'quickstart')
        for (const earlier of scenes) {
          if (earlier === scene) break
          if (earlier.on === scene.on && !played.has(earlier.name)) {
            played.add(earlier.name)
            await unseen(() => earlier.play(here))
          }
        }
      played.add(scene.name)
      await scene.play(here)
    },
    tryNext: () => last?.tryNext() ?? '',
    async close() {
      for (const it of stages.values()) await it.close()
    },
  }
}

const about: Readonly<Record<Estate, string>> = {
  quickstart: 'An estate of 18 instances, nothing applied yet',
  small: 'An estate of 6 instances, all applied: each of the next scenes begins with it',
  plain: 'An estate of 60 instances, applied by plain Terraform',
}

/** Plans, approves and applies all of an estate. */
async function applied({ quietly }: Stage): Promise<void> {
  await quietly(['plan'], 0)
  await quietly(['approve', '--all'], 0)
  await quietly(['apply'], 0)
}
