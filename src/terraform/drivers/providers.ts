import { readdir, readFile } from 'node:fs/promises'

/** Terraform hands it to each provider that it starts, and to nothing else. */
const cookie = 'TF_PLUGIN_MAGIC_COOKIE='

/**
 * Ends the providers that a killed Terraform has left running in its process group: they would go on creating what no state
 * will ever know, beside whatever runs next. Commands of provisioners are left alone. Only where the system has `/proc`.
 * @param group process number of the Terraform that was killed
 */
export async function endProviders(group: number): Promise<void> {
  const numbers = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  await Promise.all(
    numbers.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (Number(fields[2]) !== group || fields[0] === 'Z') return
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      if (!environment.split('\0').some((it) => it.startsWith(cookie))) return
      try {
        process.kill(Number(pid), 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
    }),
  )
}
