import type { Tree } from '../git/tree.ts'
import type { Instance } from '../stacks/instance.ts'
import { localModules, moduleFiles } from '../stacks/modules.ts'

/**
 * Inputs of a plan that a fingerprint cannot hold, in words, sorted: what a remote module or a provider is today, what a
 * data source finds, what the environment says. A plan with any of these is made again and compared before it is applied,
 * never replayed.
 */
export function uncertainInputs(tree: Tree, instance: Instance): string[] {
  const folders = [instance.folder, ...localModules(tree, instance.folder)]
  const files = folders.flatMap((folder) => moduleFiles(tree, folder))
  const isLocked = tree.files.has(`${instance.folder}/.terraform.lock.hcl`)
  const modules = files.flatMap(({ moduleCalls }) =>
    moduleCalls
      .filter(
        ({ source, version }) => source !== undefined && !/^\.\.?(\/|$)/.test(source) && !isPinned(source, version),
      )
      .map(({ name, source }) => `module ${name} floats: ${source} names no fixed version`),
  )
  const providers = isLocked
    ? []
    : files.flatMap(({ requiredProviders }) =>
        requiredProviders
          .filter(({ version }) => version === undefined || !isExact(version))
          .map(
            ({ name, version }) =>
              `provider ${name} has no lock file and ${version ? `may be any ${version}` : 'no version'}`,
          ),
      )
  const data = files.flatMap(({ dataSources }) => dataSources.map(({ name }) => `${name} is read when planning`))
  const environment = instance.late
    .filter(({ name }) => name === 'env' || name === 'exec')
    .map(({ name, args }) => `!${name} ${args.split(/\s/)[0]} comes from the environment`)
  return [...new Set([...modules, ...providers, ...data, ...environment])].sort()
}

/** A registry module at one version, or a Git source at a full commit id. */
function isPinned(source: string, version: string | undefined): boolean {
  if (version !== undefined) return isExact(version)
  return /[?&]ref=[0-9a-f]{40}(&|$)/.test(source)
}

function isExact(version: string): boolean {
  return /^\s*(=\s*)?v?\d+(\.\d+){1,2}([-+][\w.-]+)?\s*$/.test(version)
}
