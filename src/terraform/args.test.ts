import { describe, expect, test } from 'vitest'
import { applyArgs, type Guarded, guard, initArgs, planArgs, planFileName, runWorkspace, varFileName } from './args.ts'

describe('names of the files of a run', () => {
  test('join the stack, the folders of the base component and the last segment of the instance', () => {
    expect(varFileName({ component: 'infra/vpc', stack: 'tenant1-ue2-dev' })).toBe(
      'tenant1-ue2-dev-infra-vpc.terraform.tfvars.json',
    )
    expect(planFileName({ component: 'a/x', stack: 'dev', baseComponent: 'net/vpc' })).toBe('dev-net-x.planfile')
  })

  test('hold no slash, even where the name of the stack does', () => {
    expect(planFileName({ component: 'vpc', stack: 'orgs/acme/prod' })).toBe('orgs-acme-prod-vpc.planfile')
  })
})

describe('arguments', () => {
  test('plan writes a planfile unless the user names one', () => {
    const files = { varFile: 'v', planFile: 'p' }
    expect(planArgs(files)).toEqual(['plan', '-var-file', 'v', '-out', 'p'])
    expect(planArgs({ ...files, extra: ['-out=own', '-lock=false'] })).toEqual([
      'plan',
      '-var-file',
      'v',
      '-out=own',
      '-lock=false',
    ])
    expect(planArgs({ ...files, extra: ['-outline'] })).toContain('-out')
  })

  test('apply of a planfile is given no variables', () => {
    expect(applyArgs({ varFile: 'v', planFile: 'p', extra: ['-lock=false'] })).toEqual(['apply', '-lock=false', 'p'])
  })

  test('apply approves itself once where the setting says so', () => {
    expect(applyArgs({ varFile: 'v', extra: ['-auto-approve=false'], autoApprove: true })).toEqual([
      'apply',
      '-var-file',
      'v',
      '-auto-approve=false',
      '-auto-approve',
    ])
    expect(applyArgs({ varFile: 'v', extra: ['-auto-approve'], autoApprove: true })).toEqual([
      'apply',
      '-var-file',
      'v',
      '-auto-approve',
    ])
  })

  test('init reconfigures and passes variables only when asked', () => {
    expect(initArgs({ varFile: 'v', reconfigure: false, passVars: false })).toEqual(['init'])
    expect(initArgs({ varFile: 'v', reconfigure: true, passVars: true })).toEqual([
      'init',
      '-reconfigure',
      '-var-file',
      'v',
    ])
  })
})

describe('workspace', () => {
  const dev = { workspace: 'dev', backendType: 's3', processEnv: {} }
  test('is the one of the instance, or the one that the process names', () => {
    expect(runWorkspace(dev)).toBe('dev')
    expect(runWorkspace({ ...dev, processEnv: { TF_WORKSPACE: 'other' } })).toBe('other')
    expect(runWorkspace({ ...dev, processEnv: { TF_WORKSPACE: '' } })).toBe('dev')
  })

  test('does not exist for the http backend', () => {
    expect(runWorkspace({ ...dev, backendType: 'http' })).toBeUndefined()
  })
})

describe('guard', () => {
  const vpc: Guarded = {
    component: 'vpc',
    stack: 'dev',
    abstract: false,
    enabled: true,
    locked: false,
    backendType: 's3',
    autoGenerateBackendFile: true,
    folder: 'components/terraform/vpc',
    folderExists: true,
  }
  const code = (subCommand: 'plan' | 'apply' | 'destroy', changes: Partial<Guarded>) => {
    try {
      return guard(subCommand, { ...vpc, ...changes })
    } catch (error) {
      return (error as { code: string }).code
    }
  }

  test.each([
    ['plan', {}, 'run'],
    ['plan', { enabled: false, folderExists: false }, 'skip'],
    ['plan', { folderExists: false }, 'component-folder-missing'],
    ['apply', { abstract: true }, 'component-abstract'],
    ['destroy', { abstract: true }, 'run'],
    ['plan', { locked: true }, 'run'],
    ['apply', { locked: true }, 'component-locked'],
    ['destroy', { locked: true }, 'component-locked'],
    ['plan', { backendType: '' }, 'backend-type-missing'],
    ['plan', { backendType: '', autoGenerateBackendFile: false }, 'run'],
  ] as const)('%s with %j: %s', (subCommand, changes, answer) => {
    expect(code(subCommand, changes)).toBe(answer)
  })
})
