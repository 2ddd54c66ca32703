import { expect, test } from 'vitest'
import { planted } from '../fixtures/read.ts'
import { fixturePlan, planned, sample } from '../fixtures/sample.ts'
import { parsePlan } from '../parse.ts'
import { redact } from '../redact.ts'
import { type Paint, renderTerminal } from './terminal.ts'
import { renderCommentTerminal } from './terminal-comment.ts'

const plain = (text: string) => text
const paint: Paint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain }
const tagged: Paint = { ...paint, red: (text) => `<red>${text}</red>`, dim: (text) => `<dim>${text}</dim>` }

test('a plan is a line for each object, what is dangerous first', () => {
  expect(renderTerminal(planned(fixturePlan('change')).plan, { width: 80, paint })).toMatchInlineSnapshot(`
    "-   terraform_data.many["c\`d"]   its key is no longer in for_each
    -/+ terraform_data.cluster   replaced because of triggers_replace
          triggers_replace  1 → 2   forces replacement
          known after apply: id, output
    .   module.child.terraform_data.this   it is no longer in the configuration
    ~   terraform_data.adopted   imported from existing-1
          input   – → "note"
          output  – → known after apply
    ~   terraform_data.net   moved from terraform_data.network
          input.name   "alpha" → "beta"
          input.tags   {} → { ["a.b/c"] = "x", plain = "y" }
          input.token  sensitive → sensitive, changed
          output       { big = 12345678901234567890, leak = (… → known after apply
    +   terraform_data.gone_data
          input  sensitive
          known after apply: id, output
    +   terraform_data.many["e-->@acme/x"]
          input  "e-->@acme/x"
          known after apply: id, output
    outputs
          cluster_id  "8424a387-3093-3519-b4ef-c832dee47510" → known after apply
          name        "alpha" → known after apply
          static      "x-alpha" → "x-beta"
          token       sensitive → sensitive, changed"
  `)
})

test('danger is painted, and only the address', () => {
  expect(renderTerminal(planned(fixturePlan('change')).plan, { width: 80, paint: tagged })).toContain(
    '<red>-   terraform_data.many["c`d"]</red><dim>   its key is no longer in for_each</dim>',
  )
})

test('the whole comment can be read in a terminal, and holds no secret', () => {
  const text = renderCommentTerminal(sample(), { width: 100, paint })
  expect(text).toMatchFileSnapshot('./terminal.golden')
  for (const secret of planted) expect(text).not.toContain(secret)
})

test('no line is wider than the terminal', () => {
  for (const width of [40, 80, 200])
    for (const line of renderTerminal(planned(fixturePlan('change')).plan, { width, paint }).split('\n'))
      expect([...line].length).toBeLessThanOrEqual(width)
})

test('a name cannot steer the terminal', () => {
  const plan = parsePlan({
    format_version: '1.2',
    terraform_version: '1.11.4',
    output_changes: {
      'x\u001b[2J': { actions: ['create'], before: null, after: 'a\u001b]0;t\u0007\nb', after_unknown: false },
    },
  })
  expect(renderTerminal(redact(plan, []), { width: 80, paint })).toBe('outputs\n      x  "a\\u001b]0;t\\u0007\\nb"')
})

test('a plan that changes nothing says so', () => {
  const { plan } = planned(fixturePlan('change'))
  expect(renderTerminal({ ...plan, changes: [], outputs: [] }, { width: 80, paint })).toBe('no change')
})
