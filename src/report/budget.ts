import type { ApiUse } from '../github/github.ts'

/** What a run cost at GitHub's API: `5 API calls, 3 answers free (304), 994 left this hour`. */
export function budgetText({ calls, unchanged, repeated, remaining }: ApiUse): string {
  return [
    `${calls} API ${calls === 1 ? 'call' : 'calls'}`,
    ...(unchanged > 0 ? [`${unchanged} ${unchanged === 1 ? 'answer' : 'answers'} free (304)`] : []),
    ...(repeated > 0 ? [`${repeated} repeated`] : []),
    ...(remaining === undefined ? [] : [`${remaining} left this hour`]),
  ].join(', ')
}
