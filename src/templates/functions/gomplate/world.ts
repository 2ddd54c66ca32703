import {
  GoError,
  type GoFunction,
  type GoFunctions,
  type GoValue,
  NeedsWorld,
  type TemplateWorld,
  worldFunction,
} from '../../value.ts'
import { namespace, outside } from './namespace.ts'
import { textList, textOf } from './values.ts'

/** What the environment says of a name; an empty variable counts as none. */
function getenv(world: TemplateWorld, name: GoValue, ...fallback: string[]): string {
  if (!world.env) throw new NeedsWorld('getenv')
  const found = world.env[textOf(name)] ?? ''
  return found === '' ? (fallback[0] ?? '') : found
}

/** Text with `$NAME` and `${NAME}` filled in from the environment, as os.Expand does it. */
function expandEnv({ env }: TemplateWorld, value: GoValue): string {
  if (!env) throw new NeedsWorld('env.ExpandEnv')
  return textOf(value).replace(/\$(?:\{([^}]*)\}|(\w+|[*#$@!?-]))/g, (_, braced?: string, bare?: string) => {
    return env[braced ?? bare ?? ''] ?? ''
  })
}

const readEnvironment = worldFunction('func(any, ...string) string', getenv)

/** What a data source holds is the world's; one that the configuration does not define is an error. */
function dataSource(world: TemplateWorld, name: string): GoValue {
  if (!isDefined(world, name)) throw new GoError(`Undefined datasource '${name}'`)
  throw new NeedsWorld(`datasource ${name}`)
}

function isDefined({ dataSources = [] }: TemplateWorld, name: string): boolean {
  return dataSources.includes(name)
}

function allOutside(prefix: string, signatures: Readonly<Record<string, string>>): Record<string, GoFunction> {
  return Object.fromEntries(
    Object.entries(signatures).map(([name, signature]) => [name, outside(`${prefix}.${name}`, signature)]),
  )
}

const aws = allOutside('aws', {
  ARN: 'func() (string, error)',
  Account: 'func() (string, error)',
  EC2Dynamic: 'func(string, ...string) (string, error)',
  EC2Meta: 'func(string, ...string) (string, error)',
  EC2Region: 'func(...string) (string, error)',
  EC2Tag: 'func(string, ...string) (string, error)',
  EC2Tags: 'func() (map[string]string, error)',
  KMSDecrypt: 'func(any) (string, error)',
  KMSEncrypt: 'func(any, any) (string, error)',
  UserID: 'func() (string, error)',
})

const interfaces = '(sockaddr.IfAddrs, error)'
const sockaddr = allOutside('sockaddr', {
  Attr: 'func(string, any) (string, error)',
  Exclude: `func(string, string, sockaddr.IfAddrs) ${interfaces}`,
  GetAllInterfaces: `func() ${interfaces}`,
  GetDefaultInterfaces: `func() ${interfaces}`,
  GetInterfaceIP: 'func(string) (string, error)',
  GetInterfaceIPs: 'func(string) (string, error)',
  GetPrivateIP: 'func() (string, error)',
  GetPrivateIPs: 'func() (string, error)',
  GetPrivateInterfaces: `func() ${interfaces}`,
  GetPublicIP: 'func() (string, error)',
  GetPublicIPs: 'func() (string, error)',
  GetPublicInterfaces: `func() ${interfaces}`,
  Include: `func(string, string, sockaddr.IfAddrs) ${interfaces}`,
  Join: 'func(string, string, sockaddr.IfAddrs) (string, error)',
  Limit: `func(uint, sockaddr.IfAddrs) ${interfaces}`,
  Math: `func(string, string, sockaddr.IfAddrs) ${interfaces}`,
  Offset: `func(int, sockaddr.IfAddrs) ${interfaces}`,
  Sort: `func(string, sockaddr.IfAddrs) ${interfaces}`,
  Unique: `func(string, sockaddr.IfAddrs) ${interfaces}`,
})

const file = allOutside('file', {
  Exists: 'func(any) bool',
  IsDir: 'func(any) bool',
  Read: 'func(any) (string, error)',
  ReadDir: 'func(any) ([]string, error)',
  Stat: 'func(any) (fs.FileInfo, error)',
  Walk: 'func(any) ([]string, error)',
  Write: 'func(any, any) (string, error)',
})

/** What asks for more than its arguments: the environment, files, data sources, clouds, network interfaces. */
export const worldFunctions: GoFunctions = {
  env: namespace('EnvFuncs', {
    ExpandEnv: worldFunction('func(any) string', expandEnv),
    Getenv: readEnvironment,
  }),
  getenv: readEnvironment,
  file: namespace('FileFuncs', file),
  sockaddr: namespace('SockaddrFuncs', sockaddr),
  gcp: namespace('GcpFuncs', { Meta: outside('gcp.Meta', 'func(string, ...string) (string, error)') }),
  aws: namespace('AWSFuncs', aws, { type: '*funcs.Funcs' }),
  ec2dynamic: aws.EC2Dynamic!,
  ec2meta: aws.EC2Meta!,
  ec2region: aws.EC2Region!,
  ec2tag: aws.EC2Tag!,
  ec2tags: aws.EC2Tags!,
  datasource: worldFunction('func(string, ...string) (any, error)', dataSource),
  ds: worldFunction('func(string, ...string) (any, error)', dataSource),
  include: worldFunction('func(string, ...string) (string, error)', dataSource),
  datasourceExists: worldFunction('func(string) bool', isDefined),
  datasourceReachable: worldFunction('func(string, ...string) bool', (world: TemplateWorld, name: string) => {
    if (isDefined(world, name)) throw new NeedsWorld(`datasourceReachable ${name}`)
    return false
  }),
  defineDatasource: outside('defineDatasource', 'func(string, string) (string, error)'),
  listDatasources: worldFunction('func() []string', ({ dataSources = [] }: TemplateWorld) =>
    textList([...dataSources].sort()),
  ),
}
