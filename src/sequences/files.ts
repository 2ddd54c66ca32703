import { type Position, UserError } from '../error.ts'
import { filesBelow, type Tree } from '../git/tree.ts'
import type { AtmosConfig } from '../stacks/config.ts'
import { belowRoot, extension, joinPath } from '../stacks/paths.ts'
import { closest } from '../words.ts'
import { parseWorkflow, parseWorkflows } from './parse.ts'
import type { Workflow, WorkflowFile } from './workflow.ts'

type Config = Pick<AtmosConfig, 'workflows'>

/**
 * The workflow file that a person or a step names: absolute, or relative to the folder of workflows, or else to `from`;
 * without extension it is a `.yaml` file.
 * @param from the folder that they stand in, relative to the root
 * @throws UserError `workflow-file-missing`
 */
export function workflowPath(tree: Tree, { workflows }: Config, named: string, from: string, at?: Position): string {
  const name = extension(named) === '' ? `${named}.yaml` : named
  const candidates = name.startsWith('/')
    ? [belowRoot(tree.root, name)]
    : [joinPath(workflows.folder, name), joinPath(from, name), joinPath(name)]
  const found = candidates.find((path) => path !== undefined && tree.files.has(path))
  if (found !== undefined) return found
  const there = workflowPaths(tree, { workflows }).map((path) => path.slice(workflows.folder.length + 1))
  const near = closest(name, there)
  throw new UserError({
    code: 'workflow-file-missing',
    message: `there is no workflow file ${name}, neither in ${workflows.folder || '.'} nor here`,
    fix: near
      ? `did you mean ${near}?`
      : there.length > 0
        ? `there are ${there.slice(0, 8).join(', ')}${there.length > 8 ? ', …' : ''}`
        : 'see workflows.base_path in atmos.yaml',
    ...(at && { at }),
    exit: 2,
  })
}

/** Every workflow file in the folder of workflows, in byte order. */
export function workflowPaths(tree: Tree, { workflows }: Config): string[] {
  return filesBelow(tree, workflows.folder)
    .map(({ path }) => path)
    .filter((path) => /\.ya?ml$/.test(path))
}

/** The workflow of a file, by name; without one, the only one of the file. @throws UserError `workflow-unknown`, `workflow-unnamed` */
export function workflowIn({ file, workflows }: WorkflowFile, name: string | undefined, at?: Position): Workflow {
  const names = [...workflows.keys()]
  if (name === undefined) {
    const [only, ...more] = workflows
    if (only !== undefined && more.length === 0) return parseWorkflow(...only, file)
    throw new UserError({
      code: 'workflow-unnamed',
      message: `${file} has ${names.length} workflows: ${names.join(', ')}`,
      fix: `say which: airlock run ${file} ${names[0] ?? 'WORKFLOW'}`,
      exit: 2,
    })
  }
  const found = workflows.get(name)
  if (found !== undefined) return parseWorkflow(name, found, file)
  const near = closest(name, names)
  throw new UserError({
    code: 'workflow-unknown',
    message: `${file} has no workflow ${name}`,
    fix: near ? `did you mean ${near}?` : `there are ${names.join(', ')}`,
    ...(at && { at }),
    exit: 2,
  })
}

/**
 * The workflow of a name in the folder of workflows. Files that cannot be read, or hold no workflows, are passed over.
 * @throws UserError `workflow-unknown`, `workflow-ambiguous`
 */
export function workflowNamed(tree: Tree, config: Config, name: string, at?: Position): Workflow {
  const found = workflowPaths(tree, config).flatMap((path) => {
    try {
      const value = parseWorkflows(tree.text(path) ?? '', path).workflows.get(name)
      return value === undefined ? [] : [{ file: path, value }]
    } catch (error) {
      if (error instanceof UserError) return []
      throw error
    }
  })
  const [first, ...more] = found
  if (first !== undefined && more.length === 0) return parseWorkflow(name, first.value, first.file)
  const about = { fix: 'name the file: -f FILE', ...(at && { at }), exit: 2 } as const
  if (first === undefined)
    throw new UserError({
      code: 'workflow-unknown',
      message: `no file in ${config.workflows.folder || '.'} has a workflow ${name}`,
      ...about,
    })
  throw new UserError({
    code: 'workflow-ambiguous',
    message: `workflow ${name} is in ${found.map(({ file }) => file).join(' and ')}`,
    ...about,
  })
}
