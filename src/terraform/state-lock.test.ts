import { expect, test } from 'vitest'
import { isOfApply, localLock, lockIn } from './state-lock.ts'

const id = '5927f0de-6d74-2b48-1271-728ea861b509'

test('the file beside a local state tells who, what and since when', () => {
  const text = `{"ID":"${id}","Operation":"OperationTypeApply","Info":"","Who":"ann@laptop","Version":"1.11.4","Created":"2026-11-24T10:56:11.929985148Z","Path":"terraform.tfstate.d/w1/terraform.tfstate"}`
  const lock = localLock(text)!
  expect(lock).toEqual({
    id,
    operation: 'OperationTypeApply',
    who: 'ann@laptop',
    created: '2026-11-24T10:56:11.929985148Z',
  })
  expect(isOfApply(lock)).toBe(true)
  expect(isOfApply({ ...lock, operation: 'OperationTypePlan' })).toBe(false)
  for (const cut of [0, 1, 40, text.length - 1]) expect(localLock(text.slice(0, cut))).toBeUndefined()
  expect(localLock('null')).toBeUndefined()
  expect(localLock('{"ID":7}')).toBeUndefined()
})

const said = `
Error: Error acquiring the state lock

Error message: resource temporarily unavailable
Lock Info:
  ID:        ${id}
  Path:      terraform.tfstate.d/w1/terraform.tfstate
  Operation: OperationTypeApply
  Who:       ann@laptop
  Version:   1.11.4
  Created:   2026-11-24 10:56:11.929985148 +0000 UTC
  Info:      
`

test('what Terraform says of a lock is the same, whatever the backend', () => {
  const lock = { id, operation: 'OperationTypeApply', who: 'ann@laptop', created: '2026-11-24T10:56:11Z' }
  expect(lockIn(said)).toEqual(lock)
  expect(lockIn(said.replace(/^/gm, '│ '))).toEqual(lock)
})

test('any other failure is none', () => {
  expect(lockIn(`Error: Unsupported argument\n  ID:        ${id}\n`)).toBeUndefined()
  expect(lockIn('Error: Error acquiring the state lock\n\nError message: no credentials\n')).toBeUndefined()
})
