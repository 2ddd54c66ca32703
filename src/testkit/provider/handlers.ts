import type { Handler } from './grpc.ts'
import { provider } from './provider.ts'

const served = Buffer.from([8, 1]) // HealthCheckResponse{status: SERVING}

/** The line by which a plugin tells where it listens (https://github.com/hashicorp/go-plugin); `certificate` is PEM. */
export function handshake(socket: string, certificate: string): string {
  const coreProtocol = 1
  const pluginProtocol = 6
  const der = certificate.replace(/-----[A-Z ]+-----|\s/g, '').replace(/=+$/, '')
  return `${coreProtocol}|${pluginProtocol}|unix|${socket}|grpc|${der}\n`
}

/**
 * Every call that Terraform makes of a plugin.
 * @param environment what the plugin was started with
 * @param shutdown called when Terraform has no more to ask
 * @param gone aborted when Terraform went away, whatever it had asked for
 */
export function handlers(
  environment: Readonly<Record<string, string | undefined>>,
  shutdown: () => void,
  gone: AbortSignal,
): ReadonlyMap<string, Handler> {
  return new Map<string, Handler>([
    ...[...provider(environment, gone)].map(([name, handler]) => [`/tfplugin6.Provider/${name}`, handler] as const),
    ['/grpc.health.v1.Health/Check', async () => served],
    ['/plugin.GRPCStdio/StreamStdio', 'open'],
    ['/plugin.GRPCBroker/StartStream', 'open'],
    [
      '/plugin.GRPCController/Shutdown',
      async () => {
        shutdown()
        return Buffer.alloc(0)
      },
    ],
  ])
}
