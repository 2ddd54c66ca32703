const DOMAINS = 'com org net io dev co edu gov mil uk de fr jp cn au ca nl se no'.split(' ')
const HOSTS = ['github.com', 'gitlab.com', 'bitbucket.org']

/** Whether Atmos takes an import for something to download: a URL, a Git address, or a path whose first segment looks like a domain. */
export function isRemote(path: string): boolean {
  if (/^(?:\/|\.\/|\.\.\/)/.test(path)) return false
  return path.includes('://') || path.includes('::') || path.includes('//') || isGit(path) || startsWithDomain(path)
}

function isGit(path: string): boolean {
  if (/^(?:[\w.-]+@)?[\w.-]+\.[\w.-]+:[\w./-]+/.test(path)) return true
  const [host, ...rest] = path.toLowerCase().split('/')
  const below = `/${rest.join('/')}`
  return (
    HOSTS.some((known) => host === known || host!.endsWith(`.${known}`)) ||
    below.includes('.git') ||
    below.includes('/_git/')
  )
}

function startsWithDomain(path: string): boolean {
  const slash = path.indexOf('/')
  const host = (slash < 0 ? path : path.slice(0, slash)).toLowerCase()
  const dot = host.indexOf('.')
  if (dot <= 0 || dot === host.length - 1) return false
  const ending = host.slice(dot + 1)
  if (DOMAINS.some((domain) => ending === domain || ending.endsWith(`.${domain}`))) return true
  return ending.length >= 2 && !/^v?\d+(?:\.\d+)*$/.test(host) && slash > 0
}
