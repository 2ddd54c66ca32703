import { storeContract } from '../store.contract.ts'
import { memoryStore } from './memory.ts'

storeContract('memory', async (clock) => memoryStore({ clock }))
