/** What was worked out before, kept between processes. It may forget anything at any time, and gives back only what was put. */
export interface Cache {
  /** What was kept under the key; undefined where there is nothing, or what is there is damaged. */
  get(key: string): Promise<Uint8Array | undefined>
  /** Keeps bytes under a key. Where nothing can be written, nothing happens. */
  put(key: string, bytes: Uint8Array): Promise<void>
}
