import { expect, test } from 'vitest'
import { allows, compareVersions, exactVersion } from './version.ts'

test('constraints mean what they mean to Terraform', () => {
  const yes = [
    ['>= 1.5, < 2.0', '1.11.4'],
    ['~> 1.9', '1.11.0'],
    ['~> 1.9.0', '1.9.8'],
    ['1.9.8', '1.9.8'],
    ['= 1.9', '1.9.0'],
    ['!= 1.9.1', '1.9.2'],
    ['> 1.9.1,<=1.9.3', '1.9.3'],
    ['~> 1', '1.2.3'],
  ]
  const no = [
    ['>= 1.5, < 2.0', '2.0.0'],
    ['~> 1.9', '2.0.0'],
    ['~> 1.9.0', '1.10.0'],
    ['~> 1.9.5', '1.9.4'],
    ['!= 1.9.1', '1.9.1'],
    ['latest', '1.9.8'],
    ['', '1.9.8'],
    ['>= 1.5', '1.6.0-rc1'],
  ]
  expect(yes.filter(([constraint, version]) => !allows(constraint!, version!))).toEqual([])
  expect(no.filter(([constraint, version]) => allows(constraint!, version!))).toEqual([])
})

test('a wish for a single version is told from a range', () => {
  expect(['1.9.8', '= 1.9.8', 'v1.9.8', '~> 1.9.8', '1.9', '>= 1.9.8'].map(exactVersion)).toEqual([
    '1.9.8',
    '1.9.8',
    '1.9.8',
    undefined,
    undefined,
    undefined,
  ])
})

test('versions are ordered by number, not by letter', () => {
  expect(['1.9.8', '1.11.4', '1.10.0'].sort(compareVersions)).toEqual(['1.9.8', '1.10.0', '1.11.4'])
})
