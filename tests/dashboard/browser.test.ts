import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { page } from '../../src/dashboard/page.ts'
import { payload } from '../../src/dashboard/payload.ts'
import { sampleFacts } from '../../src/dashboard/sample.testkit.ts'
import { axeSource, type Browser, type BrowserPage, type Look, launch, tools } from './browser.ts'

const missing = Object.entries(tools).flatMap(([name, path]) => (path === undefined ? [name] : []))
const looks: readonly Look[] = [375, 1440].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
)

describe.skipIf(missing.length > 0)(
  `in a browser${missing.length > 0 ? `: not here (${missing.join(', ')})` : ''}`,
  () => {
    let browser: Browser
    let folder: string
    let url: string
    const opened: BrowserPage[] = []

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'airlock-browser-'))
      await writeFile(join(folder, 'page.html'), page(payload(sampleFacts())))
      url = pathToFileURL(join(folder, 'page.html')).href
      browser = await launch()
    })
    afterAll(async () => {
      await browser?.close()
      await rm(folder, { recursive: true, force: true })
    })

    /** A page on which every error fails the test that opened it, and all that is asked of a network is noted. */
    async function open(look: Partial<Look> = {}, fragment = '') {
      const it = await browser.open({ width: 1440, colorScheme: 'light', ...look })
      const asked: string[] = []
      it.on('request', (request) => asked.push(request.url()))
      it.on('pageerror', (error) => {
        asked.push(`error: ${error.message}`)
      })
      await it.goto(url + fragment)
      opened.push(it)
      return { it, asked }
    }

    test.each(looks)('axe finds nothing at $width px, $colorScheme, with everything opened', async (look) => {
      const { it } = await open({ ...look, bypassCSP: true })
      await it.evaluate(`document.querySelectorAll('details').forEach((it) => { it.open = true })`)
      await it.evaluate(axeSource())
      const found = await it.evaluate<string[]>(
        `axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))`,
      )
      expect(found).toEqual([])
    })

    test.each(looks)(
      'nothing is wider than $width px, $colorScheme, opened or not, and nothing is asked of a network',
      async (look) => {
        const { it, asked } = await open(look)
        const wider = `document.documentElement.scrollWidth - innerWidth`
        expect(await it.evaluate<number>(wider)).toBeLessThanOrEqual(0)
        await it.evaluate(`document.querySelectorAll('details').forEach((it) => { it.open = true })`)
        expect(await it.evaluate<number>(wider)).toBeLessThanOrEqual(0)
        expect(asked).toEqual([url])
      },
    )

    test('the filter hides what does not match, says how many do, and is kept in the address', async () => {
      const { it } = await open()
      await it.evaluate(`document.getElementById('q').focus()`)
      await it.keyboard.type('vpc prod')
      const shown = `[...document.querySelectorAll('.inst')].filter((it) => !it.hidden).map((it) => it.querySelector('.body').id)`
      await it.evaluate(
        `new Promise((done) => { const look = () => (document.getElementById('found').textContent ? done() : requestAnimationFrame(look)); look() })`,
      )
      expect(await it.evaluate(shown)).toEqual(['i:vpc@plat-ue1-prod', 'i:vpc@plat-ue2-prod'])
      expect(await it.evaluate(`document.getElementById('found').textContent`)).toBe('2 of 10')
      expect(await it.evaluate(`location.hash`)).toBe('#?q=vpc+prod')
      const again = await open({}, '#?q=vpc+prod&s=failed')
      expect(await again.it.evaluate(shown)).toEqual(['i:vpc@plat-ue1-prod'])
      expect(await again.it.evaluate(`document.getElementById('q').value`)).toBe('vpc prod')
      const byCommit = await open({}, '#?q=c0ffee+vpc')
      expect(await byCommit.it.evaluate(shown)).toContain('i:vpc@plat-ue2-prod')
    })

    test('a link to an instance opens it, with its plan, and the focus goes there', async () => {
      const { it } = await open({}, '#i:vpc@plat-ue2-prod')
      expect(await it.evaluate(`document.activeElement.id`)).toBe('i:vpc@plat-ue2-prod')
      expect(await it.evaluate(`document.activeElement.closest('details').open`)).toBe(true)
      expect(await it.evaluate(`document.activeElement.innerText`)).toContain('as reviewers saw it')
    })

    test('one square is in the order of Tab; arrow keys go to its neighbours, and the line above says each', async () => {
      const { it } = await open()
      const at = () => it.evaluate<string>(`document.activeElement.getAttribute('aria-label')`)
      expect(await it.evaluate(`document.querySelectorAll('.sq[tabindex="0"]').length`)).toBe(1)
      await it.evaluate(`document.querySelector('.sq[tabindex="0"]').focus()`)
      const first = await at()
      await it.keyboard.press('ArrowRight')
      expect(await at()).not.toBe(first)
      expect(await it.evaluate(`document.getElementById('readout').textContent`)).toBe(await at())
      await it.keyboard.press('ArrowLeft')
      expect(await at()).toBe(first)
      await it.keyboard.press('ArrowDown')
      expect(await at()).not.toBe(first)
      await it.keyboard.press('Tab')
      expect(await it.evaluate(`document.activeElement.classList.contains('sq')`)).toBe(false)
    })

    test('the first Tab leads to a link past the header, and Tab comes through the whole page', async () => {
      const { it } = await open()
      await it.keyboard.press('Tab')
      expect(await it.evaluate(`document.activeElement.textContent`)).toBe('Skip to what needs a person')
      const seen = new Set<string>()
      for (let presses = 0; presses < 150; presses++) {
        await it.keyboard.press('Tab')
        const name = await it.evaluate<string>(
          `document.activeElement.tagName + document.activeElement.textContent.slice(0, 80)`,
        )
        if (name.startsWith('BODY')) break
        seen.add(name)
      }
      expect([...seen].filter((name) => name.startsWith('SUMMARY')).length).toBeGreaterThanOrEqual(10)
    })

    test('without its script everything is there: a link opens what it leads to, and no control stands idle', async () => {
      const { it } = await open({ javaScriptEnabled: false }, '#i:vpc@plat-ue2-prod')
      await it.close()
      const source = page(payload(sampleFacts()))
      expect(source).toContain('<form id="filter" role="search" hidden>')
      expect(source).not.toContain('<button')
    })
  },
)

test('it is told when a browser is not there', () => {
  if (missing.length > 0) console.warn(`tests/dashboard: skipped, without ${missing.join(', ')}`)
  expect(Object.keys(tools)).toEqual(['chromium', 'playwright', 'axe'])
})
