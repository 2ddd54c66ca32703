import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** As much of a browser's page as these tests use. */
export interface BrowserPage {
  goto(url: string): Promise<unknown>
  evaluate<T>(work: string): Promise<T>
  on(event: 'request', then: (request: { url(): string }) => void): void
  on(event: 'pageerror', then: (error: Error) => void): void
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> }
  close(): Promise<void>
}

/** How a page is opened. */
export interface Look {
  readonly width: number
  readonly colorScheme: 'light' | 'dark'
  readonly javaScriptEnabled?: boolean
  /** For axe, which is put into the page. */
  readonly bypassCSP?: boolean
}

export interface Browser {
  open(look: Look): Promise<BrowserPage>
  close(): Promise<void>
}

interface Playwright {
  readonly chromium: {
    launch(options: object): Promise<{ newPage(options: object): Promise<BrowserPage>; close(): Promise<void> }>
  }
}

/** What the tests need beside this repository: Chromium, and two packages from wherever Node finds them (NODE_PATH). */
export const tools = {
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  ),
  playwright: found('playwright-core'),
  axe: found('axe-core'),
}

/** The source of axe, to be put into a page. */
export function axeSource(): string {
  return readFileSync(tools.axe!, 'utf8')
}

export async function launch(): Promise<Browser> {
  const { chromium } = createRequire(import.meta.url)(tools.playwright!) as Playwright
  const browser = await chromium.launch({ executablePath: tools.chromium, args: ['--no-sandbox'] })
  return {
    open: ({ width, ...look }) => browser.newPage({ ...look, viewport: { width, height: 900 } }),
    close: () => browser.close(),
  }
}

function found(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(name)
  } catch {
    return undefined
  }
}
