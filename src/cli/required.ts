import { UserError } from '../error.ts'

/** A flag that a command cannot do without. @throws UserError `argument-missing` */
export function required(value: string | undefined, flag: string, command: string): string {
  if (value !== undefined && value !== '') return value
  throw new UserError({
    code: 'argument-missing',
    message: `airlock ${command} needs ${flag}`,
    fix: `airlock help ${command}`,
    exit: 2,
  })
}
