/**
 * How the page looks: ink on paper, one accent that means "look here". Signs are drawn in the colour of the text, so
 * that they stay in print and where a person has colours of their own.
 */
export const style = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --dim: #57606a; --line: #d8dde3; --soft: #f4f6f8; --accent: #a63c06 }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171a; --ink: #e4e7ea; --dim: #a1abb5; --line: #31383f; --soft: #1d2226; --accent: #ff9c66 }
}
* { box-sizing: border-box }
html { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; scroll-padding-top: 4rem; -webkit-text-size-adjust: 100% }
body { margin: 0 auto; padding: 0 1.25rem 6rem; max-width: 80rem; background: var(--paper); color: var(--ink); overflow-wrap: anywhere }
a { color: inherit; text-decoration-color: var(--dim); text-underline-offset: .2em }
a:hover { text-decoration-thickness: 2px }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px }
section:focus, .body:focus { outline: 0 }
code, pre { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace }
h1, h2, h3, h4, p, dl, ol, ul { margin: 0; padding: 0 }
h1 { font-size: 1.5rem; line-height: 1.3 }
h2 { font-size: 1.25rem; margin: 3rem 0 .75rem; padding-bottom: .25rem; border-bottom: 2px solid var(--ink) }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem }
h4 { font-size: 1rem; margin: 1.25rem 0 .25rem }
ul, ol { list-style: none }
[hidden] { display: none !important }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--ink); color: var(--paper); z-index: 2 }
.skip:focus { left: 0; top: 0 }
.dim, .stack, caption, time { color: var(--dim) }
.calm { color: var(--dim) }
.sign { width: 1em; height: 1em; vertical-align: -.125em; margin-right: .45em; flex: none }
header { padding-top: 1.5rem }
header .lead { font-size: 1.1rem; margin-top: .25rem }
header .lead strong { color: var(--accent) }
.bar { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; margin: 1rem -1.25rem 0; padding: .5rem 1.25rem; background: var(--paper); border-bottom: 1px solid var(--line) }
.bar ul { display: flex; flex-wrap: wrap; gap: 0 1.25rem }
.bar li a { display: inline-block; padding: .25rem 0 }
.bar form { display: flex; flex: 1 1 18rem; min-width: 0; gap: .5rem; align-items: center; justify-content: flex-end }
input, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--dim); border-radius: 4px; padding: .25rem .5rem; min-width: 0 }
input { flex: 1 1 6rem; max-width: 22rem }
select { flex: 0 1 auto }
#found { color: var(--dim); white-space: nowrap }
.needs li { display: grid; grid-template-columns: 8.5rem minmax(9rem, 15rem) 1fr auto; gap: 0 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line) }
.kind { color: var(--accent); font-weight: 600; white-space: nowrap }
.when { color: var(--dim); text-align: right }
.acts { display: flex; flex-wrap: wrap; gap: .25rem .5rem; align-items: baseline; margin-top: .15rem }
.cmd { background: var(--soft); border-radius: 4px; padding: .1rem .4rem }
.copy { font: inherit; font-size: .85em; color: inherit; background: none; border: 1px solid var(--line); border-radius: 4px; padding: 0 .4rem; margin-left: .35rem; cursor: pointer }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; padding-bottom: .25rem }
.grid caption { white-space: nowrap }
th { text-align: left; font-weight: 600 }
.flow th, .flow td { vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--line) }
.flow thead th { color: var(--dim); font-weight: 400 }
.flow tbody th { font-weight: 400 }
.flow tbody th:has(> .sign), .short { white-space: nowrap }
.flow .group th { padding-top: 1rem }
.flow tbody th:not([colspan]) { min-width: 9rem }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-bottom: .5rem }
.readout { position: sticky; top: 3.2rem; z-index: 1; background: var(--paper); color: var(--dim); min-height: 1.5em; padding: .15rem 0 }
.readout.on { color: var(--ink) }
.scroll { overflow-x: auto; padding: 2px 0 }
.grid { width: auto }
.grid th { font-weight: 400; padding: .1rem .75rem .1rem 0; white-space: nowrap }
.grid thead th { color: var(--dim); vertical-align: bottom }
.grid thead th.up { padding: 0 0 .35rem }
.up span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 12rem; overflow: hidden; text-overflow: ellipsis }
.grid tbody th { position: sticky; left: 0; background: var(--paper); text-align: left }
.grid td { padding: 0 }
.lines { width: 100% }
.lines th:first-child { width: 1% }
.lines tbody th { vertical-align: top; line-height: 1.75rem }
.lines td { line-height: 0 }
.sq { display: inline-grid; place-items: center; width: 1.75rem; height: 1.75rem; border-radius: 3px }
.sq .sign { width: 1.05rem; height: 1.05rem; margin: 0 }
.sq.clean { color: var(--dim) }
.sq.failed, .sq.drifted { color: var(--accent) }
.sq:hover { background: var(--soft) }
.sq.other { opacity: .18 }
.inst { border-bottom: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 2.6rem }
.inst > summary { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; padding: .5rem 0; cursor: pointer }
.inst > summary::before { content: "▸"; color: var(--dim); width: .75rem }
.inst[open] > summary::before { content: "▾" }
.inst > summary::-webkit-details-marker { display: none }
.inst h3 { margin: 0; font-weight: 400 }
.inst h3 b { font-weight: 600 }
.inst .says { color: var(--dim) }
.body { padding: 0 0 1.5rem 1.75rem; scroll-margin-top: 7rem }
dl { display: grid; grid-template-columns: 7.5rem 1fr; gap: .2rem 1rem }
dt { color: var(--dim) }
dd { margin: 0 }
.quiet li { padding: .3rem 0; border-bottom: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 2.1rem; scroll-margin-top: 7rem }
.quiet li:focus { outline: 0; font-weight: 600 }
.plan, .log { margin-top: .5rem }
.plan summary, .log summary { cursor: pointer }
.object { margin: .75rem 0 1.25rem }
.object pre { margin: .25rem 0; padding: .5rem .75rem; background: var(--soft); overflow-x: auto; white-space: pre-wrap }
.log ol { margin-top: .25rem }
.problems { border-left: 4px solid var(--accent); padding-left: 1rem }
footer { margin-top: 4rem; color: var(--dim) }
@media (max-width: 40rem) {
  html { scroll-padding-top: 7rem }
  body { padding: 0 1rem 4rem }
  .bar { margin: 1rem -1rem 0; padding: .5rem 1rem }
  .bar form { flex: 1 1 100% }
  select { width: 8rem }
  .readout { top: 6rem }
  .needs li { grid-template-columns: 1fr auto }
  .needs .who { grid-column: 1 / -1; grid-row: 2 }
  .needs .says { grid-column: 1 / -1; grid-row: 3 }
  .flow .group th { padding: .5rem 0 0 }
  .flow .group th::before { content: none }
  .flow, .flow tbody, .flow tr, .flow th, .flow td, .flow caption { display: block }
  .flow thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .flow tr { padding: .5rem 0; border-bottom: 1px solid var(--line) }
  .flow th, .flow td { position: relative; border: 0; padding: 0 0 0 6.5rem; min-height: 1.5em }
  .flow th::before, .flow td::before { content: attr(data-l); color: var(--dim); position: absolute; left: 0 }
  .flow tbody th a, .flow tbody th:has(> .sign) { white-space: normal }
  .body { padding-left: 0 }
  dl { grid-template-columns: 1fr }
  dd { margin-bottom: .4rem }
}
@media print {
  .bar, .skip, .readout, .copy { display: none !important }
  body { max-width: none; font-size: 10pt }
  .needs li, .flow tr, .object { break-inside: avoid }
  .inst, .quiet li { content-visibility: visible }
}
@media (forced-colors: active) { .sq.other { opacity: 1; visibility: hidden } }
`
