/**
 * Whether all scenarios on GitHub are played, which takes two cores eight minutes: `AIRLOCK_TESTS=all`. Else the story, strangers
 * and the trial are, and the others are counted as skipped.
 */
export const thorough = process.env.AIRLOCK_TESTS === 'all'
