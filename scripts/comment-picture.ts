/**
 * Makes docs/images/comment.png: what `airlock plan --markdown` really printed, as GitHub shows it.
 *
 *   npx tsx scripts/comment-picture.ts             plays the change in a temporary folder (minutes), then draws
 *   npx tsx scripts/comment-picture.ts FILE.md     draws what is in the file
 *
 * Needs Chromium (apt install chromium fonts-noto-core fonts-liberation, or CHROMIUM=PATH); without it nothing is made.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { processTerminal } from '../src/cli/terminal.ts'
import { realComment } from './picture/demo.ts'
import { picturePage } from './picture/page.ts'

const target = fileURLToPath(new URL('../docs/images/comment.png', import.meta.url))
const width = 860
const chromium = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'].find((it) => it && runs(it))

if (chromium === undefined) console.error('Skipped: there is no Chromium here. Install it, or name it: CHROMIUM=PATH')
else await draw(chromium)

async function draw(browser: string): Promise<void> {
  const file = process.argv[2]
  const markdown = file
    ? readFileSync(file, 'utf8')
    : await realComment(processTerminal({ json: false, quiet: true, noColor: true }))
  const folder = mkdtempSync(join(tmpdir(), 'airlock-picture-'))
  try {
    const page = join(folder, 'comment.html')
    writeFileSync(page, picturePage(markdown))
    const ask = (...words: string[]) =>
      execFileSync(
        browser,
        [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--hide-scrollbars',
          `--user-data-dir=${folder}/profile`,
          ...words,
          pathToFileURL(page).href,
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      )
    const height = /data-height="(\d+)"/.exec(ask(`--window-size=${width},1000`, '--dump-dom'))?.[1]
    if (height === undefined) throw new Error(`${browser} did not tell how high the page is`)
    ask(`--window-size=${width},${height}`, '--force-device-scale-factor=1.3', `--screenshot=${target}`)
    console.log(`${target}: ${statSync(target).size} bytes`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runs(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
