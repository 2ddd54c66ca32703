/* The first file that Node reads: CommonJS in the bundle, so that an old Node says what it lacks instead of a syntax error. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Error: Airlock needs Node.js 20.19 or newer; this is ${process.version} (${process.execPath}).\n` +
      '  Install a newer one from https://nodejs.org, or put it first on the PATH.\n',
  )
  process.exitCode = 2
} else {
  // Node 22 and newer keep the compiled code of the bundle between runs.
  const loader: object = process.getBuiltinModule('node:module')
  if ('enableCompileCache' in loader && typeof loader.enableCompileCache === 'function') loader.enableCompileCache()
  // Which Node the SDK of AWS in this bundle wants next year is no news to whoever runs a verb.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  import('./main.ts')
}
