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

/**
 * A theatre that shows its scenes on a terminal.
 * @param programme scenes that will be played: the estate of the next ones is made while those before are played
 */
export function theatre(terminal: Terminal, programme: readonly Scene[] = []): Theatre {
  const made = new Map<Estate, Promise<Made>>()
  const played = new Set<string>()
  const shown = new Set<Estate>()
  let last: Stage | undefined
  const estateOf = (estate: Estate): Promise<Made> => {
    const known = made.get(estate) ?? make(terminal, estate)
    made.set(estate, known)
    return known
  }
  const makeNext = (scene: Scene) => {
    const next = programme.slice(programme.indexOf(scene) + 1).find(({ on }) => !made.has(on))
    if (next) estateOf(next.on).catch(() => {}) // told when its first scene is played
  }
  return {
    async play(scene) {
      const { here, curtain } = await estateOf(scene.on)
      if (!shown.has(scene.on)) terminal.print(here.look.dim(introduction(scene.on, here)))
      else if (scene.on !== 'quickstart') here.restore()
      shown.add(scene.on)
      last = here
      makeNext(scene)
      curtain.drawn = true
      if (scene.on === 'quickstart')
        for (const earlier of scenes) {
          if (earlier === scene) break
          if (earlier.on !== scene.on || played.has(earlier.name)) continue
          played.add(earlier.name)
          await earlier.play(here)
        }
      curtain.drawn = false
      played.add(scene.name)
      await scene.play(here)
    },
    tryNext: () => last?.tryNext() ?? '',
    async close() {
      for (const it of made.values()) await it.then(({ here }) => here.close()).catch(() => {})
    },
  }
}

interface Made {
  readonly here: Stage
  /** While it is drawn the audience sees nothing. */
  readonly curtain: { drawn: boolean }
}

/** Makes an estate behind the curtain, and keeps what it is like. */
async function make(terminal: Terminal, estate: Estate): Promise<Made> {
  const curtain = { drawn: true }
  const shown: Terminal = {
    ...terminal,
    print: (text) => (curtain.drawn ? undefined : terminal.print(text)),
    note: (text) => (curtain.drawn ? undefined : terminal.note(text)),
    get progress() {
      return curtain.drawn ? 'none' : terminal.progress
    },
  }
  const here = await stage(shown, estate)
  if (estate === 'small') await applied(here)
  if (estate === 'plain') await plainTerraform(here)
  if (estate !== 'quickstart') here.keep()
  return { here, curtain }
}

function introduction(estate: Estate, { tool, repo }: Stage): string {
  return `  ${about[estate]}; real ${tool}; the repository is ${repo}`
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
