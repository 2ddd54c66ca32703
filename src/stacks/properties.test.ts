import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { memoryTree } from '../git/drivers/memory.ts'
import type { Ambient } from './ambient.ts'
import { describeStacks } from './describe.ts'
import { resolveStacks } from './instances.ts'
import { type ListStrategy, mergeLayers } from './merge.ts'
import { asValue, type MapValue, mapOf, type Plain, plain, type Value } from './value.ts'
import { parseManifest } from './yaml/manifest.ts'

const ambient: Ambient = { cwd: '', env: {}, gitRoot: '' }
const config = `base_path: .
components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["orgs/**/*"], name_pattern: "{stage}"}
templates: {settings: {enabled: true, sprig: {enabled: true}, gomplate: {enabled: true}}}
`

/** What work answers; undefined where it fails with an error that a person can act on. Anything else fails the test. */
function orError<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

const words = (...list: string[]) =>
  fc.array(fc.constantFrom(...list), { maxLength: 40 }).map((parts) => parts.join(''))
const yaml = words(
  'a',
  'b: ',
  '- ',
  '\n',
  '  ',
  '    ',
  ': ',
  '? ',
  '&x ',
  '*x',
  '<<: ',
  '!env ',
  '!append ',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ', ',
  '|',
  '>-\n',
  '# ',
  '---\n',
  '...',
  '%',
  '\t',
  '012',
  '1.5',
  '2024-01-01',
  'null',
  '~',
  '\\',
  '\u0000',
  'é',
  '\ud83d',
)
const template = words(
  '{{',
  '}}',
  '{{-',
  '-}}',
  ' ',
  '.vars',
  '.a',
  '$x',
  ' := ',
  ' | ',
  '"',
  '`',
  "'",
  '(',
  ')',
  'if ',
  'else ',
  'end',
  'range ',
  'with ',
  'define "x" ',
  'template "x" ',
  'block "x" ',
  'print ',
  'index ',
  'printf "%d" ',
  'toJson ',
  'quote',
  '1',
  '-2',
  '0x',
  '1e9',
  'nil',
  'true',
  'until 3',
  'dict "a" 1',
  'list 1 2',
  ': ',
  ' #',
  '\n',
  '/*',
  '*/',
  '\\',
)

describe('whatever comes in, there is an answer or an error for a person', () => {
  test('of the YAML reader', () => {
    fc.assert(
      fc.property(fc.oneof(yaml, fc.string({ unit: 'binary' })), (text) => {
        orError(() => parseManifest(text, 'a.yaml'))
      }),
      { numRuns: 200 },
    )
  })

  test('of stacks with such manifests, and such imports', () => {
    fc.assert(
      fc.property(yaml, yaml, (top, imported) => {
        const files = {
          'atmos.yaml': config,
          'stacks/orgs/dev.yaml': `import: [catalog/a]\nvars: {stage: dev}\n${top}`,
          'stacks/catalog/a.yaml': imported,
        }
        orError(() => describeStacks(resolveStacks(memoryTree(files), ambient), { late: 'text' }))
      }),
      { numRuns: 100 },
    )
  })

  test('of templates in manifests', () => {
    fc.assert(
      fc.property(template, template, fc.boolean(), (one, two, hasLocals) => {
        const text = (it: string) => JSON.stringify(it.replaceAll('\\', '/'))
        const files = {
          'atmos.yaml': config,
          'stacks/orgs/dev.yaml': `vars: {stage: dev, a: ${text(one)}, b: [${text(`{{ ${two} }}`)}]}
${hasLocals ? `locals: {l: ${text(two)}}\n` : ''}components: {terraform: {vpc: {}}}
`,
        }
        orError(() => describeStacks(resolveStacks(memoryTree(files), ambient), { late: 'text' }))
      }),
      { numRuns: 100 },
    )
  })
})

const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom('', 'x', '{{ y }}', '!env A'))
const key = fc.constantFrom('a', 'b', 'c', '__proto__', '1')
const { data } = fc.letrec<{ data: Plain; map: Plain }>((tie) => ({
  data: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('data'), { maxLength: 3 }), tie('map')),
  map: fc.dictionary(key, tie('data'), { maxKeys: 3 }),
}))
const map = fc
  .dictionary(key, data, { maxKeys: 4 })
  .map((it) => asValue(it as Plain, { file: 'a', line: 1, column: 1 }) as MapValue)
const strategy = fc.constantFrom<ListStrategy>('replace', 'append', 'merge')

describe('merging', () => {
  test('with nothing changes nothing', () => {
    fc.assert(
      fc.property(map, strategy, (one, how) => {
        const empty: MapValue = { ...one, entries: new Map() }
        for (const layers of [
          [one, empty],
          [empty, one],
          [undefined, one],
        ])
          expect(plain(mergeLayers(layers, how) ?? empty)).toEqual(plain(one))
      }),
    )
  })

  test('with itself changes nothing, unless lists append', () => {
    fc.assert(
      fc.property(map, fc.constantFrom<ListStrategy>('replace', 'merge'), (one, how) => {
        const copy = asValue(plain(one), one.at) as MapValue
        expect(plain(mergeLayers([one, copy], how) ?? one)).toEqual(plain(one))
      }),
    )
  })

  test('keeps what only one side has, and takes what the later says of what both have', () => {
    fc.assert(
      fc.property(map, map, (below, above) => {
        const result = mergeLayers([below, above], 'replace') ?? below
        const check = (a: MapValue, b: MapValue, found: MapValue) => {
          expect(new Set(found.entries.keys())).toEqual(new Set([...a.entries.keys(), ...b.entries.keys()]))
          for (const [name, value] of found.entries) {
            const [left, right] = [a.entries.get(name), b.entries.get(name)]
            if (left?.kind === 'map' && right?.kind === 'map') check(left, right, value as MapValue)
            else expect(plain(value)).toEqual(plain((right ?? left)!))
          }
        }
        check(below, above, result)
      }),
    )
  })

  test('is the same in one go and layer by layer', () => {
    fc.assert(
      fc.property(map, map, map, strategy, (one, two, three, how) => {
        const stepwise = mergeLayers([mergeLayers([one, two], how), three], how)
        expect(stepwise && plain(stepwise)).toEqual(plainOf(mergeLayers([one, two, three], how)))
      }),
    )
  })
})

function plainOf(value: Value | undefined): Plain | undefined {
  return value && plain(value)
}

/** A repository of a few manifests that import, inherit and render, all of whose texts say where they come from. */
const estate = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom('dev', 'prod', 'qa', 'sandbox'), { minLength: 1, maxLength: 3 }),
    vars: fc.array(fc.tuple(fc.constantFrom('cidr', 'zone', 'size', 'note'), fc.integer({ min: 0, max: 99 })), {
      maxLength: 5,
    }),
    isTemplate: fc.boolean(),
    inherits: fc.boolean(),
    locals: fc.boolean(),
  })
  .map(({ names, vars, isTemplate, inherits, locals }) => {
    const own = [...new Map(vars)]
    const lines = (from: string, indent: string) =>
      own
        .map(
          ([name, number]) =>
            `${indent}${name}: ${isTemplate ? `'{{ .vars.stage }}-${from}-${number}'` : `${from}-${number}`}\n`,
        )
        .join('')
    return {
      'atmos.yaml': config,
      'stacks/catalog/base.yaml': `components:\n  terraform:\n    base:\n      metadata: {type: abstract}\n      vars:\n        kept: base\n${lines('base', '        ')}`,
      'stacks/catalog/mixin.yaml': `vars:\n  mixed: in\n${lines('mixin', '  ')}`,
      ...Object.fromEntries(
        names.map((name, index) => [
          `stacks/orgs/${name}.yaml`,
          `import: [catalog/base, catalog/mixin]\n${locals ? 'locals: {l: 1}\n' : ''}vars:\n  stage: ${name}\n${index === 0 ? lines(name, '  ') : ''}components:\n  terraform:\n    vpc:\n      ${inherits ? 'metadata: {inherits: [base]}' : 'vars: {}'}\n`,
        ]),
      ),
    } satisfies Record<string, string>
  })

describe('resolving', () => {
  test('is a function of the tree alone: neither the order of files nor what was read before counts', () => {
    fc.assert(
      fc.property(estate, estate, fc.infiniteStream(fc.nat()), (files, others, random) => {
        const answer = (them: Readonly<Record<string, string>>, other?: ReturnType<typeof resolveStacks>) => {
          const stacks = resolveStacks(memoryTree(them), ambient, { other })
          return { stacks, said: JSON.stringify([describeStacks(stacks), [...stacks.inventory().keys()]]) }
        }
        const shuffled = Object.entries(files)
          .map((entry) => [random.next().value as number, entry] as const)
          .sort(([a], [b]) => a - b)
          .map(([, entry]) => entry)
        const first = answer(files)
        expect(answer(Object.fromEntries(shuffled)).said).toBe(first.said)
        expect(answer(files, answer(others).stacks).said).toBe(first.said)
        expect(answer(files, first.stacks).said).toBe(first.said)
      }),
      { numRuns: 15 },
    )
  })

  test('knows of every value a line that holds its key, and of every text a line that holds it or its template', () => {
    fc.assert(
      fc.property(estate, (files) => {
        const stacks = resolveStacks(memoryTree(files), ambient)
        for (const { sections, stack } of stacks.inventory().values())
          for (const [name, value] of mapOf(sections.entries.get('vars'))?.entries ?? []) {
            const line = files[value.at.file as keyof typeof files]?.split('\n')[value.at.line - 1] ?? ''
            const text = line.slice(value.at.column - 1)
            const written = String(plain(value)).replace(`${stack}-`, '')
            expect([line.includes(`${name}: `), text.includes(written)], `${name} = ${written}: ${line}`).toEqual([
              true,
              true,
            ])
          }
      }),
      { numRuns: 40 },
    )
  })
})
