import { GoError, type GoFunction, type GoFunctions, type GoValue, goFunction } from '../../value.ts'
import { csvMethods } from './csv.ts'
import { writtenJson } from './json.ts'
import { namespace } from './namespace.ts'
import { readToml } from './toml.ts'
import { tomlText } from './toml-writing.ts'
import { textOf } from './values.ts'
import { readYaml, writeYaml } from './yaml.ts'

const map = 'map[string]interface {}'
const list = '[]interface {}'

/** gomplate reads JSON as YAML, which it is, so that integers stay integers; only the errors tell. */
function readJson(value: GoValue, shape: typeof map | typeof list): GoValue {
  const text = textOf(value)
  const what = shape === map ? 'object' : 'array'
  return explained(`Unable to unmarshal ${what} ${text}`, () => readYaml(text, shape))
}

function explained<T>(before: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw cause instanceof GoError ? new GoError(`${before}: ${cause.message}`) : cause
  }
}

function read(result: string, reader: (value: GoValue) => GoValue): GoFunction {
  return goFunction(`func(any) (${result}, error)`, reader)
}

const methods: GoFunctions = {
  ...csvMethods,
  JSON: read('map[string]any', (value) => readJson(value, map)),
  JSONArray: read('[]any', (value) => readJson(value, list)),
  TOML: read('any', (value) => {
    const text = textOf(value)
    return explained(`Unable to unmarshal object ${text}`, () => readToml(text))
  }),
  ToJSON: read('string', (value) => writtenJson(value)),
  ToJSONPretty: goFunction('func(string, any) (string, error)', (indent: string, value: GoValue) =>
    writtenJson(value, indent),
  ),
  ToTOML: read('string', (value) => tomlText(value)),
  ToYAML: read('string', (value) => writeYaml(value)),
  YAML: read('map[string]any', (value) => readYaml(textOf(value), map)),
  YAMLArray: read('[]any', (value) => readYaml(textOf(value), list)),
}

/** The namespace `data`, and its methods by names of their own. */
export const dataFunctions: GoFunctions = {
  data: namespace('DataFuncs', methods),
  csv: methods.CSV!,
  csvByColumn: methods.CSVByColumn!,
  csvByRow: methods.CSVByRow!,
  json: methods.JSON!,
  jsonArray: methods.JSONArray!,
  toCSV: methods.ToCSV!,
  toJSON: methods.ToJSON!,
  toJSONPretty: methods.ToJSONPretty!,
  toTOML: methods.ToTOML!,
  toYAML: methods.ToYAML!,
  toml: methods.TOML!,
  yaml: methods.YAML!,
  yamlArray: methods.YAMLArray!,
}
