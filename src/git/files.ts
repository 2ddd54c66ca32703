/** Files of the work tree that we may write; paths are relative to its root. Nothing is staged. */
export interface WorkFiles {
  /** Writes a file, with the folders that it needs. @throws UserError `file-unwritable` */
  write(path: string, text: string): Promise<void>
  /** Removes a file; one that is not there is no error. @throws UserError `file-unwritable` */
  remove(path: string): Promise<void>
}
