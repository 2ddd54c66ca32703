import { expect, test } from 'vitest'
import { commentHtml } from './html.ts'

test('tables, code and signs come out as GitHub shows them', () => {
  expect(commentHtml('| a | b |\n| --- | --- |\n| `x\\|y` | ⚠ **1 to replace** |')).toBe(
    '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td><code>x|y</code></td><td>⚠ <strong>1 to replace</strong></td></tr></tbody></table>',
  )
})

test('details keep their summary, and what is inside is Markdown', () => {
  const html = commentHtml(
    '<details><summary>⚠ <b>vpc</b>: 1</summary>\n\n- `a < b`, [file](<https://x.test/f#L4>)\n\n</details>',
  )
  expect(html).toBe(
    '<details><summary>⚠ <b>vpc</b>: 1</summary>\n<ul><li><code>a &lt; b</code>, <a href="https://x.test/f#L4">file</a></li></ul>\n</details>',
  )
})

test('markup inside code is text', () => {
  expect(commentHtml('``terraform_data.many["c`d"]`` and `**b**`')).toBe(
    '<p><code>terraform_data.many["c`d"]</code> and <code>**b**</code></p>',
  )
})
