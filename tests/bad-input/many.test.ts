import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, house } from './house.ts'

let it: House
beforeAll(async () => {
  it = await house()
})
afterAll(() => it.dispose())

const broken = (index: number) => `stacks/orgs/broken${index}.yaml`
const imported = [4, 5, 6]

/** Ten broken manifests: of YAML, of imports, of sections, some of them only imported. */
const files: Readonly<Record<string, string>> = {
  [broken(0)]: 'vars: {stage: a\n',
  [broken(1)]: 'import: [catalog/nowhere]\nvars: {stage: b}\n',
  [broken(2)]: 'vars: {stage: c, stage: d}\n',
  [broken(3)]: 'vars: !nope x\n',
  ...Object.fromEntries(imported.map((index) => [`stacks/catalog/broken${index}.yaml`, 'a: [1,\nb: }\n'])),
  'stacks/orgs/all.yaml': `import: [${imported.map((index) => `catalog/broken${index}`).join(', ')}]\n`,
  [broken(7)]: 'import: catalog/vpc\n',
  [broken(8)]: 'import: [catalog/vpc, orgs/broken8]\n',
  [broken(9)]: 'vars:\n\tstage: a\n',
}

const places = [
  'stacks/catalog/broken4.yaml:2:4',
  'stacks/catalog/broken5.yaml:2:4',
  'stacks/catalog/broken6.yaml:2:4',
  'stacks/orgs/broken0.yaml:2:1',
  'stacks/orgs/broken1.yaml:1:10',
  'stacks/orgs/broken2.yaml:1:18',
  'stacks/orgs/broken3.yaml:1:7',
  'stacks/orgs/broken7.yaml:1:9',
  'stacks/orgs/broken8.yaml:1:23',
  'stacks/orgs/broken9.yaml:2:1',
]

test.each([[['validate', 'stacks']], [['describe', 'stacks']], [['status']], [['explain', 'vpc', '-s', 'dev']]])(
  'ten broken manifests are ten errors in the order of files: %j',
  async (words) => {
    await it.write(files)
    await it.commit('Break ten')
    try {
      const { code, err } = await it.airlock(words)
      expect([code, [...err.matchAll(/^Error: (\S+?:\d+:\d+): /gm)].map(([, at]) => at)]).toEqual([2, places])
      // Each with the line that it is about.
      expect(err.match(/\^/g)?.length).toBeGreaterThanOrEqual(9)
      const json = JSON.parse((await it.airlock([...words, '--json'])).out)
      expect([json.error.at.file, json.others.length]).toEqual(['stacks/catalog/broken4.yaml', 9])
    } finally {
      await it.git('reset', '-q', '--hard', 'HEAD~1')
    }
  },
)

test('mistakes in the sections of several manifests are told together', async () => {
  await it.write({
    'stacks/orgs/dev.yaml': 'import: [catalog/vpc]\nvars: {stage: dev}\ncomponents: {terraform: {vpc: {vars: [a]}}}\n',
    'stacks/orgs/prod.yaml': 'import: [catalog/vpc]\nvars: {stage: prod}\nsettings: 1\n',
  })
  await it.commit('Break two')
  const { code, err } = await it.airlock(['validate', 'stacks'])
  await it.git('reset', '-q', '--hard', 'HEAD~1')
  expect([code, [...err.matchAll(/^Error: (\S+?:\d+):\d+: /gm)].map(([, at]) => at)]).toEqual([
    2,
    ['stacks/orgs/dev.yaml:3', 'stacks/orgs/prod.yaml:3'],
  ])
})
