import { expect, test } from 'vitest'
import { cacheFolder } from './place.ts'

test('the cache lies where the system keeps what programs may lose', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/x')
  expect(cacheFolder({}, 'linux')).toMatch(/\.cache$/)
  expect(cacheFolder({}, 'darwin')).toMatch(/Library.Caches$/)
  expect(cacheFolder({ LOCALAPPDATA: 'C:\\Local' }, 'win32')).toBe('C:\\Local')
})
