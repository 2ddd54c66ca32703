/** Takes a place of the host, hands over what is asked there, and waits for the end. */
const takePlace = [
  '[ -n "$FOLDER_HOST" ] && for place in "$FOLDER_HOST"/free/*; do',
  'name=$' + '{place##*/};',
  'mv "$place" "$FOLDER_HOST/taken/$name" 2>/dev/null || continue;',
  "trap '' INT; umask 077;",
  'env -0 >"$FOLDER_HOST/env/$name";',
  'read -r line <"$FOLDER_HOST/taken/$name";',
  'exec 3<"$FOLDER_HOST/end/$name";',
  'echo "$line"; read -r line <&3; exit 0;',
  'done;',
].join(' ')

/**
 * The first lines of the provider's file, which is a shell script and JavaScript at once. Where a host plays the provider
 * (host.ts), the shell takes a place of it; else, or when no place is free, it becomes Node.js, which runs the same file.
 * That has no use for more authorities, which take long to read, nor for what Node.js is told to load for others.
 */
export const relay = `#!/bin/sh
':' //; ${takePlace} exec env -u NODE_OPTIONS -u NODE_EXTRA_CA_CERTS node "$0" "$@"`
