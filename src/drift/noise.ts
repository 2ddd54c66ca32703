import type { NoiseRule } from '../settings.ts'

/** The rule that expects a difference: the first whose patterns both match. */
export function noiseRule(
  rules: readonly NoiseRule[],
  object: string,
  attribute: string,
  nowMs: number,
): { readonly rule: NoiseRule; readonly isExpired: boolean } | undefined {
  const fitting = rules.filter((rule) => fits(rule.address, object) && fits(rule.attribute, attribute))
  const rule = fitting.find((it) => !isExpired(it, nowMs)) ?? fitting[0]
  return rule && { rule, isExpired: isExpired(rule, nowMs) }
}

/** Whether a rule does not count any more: somebody has to look at it again. */
export function isExpired({ untilMs }: NoiseRule, nowMs: number): boolean {
  return nowMs >= untilMs
}

/** `*` stands for any text; all else is meant as it is written, brackets of addresses too. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}
