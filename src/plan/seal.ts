import { createHash } from 'node:crypto'
import { UserError } from '../error.ts'
import { canonicalJson, exactJson } from '../json.ts'
import { type ArchiveFiles, archive, unarchive } from './archive.ts'
import type { PlanDigestInput } from './digest.ts'

/** What a sealed plan says of itself. */
export interface SealManifest {
  readonly component: string
  readonly stack: string
  /** Id of the state address. */
  readonly address: string
  readonly fingerprint: string
  /** Of what people approve. */
  readonly digest: string
  /** Of the same with sensitive values. */
  readonly privateDigest: string
  /** The state it was made from; undefined where there was none. */
  readonly state: { readonly lineage: string; readonly serial: number } | undefined
  readonly tool: { readonly kind: 'terraform' | 'tofu'; readonly version: string }
  readonly commit: string
  readonly pullRequest: number | undefined
  readonly mode: 'normal' | 'destroy'
  /** Ephemeral variables whose values apply needs again. */
  readonly ephemeral: readonly string[]
  readonly madeMs: number
  readonly expiresMs: number
}

/** All that apply needs to do exactly what was planned. Secret: it is stored only encrypted. */
export interface SealedPlan {
  readonly manifest: SealManifest
  readonly planfile: Uint8Array
  readonly lockFile: string | undefined
  /** Files that planning made, by path in the working copy: apply reads them again. */
  readonly made: ReadonlyMap<string, Uint8Array>
  /** What the private digest covers, so that a later plan can be compared with this one. */
  readonly covered: PlanDigestInput
}

/** Which seal a plan must have, and what to tell people when it does not. */
export interface ExpectedSeal {
  /** 64 lower-case hex digits. */
  readonly sha256: string
  readonly component: string
  readonly stack: string
  /** `run 4410 at 09:58 UTC`, `ann at 09:58 UTC` */
  readonly sealedBy: string
}

const madePrefix = 'made/'

/** The archive of a plan and its seal. The same plan gives the same bytes. */
export function seal(plan: SealedPlan): { readonly bytes: Uint8Array; readonly sha256: string } {
  const text = (value: string) => new TextEncoder().encode(value)
  const files = new Map<string, Uint8Array>([
    ['manifest.json', text(canonicalJson({ format: 1, ...plan.manifest }))],
    ['covered.json', text(canonicalJson(plan.covered))],
    ['planfile', plan.planfile],
    ...[...plan.made].map(([path, bytes]): [string, Uint8Array] => [madePrefix + path, bytes]),
  ])
  if (plan.lockFile !== undefined) files.set('lock.hcl', text(plan.lockFile))
  const bytes = archive(files)
  return { bytes, sha256: sha256(bytes) }
}

/**
 * The plan that was sealed, if not a bit of it changed.
 * @throws UserError `seal-broken`; `seal-newer` for an archive of a newer Airlock; `archive-unreadable`
 */
export function unseal(bytes: Uint8Array, expected: ExpectedSeal): SealedPlan {
  const found = sha256(bytes)
  if (found !== expected.sha256) throw sealBroken(expected, `sha256 ${short(found)}`)
  const files = unarchive(bytes, `sealed plan of ${expected.component} in ${expected.stack}`)
  const manifest = readManifest(files, expected)
  const lock = files.get('lock.hcl')
  return {
    manifest,
    planfile: part(files, 'planfile', expected),
    lockFile: lock && new TextDecoder().decode(lock),
    made: new Map(
      [...files].flatMap(([name, content]) =>
        name.startsWith(madePrefix) ? [[name.slice(madePrefix.length), content]] : [],
      ),
    ),
    covered: exactJson(new TextDecoder().decode(part(files, 'covered.json', expected))) as unknown as PlanDigestInput,
  }
}

/**
 * The refusal of a plan that is not what was sealed.
 * @param found what is there instead: `sha256 e02a…`, `bytes that do not decrypt`
 */
export function sealBroken({ sha256: sealed, component, stack, sealedBy }: ExpectedSeal, found: string): UserError {
  return new UserError({
    code: 'seal-broken',
    message: [
      `the sealed plan of ${component} in ${stack} was changed after it was sealed.`,
      `  sealed  sha256 ${short(sealed)}  by ${sealedBy}`,
      `  found   ${found}`,
      '  Nothing was applied.',
    ].join('\n'),
    fix: `plan again: airlock plan ${component} -s ${stack}`,
    exit: 3,
  })
}

function readManifest(files: ArchiveFiles, expected: ExpectedSeal): SealManifest {
  const raw = exactJson(new TextDecoder().decode(part(files, 'manifest.json', expected)))
  const { format, ...manifest } = raw as unknown as SealManifest & { readonly format: number }
  if (format !== 1)
    throw new UserError({
      code: 'seal-newer',
      message: `the sealed plan of ${expected.component} in ${expected.stack} has format ${format}, this version of Airlock reads 1`,
      fix: 'update Airlock, or plan again',
    })
  return { ...manifest, state: manifest.state, pullRequest: manifest.pullRequest }
}

function part(files: ArchiveFiles, name: string, { component, stack }: ExpectedSeal): Uint8Array {
  const found = files.get(name)
  // Sealed by us, and the seal holds: only a bug gets here.
  if (!found) throw new Error(`the sealed plan of ${component} in ${stack} has no ${name}`)
  return found
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function short(hex: string): string {
  return `${hex.slice(0, 4)}…`
}
