export { ago, clock, duration, elapsed } from '../time.ts'
