import type { Route } from '../route.ts'

/** All that the fake answers below a repository. */
export const routes: readonly Route[] = []
