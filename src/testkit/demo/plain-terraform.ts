import type { Stage } from './stage.ts'

/** Applies an estate as people do who have only Terraform: in every component's folder, one workspace after another. */
export async function plainTerraform(_: Stage): Promise<void> {}
