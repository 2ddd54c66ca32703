import { commentHtml } from './html.ts'

/** A page that shows a pull request comment as GitHub does, with its first details open, as wide as GitHub's column. */
export function picturePage(markdown: string): string {
  const body = commentHtml(markdown).replace('<details>', '<details open>')
  return `<!doctype html>
<meta charset="utf-8">
<style>
  body { margin: 0; padding: 24px; background: #fff; width: 812px; color: #1f2328;
    font: 14px/1.5 "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
  .comment { border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; }
  .head { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e; }
  .head b { color: #1f2328; }
  .bot { border: 1px solid #d1d9e0; border-radius: 1em; padding: 0 7px; font-size: 12px; margin: 0 4px; }
  .body { padding: 16px; }
  h3 { margin: 0 0 16px; font-size: 20px; line-height: 1.25; }
  p, ul, table, pre { margin: 0 0 16px; }
  ul { padding-left: 2em; }
  table { border-collapse: collapse; }
  th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left; }
  th { font-weight: 600; }
  tbody tr:nth-child(2n) { background: #f6f8fa; }
  code, pre { font: 12px "Liberation Mono", "DejaVu Sans Mono", monospace; background: #818b981f; border-radius: 6px; }
  code { padding: .2em .4em; white-space: break-spaces; }
  pre { padding: 16px; }
  a { color: #0969da; text-decoration: none; }
  summary { margin-bottom: 4px; }
  details[open] > summary { margin-bottom: 12px; }
  details[open] { margin-bottom: 16px; }
  sub { font-size: 12px; color: #59636e; vertical-align: baseline; }
  details + p { margin: 16px 0 0; }
</style>
<div class="comment">
  <div class="head"><b>airlock</b><span class="bot">bot</span>commented</div>
  <div class="body">${body}</div>
</div>
<script>document.documentElement.dataset.height = Math.ceil(document.querySelector('.comment').getBoundingClientRect().bottom + 24)</script>
`
}
