import { gunzipSync, gzipSync } from 'fflate'

/**
 * Bytes as they are stored: gzip, with the nonce for the name of the file. S3's ETag is a hash of the bytes, and a version
 * must differ from an equal one that was written earlier.
 * @param squeeze whether compressing is worth the time: ciphertext does not get smaller
 */
export function wrap(bytes: Uint8Array, nonce: string, squeeze: boolean): Uint8Array {
  return gzipSync(bytes, { level: squeeze ? 6 : 0, mtime: 0, filename: nonce })
}

/** The bytes as they were given. What is no gzip is taken as it is: something on the way has opened it. */
export function unwrap(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
}
