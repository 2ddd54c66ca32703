import type { Schema } from './schema.ts'
import { attempts, condition, dependencies } from './sections.ts'
import {
  closed,
  either,
  flag,
  included,
  list,
  mapOf,
  namePattern,
  one,
  open,
  range,
  text,
  texts,
  whole,
} from './shape.ts'

/** Workflows that are written in a manifest. */

const number: Schema = { types: ['number'] }
const when = condition(['ci', 'local', 'always', 'never', 'success'])
const failMode = one('wait_all', 'fail_fast', 'best_effort')

const viewport = included(closed({ height: whole, width: whole }))
const show = included(closed({ header: flag, flags: flag, command: flag, count: flag, progress: flag, labels: flag }))

const container: Schema = {
  oneOf: [
    { types: ['string'], pattern: /^!include/ },
    flag,
    open({
      ...all(text, ['image', 'shell', 'provider', 'pull', 'workspace', 'cleanup', 'user']),
      ...all(flag, ['runtime_auto_start', 'workspace_read_only']),
      run_args: texts,
      mounts: list(open()),
      ports: list(open()),
      env: mapOf(text),
    }),
  ],
}

const step: Schema = open(
  {
    ...all(text, ['name', 'command', 'mode', 'rate', 'write_rate', 'text', 'stack', 'type', 'working_directory']),
    ...all(text, ['identity', 'timeout', 'script', 'interpreter', 'default', 'placeholder', 'content', 'title']),
    ...all(text, ['separator', 'path', 'foreground', 'border', 'border_foreground', 'border_background', 'padding']),
    ...all(text, [
      'margin',
      'align',
      'level',
      'print',
      'url',
      'method',
      'body',
      'shell',
      'key_interval',
      'regex',
      'key',
    ]),
    ...all(text, ['duration', 'interval', 'action', 'provider', 'component', 'format', 'destination', 'subpath']),
    ...all(text, ['mtime', 'hint']),
    ...all(texts, [
      'args',
      'options',
      'extensions',
      'columns',
      'voice',
      'include',
      'exclude',
      'files',
      'tools',
      'dirs',
    ]),
    ...all(flag, ['interactive', 'tty', 'password', 'multiple', 'reset', 'bold', 'italic', 'underline']),
    ...all(flag, ['strikethrough', 'faint', 'markdown', 'export', 'cursor', 'runtime_auto_start', 'ephemeral']),
    ...all(whole, ['limit', 'height', 'count', 'width', 'code', 'repeat']),
    ...all(mapOf(text), ['env', 'fields', 'vars', 'headers', 'query', 'form', 'outputs']),
    ...all(open(), ['defaults', 'with', 'runtime']),
    prompt: either(text, closed({ text, style: one('command', 'label', 'muted', 'info', 'notice') })),
    retry: attempts,
    when,
    continue: when,
    inputs: closed({ sources: texts }),
    artifacts: closed({ paths: texts }),
    preconditions: closed({ tools: texts }),
    needs: list(text, { uniqueItems: true }),
    max_concurrency: range('integer', 0),
    fail: closed({ mode: failMode, max_failures: range('integer', 0) }),
    output: either(
      text,
      closed({
        ...all(text, ['prefix', 'cast', 'gif', 'mp4', 'html', 'ascii', 'png', 'jpg']),
        mode: one('', 'grouped', 'prefixed', 'none'),
        order: one('completion', 'definition'),
        show_summary: flag,
      }),
    ),
    matrix: mapOf(list(text, { minItems: 1 })),
    steps: included(list({ ref: () => step })),
    data: list(open()),
    source: either(text, open()),
    viewport,
    background: either(text, flag),
    expect: open({ status: list(whole), response: texts }),
    jitter: number,
    container,
    show,
    for: either(text, texts),
  },
  {
    when: {
      fits: { required: ['prompt'], properties: new Map([['prompt', { types: ['object'] }]]) },
      yes: { required: ['type'], properties: new Map([['type', { values: ['simulate'] }]]) },
      no: true,
    },
  },
)

const workflow = closed({
  ...all(text, ['description', 'stack', 'working_directory', 'output']),
  dependencies,
  'steps!': included(list(step)),
  env: mapOf(text),
  container,
  viewport,
  show,
})

export const workflows = included({
  ...mapOf(included(workflow), namePattern),
  properties: new Map([
    ['name', text],
    ['description', text],
  ]),
})

function all(schema: Schema, names: readonly string[]): Record<string, Schema> {
  return Object.fromEntries(names.map((name) => [name, schema]))
}
