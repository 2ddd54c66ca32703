import { expect, test } from 'vitest'
import { commentCommand } from './comment-command.ts'

const command = (body: string) => {
  const parsed = commentCommand(body)
  if (parsed.kind !== 'command') throw new Error(JSON.stringify(parsed))
  return parsed.command
}
const why = (body: string) => {
  const parsed = commentCommand(body)
  return parsed.kind === 'wrong' ? `${parsed.why} (${parsed.usage})` : parsed.kind
}

test('only the first line counts', () => {
  expect(command('/airlock approve 7c0e51d2\n/airlock unlock vpc -s prod because')).toEqual({
    kind: 'approve',
    digest: '7c0e51d2',
    destroy: undefined,
  })
  expect(commentCommand('looks good\n/airlock apply').kind).toBe('none')
  expect(commentCommand('/airlocked apply').kind).toBe('none')
})

test('a digest may be written as the comment shows it', () => {
  const digest = '7c0e51d2'
  for (const written of ['7c0e51d2', '7c0e 51d2', 'pd1:7C0E51D2'])
    expect(command(`/airlock approve ${written}`)).toMatchObject({ digest })
})

test('an approval names a digest long enough to mean one plan, and the removals by their number', () => {
  expect(why('/airlock approve 7c0e')).toContain('is no digest: at least its first 8 digits')
  expect(why('/airlock approve')).toContain('names what it approves')
  expect(command('/airlock approve 7c0e51d2 --destroy 5')).toMatchObject({ destroy: 5 })
  expect(command('/airlock approve --destroy=5 7c0e51d2')).toMatchObject({ digest: '7c0e51d2', destroy: 5 })
  expect(why('/airlock approve 7c0e51d2 --destroy all')).toContain('--destroy needs the number')
  expect(why('/airlock approve 7c0e51d2 --force')).toContain('--force is no option')
})

test('a rejection has a reason, and may name one of several plans', () => {
  expect(command('/airlock reject the window is closed')).toEqual({
    kind: 'reject',
    digest: undefined,
    reason: 'the window is closed',
  })
  expect(command('/airlock reject 7c0e51d2 "not now"')).toEqual({
    kind: 'reject',
    digest: '7c0e51d2',
    reason: 'not now',
  })
  expect(why('/airlock reject 7c0e51d2')).toContain('needs a reason')
})

test('instances are named as on the command line', () => {
  const named = { component: 'vpc', stack: 'plat-ue2-prod' }
  expect(command('/airlock unlock vpc -s plat-ue2-prod the runner died')).toEqual({
    kind: 'unlock',
    ...named,
    reason: 'the runner died',
  })
  expect(command('/airlock explain vpc --stack=plat-ue2-prod vars.cidr')).toEqual({
    kind: 'explain',
    ...named,
    path: 'vars.cidr',
  })
  expect(why('/airlock unlock vpc the runner died')).toBe(
    'which stack? vpc -s STACK (/airlock unlock COMPONENT -s STACK REASON)',
  )
})

test('a commit is named in full: a prefix could be made to fit another one', () => {
  const commit = 'a'.repeat(40)
  expect(command(`/airlock plan ${commit}`)).toEqual({ kind: 'plan', commit })
  expect(command('/airlock plan')).toEqual({ kind: 'plan', commit: undefined })
  expect(why('/airlock plan a91f03b')).toContain('is no full commit id')
})

test('what is not understood is answered with what might have been meant', () => {
  expect(why('/airlock aprove 7c0e51d2')).toBe(
    'aprove is no command of Airlock; did you mean approve? (/airlock approve DIGEST [--destroy N])',
  )
  expect(why('/airlock constructor')).toBe('constructor is no command of Airlock (/airlock help)')
  expect(command('/airlock')).toEqual({ kind: 'help' })
  expect(command('/airlock supersede #38 it is replaced')).toEqual({
    kind: 'supersede',
    over: 38,
    reason: 'it is replaced',
  })
})
