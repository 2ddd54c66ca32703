import { describe, expect, test } from 'vitest'
import type { Dashboard } from './dashboard.ts'
import { elements, type Node, readPage, textOf } from './page.testkit.ts'
import { page, pageMark } from './page.ts'
import { payload } from './payload.ts'
import { sampleFacts } from './sample.testkit.ts'

const sample = payload(sampleFacts())
const nothing = payload({ ...sampleFacts(), instances: [], pulls: [], problems: [], baseline: undefined, total: 0 })
const source = page(sample)
const read = readPage(source)
const all = elements(read)
const attributes = (node: Node, name: string) => node.attributes.get(name)

describe('a page of everything', () => {
  test('begins with the mark by which it is known again', () => {
    expect(source.slice(0, 1024)).toContain(pageMark)
  })

  test('has no id twice, and every link and label leads to something on it', () => {
    const ids = all.flatMap((it) => attributes(it, 'id') ?? [])
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    const targets = all.flatMap((it) => {
      const named = [attributes(it, 'for'), ...(attributes(it, 'aria-labelledby') ?? '').split(' ')]
      return [attributes(it, 'href')?.replace(/^#/, ''), ...named].filter((id) => id !== undefined && id !== '')
    })
    expect(targets.length).toBeGreaterThan(30)
    expect(targets.filter((id) => !ids.includes(id!))).toEqual([])
  })

  test('has one first heading, and no heading leaves out a level', () => {
    const levels = all.flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []))
    expect(levels.filter((level) => level === 1)).toEqual([1])
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([])
  })

  test('asks nothing of any network, and forbids it', () => {
    const named = all.flatMap(({ attributes: its }) =>
      [...its].filter(([name]) => /^(src|href|action|data|srcset)$/.test(name)),
    )
    expect(named.filter(([, value]) => !value.startsWith('#'))).toEqual([])
    const [style, script] = ['style', 'script'].map((name) => elements(read, name).map(textOf).join('\n'))
    expect(style).not.toMatch(/url\(|@import|@font-face/)
    expect(script).not.toMatch(
      /fetch\(|XMLHttpRequest|WebSocket|EventSource|import\(|sendBeacon|new Image|eval\(|Function\(|innerHTML/,
    )
    expect(all.flatMap(({ attributes: its }) => [...its.keys()]).filter((it) => /^(on\w+|style)$/.test(it))).toEqual([])
    const csp = attributes(elements(read, 'meta').find((it) => it.attributes.get('http-equiv'))!, 'content')!
    expect(csp).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+='; script-src 'sha256-[\w+/]+=';/)
    expect(csp).not.toMatch(/unsafe|http|data:/)
  })

  test('has tables with captions, and cells that name their row and column', () => {
    const tables = elements(read, 'table')
    expect(tables.length).toBeGreaterThan(8)
    for (const table of tables) {
      expect(elements(table, 'caption').map(textOf).join('')).not.toBe('')
      expect(
        elements(table, 'th')
          .filter((it) => !attributes(it, 'scope'))
          .map(textOf),
      ).toEqual([])
      const columns = elements(elements(table, 'thead')[0]!, 'th').length
      for (const row of elements(table, 'tr')) {
        const cells = row.children.filter((it): it is Node => typeof it !== 'string')
        expect(cells.reduce((sum, it) => sum + Number(attributes(it, 'colspan') ?? 1), 0)).toBe(columns)
      }
    }
  })

  test('says every sign in words as well', () => {
    for (const svg of elements(read, 'svg')) expect(attributes(svg, 'aria-hidden')).toBe('true')
    const squares = all.filter((it) => attributes(it, 'class')?.startsWith('sq '))
    expect(squares.map((it) => attributes(it, 'aria-label'))).toContain('cluster in plat-ue1-prod: was changed outside')
    expect(squares.length).toBe(sample.instances.length)
  })

  test('shows of a plan what reviewers saw: attributes before and after, what is sensitive by that word', () => {
    const part = all.find((it) => attributes(it, 'id') === 'i:vpc@plat-ue2-prod')!
    const text = textOf(part)
    expect(text).toContain('as reviewers saw it: open, digest 7c0e 51d2')
    expect(text).toMatch(/will be changed in place/)
    expect(text).toMatch(/sensitive, changed/)
  })

  test('tells what could not be read, and what the gate says of open changes', () => {
    expect(textOf(read)).toContain('the record events/x/1.json cannot be read: it is empty')
    expect(textOf(read)).toContain('blocked: waits: vpc is in flight')
  })
})

test('what anybody wrote is text: no markup of a name or subject becomes markup of the page', () => {
  const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'\u202e</script><!--`
  const hostile = JSON.parse(JSON.stringify(sample), (key, value: unknown) =>
    typeof value === 'string' && !['kind', 'standing', 'gate', 'does'].includes(key) ? `${value}${evil}` : value,
  ) as Dashboard
  const made = page(hostile)
  const parsed = readPage(made)
  expect(elements(parsed, 'script').length).toBe(2)
  expect(elements(parsed, 'img')).toEqual([])
  expect(['\u202e', '<!--'].filter((it) => made.includes(it))).toEqual([])
  const data = elements(parsed, 'script').find((it) => it.attributes.get('type') === 'application/json')!
  expect((JSON.parse(data.children.join('')) as Dashboard).repository).toBe(`${sample.repository}${evil}`)
})

test('an estate of which nothing is known is a page too', () => {
  const text = textOf(readPage(page(nothing)))
  expect(text).toContain('Nothing needs a person')
  expect(text).toContain('There are no instances.')
  expect(text).toContain('Nothing was applied yet.')
})

test('names that are no ids of HTML get ids all the same, each its own', () => {
  const named = (...ids: string[]) => ({
    ...sample,
    needs: [],
    history: [],
    pulls: [],
    instances: ids.map((id) => ({ ...sample.instances[0]!, id: id as 'a@b', component: id, stack: 's' })),
  })
  const ids = elements(readPage(page(named('a b@s', 'a~20~b@s', 'ä@s', '"@s', 'a/b@s')))).flatMap(
    (it) => it.attributes.get('id') ?? [],
  )
  const ours = ids.filter((id) => id.startsWith('i:'))
  expect(new Set(ours).size).toBe(5)
  expect(ours.filter((id) => !/^[\w:~@./-]+$/.test(id))).toEqual([])
})

const bare = { plans: [], approvals: [], attempts: [], events: [] }

test('an estate of many stacks with few components each is drawn as lines of squares', () => {
  const instances = Array.from({ length: 900 }, (_, at) => {
    const [component, stack] = [`c${at % 60}`, `s${at % 90}-${Math.floor(at / 300)}`]
    return { ...sample.instances[0]!, ...bare, id: `${component}@${stack}` as const, component, stack }
  })
  const many = readPage(page({ ...sample, instances: [...new Map(instances.map((it) => [it.id, it])).values()] }))
  const grid = elements(many, 'table').find((it) => it.attributes.get('class')?.startsWith('grid'))!
  expect(grid.attributes.get('class')).toBe('grid lines')
  expect(elements(grid, 'a').length).toBe(new Set(instances.map(({ id }) => id)).size)
})

test('of an estate of thousands those that need a person are told in full, the others in a line, and none is left out', () => {
  const quiet = Array.from({ length: 300 }, (_, at) => ({
    ...sample.instances[0]!,
    ...bare,
    id: `quiet${at}@s` as const,
    component: `quiet${at}`,
    stack: 's',
  }))
  const instances = [...quiet, ...sample.instances]
  const made = readPage(page({ ...sample, instances }))
  const ids = (name: string) =>
    elements(made, name)
      .flatMap((it) => it.attributes.get('id') ?? [])
      .filter((id) => id.startsWith('i:'))
  expect(ids('div').length).toBe(200)
  expect(ids('li').length).toBe(instances.length - 200)
  const needing = sample.instances.filter(({ next }) => next.length > 0)
  expect(needing.filter(({ id }) => !ids('div').includes(`i:${id.replace(' ', '~20~')}`))).toEqual([])
})

test('more needs than a screen holds are folded up, none is left out', () => {
  const need = sample.needs[0]!
  const made = readPage(page({ ...sample, needs: Array.from({ length: 70 }, () => need) }))
  expect(
    elements(made, 'ol')
      .filter((it) => it.attributes.get('class') === 'needs')
      .map((it) => elements(it, 'li').length),
  ).toEqual([40, 30])
})
