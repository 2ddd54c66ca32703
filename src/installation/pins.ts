/** An action of GitHub's own at one commit, with the version that the commit is. */
export interface Pin {
  readonly action: string
  readonly commit: string
  readonly version: string
}

/** Actions that our workflows use beside Airlock's own; each commit is that of the version's tag. */
export const pins = {
  checkout: { action: 'actions/checkout', commit: '3d3c42e5aac5ba805825da76410c181273ba90b1', version: 'v7.0.1' },
  upload: { action: 'actions/upload-artifact', commit: 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f', version: 'v7.0.0' },
  download: {
    action: 'actions/download-artifact',
    commit: '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c',
    version: 'v8.0.1',
  },
} as const satisfies Readonly<Record<string, Pin>>

/** The action as a step names it: `actions/checkout@3d3c42e… # v7.0.1`. */
export function pinned({ action, commit, version }: Pin): string {
  return `${action}@${commit} # ${version}`
}
