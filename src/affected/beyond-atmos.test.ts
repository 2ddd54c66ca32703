import { expect, test } from 'vitest'
import { place } from '../error.ts'
import { memoryTree } from '../git/drivers/memory.ts'
import type { Instance } from '../stacks/instance.ts'
import { resolveStacks } from '../stacks/instances.ts'
import { affected, type Side } from './affected.ts'
import { affectedBetween } from './atmos/between.ts'
import type { Reason } from './reasons.ts'
import { subjects } from './subject.ts'

type Files = Readonly<Record<string, string | undefined>>

const atmos = `base_path: .
components: {terraform: {base_path: components}}
stacks:
  base_path: stacks
  included_paths: ["*.yaml"]
  name_pattern: "{stage}"
`
const stack = (component: string, more = '') =>
  `vars: {stage: dev}\ncomponents:\n  terraform:\n    vpc: {${component}}\n${more}`
const ambient = { cwd: '', env: {}, gitRoot: '' }
const filesOf = (changes: Files) => {
  const all = { 'atmos.yaml': atmos, 'components/vpc/main.tf': '# vpc', ...changes }
  return memoryTree(Object.fromEntries(Object.entries(all).filter((it): it is [string, string] => it[1] !== undefined)))
}

function side(changes: Files): Side {
  const tree = filesOf(changes)
  const stacks = resolveStacks(tree, ambient)
  const inventory = stacks.inventory()
  return { stacks, inventory, subjects: subjects(tree, inventory) }
}

const addressOf = ({ folder, workspace }: Instance) => `${folder}#${workspace}`

/** What a change comes to: kind and name, then a line a reason. */
function told(before: Files, after: Files): string[] {
  return affected(side(before), side({ ...before, ...after }), addressOf).flatMap(
    ({ kind, id, reasons, besides = [] }) => [
      `${kind} ${id}`,
      ...[...reasons, ...besides].map((it) => `  ${words(it)}`),
    ],
  )
}

function words(reason: Reason): string {
  const at = 'at' in reason && reason.at ? ` ${place(reason.at)}` : ''
  const was = 'was' in reason && reason.was ? ` (was ${place(reason.was)})` : ''
  switch (reason.kind) {
    case 'value':
    case 'config':
      return `${reason.path.join('.')}: ${JSON.stringify(reason.before)} → ${JSON.stringify(reason.after)}${at}${was}`
    case 'file':
      return `${reason.path} ${reason.change} as ${reason.role}${reason.now ? `, now ${reason.now}` : ''}${at}${was}`
    default:
      return `${reason.kind}${at}${was}`
  }
}

/** Whether `describe affected` says anything of the change. */
function listedByAtmos(before: Files, after: Files): boolean {
  const [base, head] = [filesOf(before), filesOf({ ...before, ...after })]
  const flags = {
    ...{ processTemplates: true, processFunctions: true, skip: [], includeSettings: false },
    ...{ excludeLocked: false, includeDependents: false, includeSpaceliftAdminStacks: false },
  }
  return affectedBetween({ work: head, head, base }, ambient, flags).length > 0
}

interface Case {
  readonly before: Files
  readonly after: Files
  readonly told: readonly string[]
  /** True where Atmos lists it as well, if for less. */
  readonly listed?: boolean
}

const cases: Readonly<Record<string, Case>> = {
  'dependencies that were removed': {
    before: { 'stacks/dev.yaml': stack('dependencies: {components: [{component: db}]}', '    db: {vars: {a: 1}}\n') },
    after: { 'stacks/dev.yaml': stack('vars: {}', '    db: {vars: {a: 1}}\n') },
    told: [
      'passive vpc@dev',
      '  dependencies: {"components":[{"component":"db"}]} → undefined (was stacks/dev.yaml:4:25)',
    ],
  },
  'another component:': {
    before: { 'stacks/dev.yaml': stack('component: one', '    one: {}\n    two: {}\n') },
    after: { 'stacks/dev.yaml': stack('component: two', '    one: {}\n    two: {}\n') },
    told: ['passive vpc@dev', '  component: "one" → "two" stacks/dev.yaml:4:22 (was stacks/dev.yaml:4:22)'],
  },
  'another component: of the same content': {
    before: {
      'stacks/dev.yaml': stack(
        'component: one',
        '    one: {metadata: {type: abstract}}\n    two: {metadata: {type: abstract}}\n',
      ),
      'components/one/main.tf': '# same',
      'components/two/main.tf': '# same',
    },
    after: {
      'stacks/dev.yaml': stack(
        'component: two',
        '    one: {metadata: {type: abstract}}\n    two: {metadata: {type: abstract}}\n',
      ),
    },
    told: ['update vpc@dev', '  component: "one" → "two" stacks/dev.yaml:4:22 (was stacks/dev.yaml:4:22)'],
  },
  'another metadata.component': {
    before: {
      'stacks/dev.yaml': stack('metadata: {component: one}'),
      'components/one/main.tf': '# one',
      'components/two/main.tf': '# two',
    },
    after: { 'stacks/dev.yaml': stack('metadata: {component: two}') },
    told: [
      'update vpc@dev',
      '  metadata.component: "one" → "two" stacks/dev.yaml:4:33 (was stacks/dev.yaml:4:33)',
      '  components/two/main.tf modified as component',
    ],
    listed: true,
  },
  'a hook': {
    before: { 'stacks/dev.yaml': stack('hooks: {h: {events: [after-terraform-apply], command: store}}') },
    after: { 'stacks/dev.yaml': stack('hooks: {h: {events: [after-terraform-apply], command: other}}') },
    told: ['passive vpc@dev', '  hooks.h.command: "store" → "other" stacks/dev.yaml:4:65 (was stacks/dev.yaml:4:65)'],
  },
  'an instance that becomes disabled': {
    before: { 'stacks/dev.yaml': stack('metadata: {enabled: true}') },
    after: { 'stacks/dev.yaml': stack('metadata: {enabled: false}') },
    told: [
      'absent vpc@dev',
      '  missing (was stacks/dev.yaml:4:5)',
      '  metadata.enabled: true → false stacks/dev.yaml:4:31 (was stacks/dev.yaml:4:31)',
    ],
  },
  'an instance that becomes abstract': {
    before: { 'stacks/dev.yaml': stack('vars: {}') },
    after: { 'stacks/dev.yaml': stack('metadata: {type: abstract}') },
    told: [
      'absent vpc@dev',
      '  missing (was stacks/dev.yaml:4:5)',
      '  metadata.type: undefined → "abstract" stacks/dev.yaml:4:28',
    ],
  },
  'an instance that is no longer disabled': {
    before: { 'stacks/dev.yaml': stack('metadata: {enabled: false}') },
    after: { 'stacks/dev.yaml': stack('vars: {}') },
    told: ['create vpc@dev', '  metadata.enabled: false → undefined (was stacks/dev.yaml:4:31)'],
    listed: true,
  },
  'an instance that is no longer abstract': {
    before: { 'stacks/dev.yaml': stack('metadata: {type: abstract}') },
    after: { 'stacks/dev.yaml': stack('metadata: {type: real}') },
    told: ['create vpc@dev', '  metadata.type: "abstract" → "real" stacks/dev.yaml:4:28 (was stacks/dev.yaml:4:28)'],
    listed: true,
  },
  'a file dependency that was renamed': {
    before: { 'stacks/dev.yaml': stack('dependencies: {files: [data/a.txt]}'), 'data/a.txt': 'one\ntwo\nthree\n' },
    after: { 'data/a.txt': undefined, 'data/b.txt': 'one\ntwo\nthree\n' },
    told: ['update vpc@dev', '  data/a.txt deleted as watched, now data/b.txt (was stacks/dev.yaml:4:34)'],
  },
  'a file dependency of the older form': {
    before: { 'stacks/dev.yaml': stack('settings: {depends_on: {1: {file: data/a.txt}}}'), 'data/a.txt': 'one\n' },
    after: { 'data/a.txt': undefined, 'data/b.txt': 'one\n' },
    told: ['update vpc@dev', '  data/a.txt deleted as watched, now data/b.txt (was stacks/dev.yaml:4:45)'],
  },
  'a move out of a folder': {
    before: {
      'stacks/dev.yaml': stack('dependencies: {components: [{kind: folder, path: data/in}]}'),
      'data/in/a.txt': 'one\ntwo\nthree\n',
    },
    after: { 'data/in/a.txt': undefined, 'data/out/a.txt': 'one\ntwo\nthree\n' },
    told: ['update vpc@dev', '  data/in/a.txt deleted as watched, now data/out/a.txt (was stacks/dev.yaml:4:60)'],
  },
  'a binary file': {
    before: { 'stacks/dev.yaml': stack('vars: {}'), 'components/vpc/code.zip': 'PK\0one' },
    after: { 'components/vpc/code.zip': 'PK\0two' },
    told: ['update vpc@dev', '  components/vpc/code.zip modified as component'],
  },
  'a shared module outside of the components folder': {
    before: {
      'stacks/dev.yaml': stack('vars: {}'),
      'components/vpc/main.tf': 'module "net" {\n  source = "../../modules/net"\n}\n',
      'modules/net/main.tf': '# one',
    },
    after: { 'modules/net/main.tf': '# two' },
    told: [
      'update vpc@dev',
      '  modules/net/main.tf modified as module components/vpc/main.tf:1:1 (was components/vpc/main.tf:1:1)',
    ],
  },
  'a module of a module': {
    before: {
      'stacks/dev.yaml': stack('vars: {}'),
      'components/vpc/main.tf': 'module "net" {\n  source = "../modules/net"\n}\n',
      'components/modules/net/main.tf': 'module "deep" {\n  source = "../deep"\n}\n',
      'components/modules/deep/main.tf': '# one',
    },
    after: { 'components/modules/deep/main.tf': '# two' },
    told: [
      'update vpc@dev',
      '  components/modules/deep/main.tf modified as module components/modules/net/main.tf:1:1 (was components/modules/net/main.tf:1:1)',
    ],
  },
  'a template that the code reads': {
    before: {
      'stacks/dev.yaml': stack('vars: {}'),
      'components/vpc/main.tf': 'locals {\n  text = templatefile("${path.module}/../../templates/a.tftpl", {})\n}\n',
      'templates/a.tftpl': 'one',
    },
    after: { 'templates/a.tftpl': 'two' },
    told: [
      'update vpc@dev',
      '  templates/a.tftpl modified as literal components/vpc/main.tf:2:10 (was components/vpc/main.tf:2:10)',
    ],
  },
  'names of stacks in atmos.yaml': {
    before: { 'stacks/dev.yaml': stack('vars: {environment: ue2}') },
    after: { 'atmos.yaml': atmos.replace('{stage}', '{environment}') },
    told: [
      'absent vpc@dev',
      '  missing (was stacks/dev.yaml:4:5)',
      '  stacks.name_pattern: "{stage}" → "{environment}" atmos.yaml:6:17 (was atmos.yaml:6:17)',
      'create vpc@ue2',
      '  declared stacks/dev.yaml:4:5',
      '  stacks.name_pattern: "{stage}" → "{environment}" atmos.yaml:6:17 (was atmos.yaml:6:17)',
    ],
  },
  'globs in atmos.yaml that take in less': {
    before: { 'stacks/dev.yaml': stack('vars: {}'), 'stacks/other.yaml': 'vars: {stage: other}\n' },
    after: { 'atmos.yaml': atmos.replace('*.yaml', 'other.yaml') },
    told: [
      'absent vpc@dev',
      '  missing (was stacks/dev.yaml:4:5)',
      '  stacks.included_paths.0: "*.yaml" → "other.yaml" atmos.yaml:5:20 (was atmos.yaml:5:20)',
    ],
  },
  'globs in atmos.yaml that take in more': {
    before: {
      'atmos.yaml': atmos.replace('*.yaml', 'other.yaml'),
      'stacks/dev.yaml': stack('vars: {}'),
      'stacks/other.yaml': 'vars: {stage: other}\n',
    },
    after: { 'atmos.yaml': atmos },
    told: [
      'create vpc@dev',
      '  declared stacks/dev.yaml:4:5',
      '  stacks.included_paths.0: "other.yaml" → "*.yaml" atmos.yaml:5:20 (was atmos.yaml:5:20)',
    ],
  },
  'the folder of components in atmos.yaml': {
    before: { 'stacks/dev.yaml': stack('vars: {}'), 'modules/vpc/main.tf': '# vpc' },
    after: { 'atmos.yaml': atmos.replace('base_path: components', 'base_path: modules') },
    told: [
      'update vpc@dev',
      '  components.terraform.base_path: "components" → "modules" atmos.yaml:2:37 (was atmos.yaml:2:37)',
    ],
  },
  'the command in atmos.yaml': {
    before: { 'stacks/dev.yaml': stack('vars: {}') },
    after: { 'atmos.yaml': atmos.replace('base_path: components', 'base_path: components, command: tofu') },
    told: ['update vpc@dev', '  components.terraform.command: undefined → "tofu" atmos.yaml:2:58'],
  },
}

test.each(Object.entries(cases))('%s', (_, { before, after, told: expected, listed = false }) => {
  expect({ told: told(before, after), listed: listedByAtmos(before, after) }).toEqual({ told: expected, listed })
})
