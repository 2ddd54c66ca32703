import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as Ne}from"./chunk-KMSLTHFQ.js";import{a as Ce}from"./chunk-3S4R6FCQ.js";import{p as Ie}from"./chunk-475YIIPL.js";import{d as xe,e as M,m as Me,n as Pe,o as Se,p as Ve,q as je,w as P}from"./chunk-COTJN6EZ.js";import"./chunk-2NHG7MW6.js";import"./chunk-2JPI4W4C.js";import{b as T,c as j}from"./chunk-TS4ZBHBE.js";import{F as $e,G as ke,I as ve,c as ye,e as we,f as u,k as be,x as A}from"./chunk-BXBEG65E.js";import"./chunk-BCU57LFB.js";import{a as he,b as ge,c as L}from"./chunk-DJ5GSM7H.js";import{L as ce,O as me,V as pe,c as ie,d as se,u as de,x as le}from"./chunk-I4WW3UIE.js";import"./chunk-H4FS64VS.js";import"./chunk-VTNFWIH4.js";import"./chunk-I2B2NOJE.js";import{R as fe,T as ue}from"./chunk-5VYRGJS5.js";import{b as re,g as oe,h as ae}from"./chunk-Q3R43ULQ.js";import"./chunk-ZMGS4JRB.js";import{b as N}from"./chunk-MW5POIHZ.js";import{createHash as Tt}from"node:crypto";function s(e,...n){let t=e[0];for(let[r,a]of n.entries())t+=Ee(a)+e[r+1];return{html:t}}function I(e){return{html:e}}function Ae(e){return{html:JSON.stringify(e).replace(/[<>&\u2028\u2029]/g,t=>`\\u${t.charCodeAt(0).toString(16).padStart(4,"0")}`)}}function kt(e){return xe(e).replace(/[&<>"'`]/g,n=>`&#${n.charCodeAt(0)};`)}function Ee(e){return e===void 0||e===!1?"":typeof e=="string"?kt(e):typeof e=="number"?String(e):vt(e)?e.map(Ee).join(""):e.html}function vt(e){return Array.isArray(e)}var O={failed:"failed",drifted:"drifted","in-flight":"in flight","never-applied":"never applied",clean:"applied and clean",orphan:"orphan"},F=["failed","drifted","in-flight","never-applied","orphan","clean"],qe={failed:["failed","failed"],unknown:["failed","end unknown"],left:["failed","left behind"],approval:["in-flight","approval"],rejected:["in-flight","rejected"],held:["in-flight","held"],drifted:["drifted","drifted"],"check-failing":["drifted","not checked"],orphan:["orphan","orphan"],plan:["in-flight","plan"],apply:["in-flight","apply"]};function $(e){return s`<svg class="sign" aria-hidden="true" focusable="false"><use href="#sign-${e}"/></svg>`}function E(e){return`i:${e.replace(/[^A-Za-z0-9._@/-]/g,n=>`~${n.codePointAt(0).toString(16)}~`)}`}function W(e,{index:n}){return n.has(e)?s`<a href="#${E(e)}">${D(e)}</a>`:D(e)}function D(e){let n=e.lastIndexOf("@");return n<0?s`<b>${e}</b>`:s`<b>${e.slice(0,n)}</b> <span class="stack">${e.slice(n+1)}</span>`}function q(e,n,t=4){let r=e.length-t;return s`${e.slice(0,t).map((a,o)=>s`${o>0&&", "}${W(a,n)}`)}${r>0&&` and ${r} more`}`}function k(e,{index:n}){return e.flatMap(t=>n.get(t)??[]).join(" ")}function y(e,{madeMs:n}){return s`<time class="rel" datetime="${Re(e)}">${he(e,n)}</time>`}function h(e){return s`<time datetime="${Re(e)}">${ge(e,0)}</time>`}function Re(e){return new Date(e).toISOString()}function C({id:e,subject:n}){return s`<code>${e.slice(0,7)}</code>${n!==void 0&&s` ${n}`}`}function R(e){return s`<code>${j(e)}</code>`}function He(e){return s`${e.map((n,t)=>s`${t>0&&" "}${"command"in n?s`<code class="cmd">${n.command}</code>`:s`<span>${n.words}</span>`}`)}`}function w(e,n,t,r){return s`<table class="flow" role="table"><caption>${e}</caption>
<thead role="rowgroup"><tr role="row">${n.map(({name:a})=>s`<th scope="col" role="columnheader">${a}</th>`)}</tr></thead>
<tbody role="rowgroup">${t.map(a=>s`<tr role="row"${r?.(a)}>${n.map(({name:o,head:i,cell:d})=>i?s`<th scope="row" role="rowheader" data-l="${o}">${d(a)}</th>`:s`<td role="cell" data-l="${o}">${d(a)}</td>`)}</tr>
`)}</tbody></table>`}var xt=12e3;function De({instances:e,counts:n,total:t},r){let a=F.filter(o=>n[o]>0);return s`<section id="estate" aria-labelledby="estate-h" tabindex="-1">
<h2 id="estate-h">Estate</h2>
<ul class="legend" aria-label="What the signs mean, and how many there are of each">${a.map(o=>s`<li>${$(o)}${O[o]} <b>${n[o]}</b></li>`)}</ul>
<p class="readout" id="readout" hidden aria-hidden="true">Point at a square, or move over them with the arrow keys: this line says it in words.</p>
${e.length===0?s`<p class="calm">There are no instances.</p>`:Mt(e,t,r)}
</section>`}function Mt(e,n,t){let r=Te(e.map(l=>l.stack)),a=Te(e.map(l=>l.component)),o=s`${K(a.length,"component")} in ${K(r.length,"stack")}: ${K(n,"instance")}`,i=r.length*a.length;return i>xt||i>600&&i>e.length*6?Pt(e,r,o,t):r.length>=a.length?Le(e,o,["stack",r,l=>l.stack],[a,l=>l.component],t):Le(e,o,["component",a,l=>l.component],[r,l=>l.stack],t)}function Le(e,n,[t,r,a],[o,i],d){let l=new Map(e.map(p=>[JSON.stringify([a(p),i(p)]),p]));return s`<div class="scroll" role="region" aria-label="Estate, components and stacks" tabindex="0"><table class="grid"><caption>${n}</caption>
<thead><tr><th scope="col">${t}</th>${o.map(p=>s`<th scope="col" class="up"><span>${p}</span></th>`)}</tr></thead>
<tbody>${r.map(p=>s`<tr><th scope="row">${p}</th>${o.map(m=>{let c=l.get(JSON.stringify([p,m]));return s`<td>${c&&Oe(c,d)}</td>`})}</tr>
`)}</tbody></table></div>`}function Pt(e,n,t,r){let a=new Map(n.map(o=>[o,[]]));for(let o of e)a.get(o.stack)?.push(o);return s`<table class="grid lines"><caption>${t}</caption>
<thead><tr><th scope="col">stack</th><th scope="col">components</th></tr></thead>
<tbody>${n.map(o=>s`<tr><th scope="row">${o}</th><td>${(a.get(o)??[]).map(i=>Oe(i,r))}</td></tr>
`)}</tbody></table>`}function Oe(e,n){let t=`${e.component} in ${e.stack}: ${e.says}`;return s`<a class="sq ${e.standing}" href="#${E(e.id)}" data-of="${k([e.id],n)}" aria-label="${t}" title="${t}">${$(e.standing)}</a>`}function Te(e){return[...new Set(e)].sort()}function K(e,n){return`${e} ${n}${e===1?"":"s"}`}function Fe({history:e},n){return s`<section id="history" aria-labelledby="history-h" tabindex="-1">
<h2 id="history-h">History</h2>
${e.length===0?s`<p class="calm">Nothing was applied yet.</p>`:w("What was applied, failed or was rejected, newest first; times are those of the last instance of a line",[{name:"change",head:!0,cell:St},{name:"instances",cell:t=>s`${t.of.length>4&&s`<b>${t.of.length}</b>: `}${q(t.of,n)}`},{name:"came to",cell:t=>Vt(t,n)},{name:"plan \u2192 yes",cell:({plannedMs:t,approvedMs:r})=>J(t,r)},{name:"yes \u2192 end",cell:({approvedMs:t,atMs:r})=>J(t,r)},{name:"merge \u2192 end",cell:({commit:t,atMs:r})=>J(t?.atMs,r)}],e,t=>s` data-of="${k(t.of,n)}"`)}
</section>`}function St({commit:e}){return e===void 0?"a commit that is not recorded any more":s`${C(e)}${e.atMs!==void 0&&s`<br><span class="dim">${h(e.atMs)}</span>`}`}function Vt({kind:e,atMs:n,by:t,note:r},a){let o=t.length===0?"":` by ${t.join(", ")}`;return s`${e!=="applied"&&$("failed")}${e}${o}, ${y(n,a)}${r!==void 0&&s`<br><span class="dim">${r}</span>`}`}function J(e,n){return e===void 0||n===void 0||n<e?"\u2013":L(n-e)}function X(e){if("left"in e&&!("objects"in e))return s`<p class="dim">${e.left}</p>`;let n=e;return s`${n.remarks.map(t=>s`<p>⚠ ${t}</p>`)}
${n.objects.map(t=>We(t))}${n.left>0&&s`<p>${n.left} more objects are left out here.</p>`}
${n.outputs.length>0&&s`<p>Outputs: ${n.outputs.map(({name:t,value:r},a)=>s`${a>0&&", "}<code>${t}</code> ${G(r)}`)}.</p>`}
${n.drift.length>0&&s`<p><b>Met while planning:</b></p>${n.drift.map(t=>We(t))}`}
${n.objects.length+n.outputs.length+n.drift.length===0&&s`<p>No change.</p>`}`}function We(e){let n=e.because.length>0&&s` <span class="dim">(${e.because.join("; ")})</span>`,t=e.rows.flatMap(({name:r,diff:a})=>a?[{name:r,diff:a}]:[]);return s`<div class="object"><p>${e.risky&&"\u26A0 "}<code>${e.address}</code> <b>${e.phrase}</b>${n}</p>
${e.rows.length>0&&jt(e)}${e.left>0&&s`<p>${e.left} more attributes are left out here.</p>`}
${t.map(({name:r,diff:a})=>s`<p><code>${r}</code>:</p><pre>${a.join(`
`)}</pre>`)}
${e.unknown.length>0&&s`<p class="dim">Known after apply: ${e.unknown.join(", ")}.</p>`}</div>`}function jt({address:e,made:n,rows:t}){let r={name:"attribute",head:!0,cell:i=>s`<code>${i.name}</code>${i.forces&&s` <b>forces replacement</b>`}`},a={name:"before",cell:i=>G(i.before)},o={name:n?"value":"after",cell:i=>G(i.after)};return w(s`<span class="vh">Attributes of ${e}</span>`,n?[r,o]:[r,a,o],t)}function G(e){return"code"in e?s`<code>${e.code}</code>`:s`<span class="dim">${e.words}</span>`}function _e({instances:e},n){return s`<section id="instances" aria-labelledby="instances-h" tabindex="-1">
<h2 id="instances-h">Instances</h2>
${e.map(t=>It(t,n))}
</section>`}function It(e,n){let{ledger:t,flight:r,claim:a,drift:o}=e;return s`<details class="inst" data-of="${k([e.id],n)}"><summary><h3>${$(e.standing)}${D(e.id)}</h3> <span class="says">${e.says}</span></summary>
<div class="body" id="${E(e.id)}" tabindex="-1">
${Ct([["applied last",t?s`${C(t.commit)}${t.removed&&" (its removal)"}, ${h(t.atMs)}, by ${t.by}; digest ${R(t.digest)}${t.serial!==void 0&&`, state serial ${t.serial}`}`:"never"],["in flight",r&&s`${r.waits}; ${r.why.join("; ")}${r.sinceMs!==void 0&&s`; since ${y(r.sinceMs,n)}`}`],["asked by",r&&r.commits.length>0&&s`${r.commits.slice(0,5).map((i,d)=>s`${d>0&&s`<br>`}${C(i)}`)}`],["claim",a&&s`${a.purpose} by ${a.by}, run ${a.run}, number ${a.fence}, since ${h(a.sinceMs)}${a.untilMs!==void 0&&s`; lease until ${h(a.untilMs)}${a.overdue&&", which is over"}`}${a.reason!==void 0&&`: ${a.reason}`}`],["drift",o&&Nt(o)],["state",`${e.state.backend}, workspace ${e.state.workspace}`],["formerly",e.formerly.length>0&&e.formerly.join(", ")]])}
${o?.found&&s`<details class="plan"><summary>What changed outside: ${o.found.does} to put it back</summary>${X(o.found.view)}</details>`}
${e.plans.length>0&&At(e.plans)}
${e.approvals.length>0&&s`<h4>Approvals</h4>${w(s`<span class="vh">Approvals of ${e.id}</span>`,[{name:"by",head:!0,cell:i=>i.by},{name:"how",cell:i=>`${i.how}${i.destroys===void 0?"":`, for ${i.destroys} removals`}`},{name:"when",cell:i=>h(i.atMs)},{name:"digest",cell:i=>R(i.digest)}],e.approvals)}`}
${e.attempts.length>0&&Et(e)}
${e.events.length>0&&s`<details class="log"><summary>What happened: the last ${e.events.length} events</summary><ol reversed>${e.events.map(i=>s`<li>${h(i.atMs)} ${i.says}</li>`)}</ol></details>`}
</div></details>
`}function Ct(e){return s`<dl>${e.map(([n,t])=>t!==void 0&&t!==!1&&s`<dt>${n}</dt><dd>${t}</dd>`)}</dl>`}function Nt({checkedMs:e,cleanMs:n,failed:t,found:r}){return s`${r?s`${r.says}, seen first ${h(r.firstMs)}; `:""}checked ${h(e)}${n!==void 0&&s`, clean ${h(n)}`}${t&&s`; cannot be checked since ${h(t.sinceMs)}: ${t.why}`}`}function At(e){let n=e.filter(t=>t.open||"objects"in t.view);return s`<h4>Plans</h4>${w(s`<span class="vh">Plans, newest first</span>`,[{name:"made",head:!0,cell:t=>h(t.madeMs)},{name:"does",cell:t=>`${t.does}${t.provisional?", provisional":""}`},{name:"of",cell:t=>s`${t.of}, <code>${t.commit.slice(0,7)}</code>`},{name:"by",cell:t=>`${t.by}, run ${t.run}`},{name:"digest",cell:t=>R(t.digest)},{name:"status",cell:t=>t.status}],e)}
${n.map(t=>s`<details class="plan"><summary>${"dangerous"in t.view&&t.view.dangerous&&"\u26A0 "}${t.does}, as reviewers saw it: ${t.status}, digest ${R(t.digest)}</summary>
${t.reads.length>0&&s`<p>Reads ${t.reads.map((r,a)=>s`${a>0&&", "}<code>${r}</code>`)}.</p>`}
${t.provisional&&s`<p><b>Provisional:</b> made with a value that an upstream’s apply may still change.</p>`}
${X(t.view)}
${t.uncertain.length>0&&s`<p class="dim">Not held by the fingerprint: ${t.uncertain.slice(0,10).join("; ")}.</p>`}</details>`)}`}function Et({id:e,attempts:n}){return s`<h4>Attempts</h4>${w(s`<span class="vh">Attempts on ${e}, newest first</span>`,[{name:"begun",head:!0,cell:t=>h(t.startedMs)},{name:"came to",cell:t=>s`${t.action}: <b>${t.outcome}</b>${t.note!==void 0&&s`<br><span class="dim">${t.note}</span>`}`},{name:"took",cell:t=>t.endedMs===void 0?"\u2013":L(t.endedMs-t.startedMs)},{name:"by",cell:t=>t.by},{name:"commit",cell:t=>C(t.commit)}],n)}`}function ze({needs:e,instances:n,total:t,pulls:r,problems:a},o){let i=n.filter(d=>d.flight).sort((d,l)=>(d.flight?.sinceMs??Number.MAX_SAFE_INTEGER)-(l.flight?.sinceMs??Number.MAX_SAFE_INTEGER));return s`<section id="now" aria-labelledby="now-h" tabindex="-1">
<h2 id="now-h">Now</h2>
${a.length>0&&Lt(a)}
${e.length===0?s`<p class="calm">Nothing needs a person.</p>`:s`<h3>${e.length===1?"One thing needs":`${e.length} things need`} a person, oldest first</h3>
<ol class="needs">${e.map(d=>qt(d,o))}</ol>`}
${i.length===0?s`<p class="calm">Nothing is in flight: all ${t} instances are as the protected branch asks.</p>`:Rt(i,t,o)}
${r.length>0&&Ht(r,o)}
</section>`}function qt({kind:e,of:n,says:t,sinceMs:r,act:a},o){let[i,d]=qe[e],l=n.length===1?s`${W(n[0],o)} ${t}`:s`<b>${n.length} instances</b> ${t}: ${q(n,o)}`;return s`<li data-of="${k(n,o)}"><span class="kind">${$(i)}${d}</span>
<p class="says">${l}</p><p class="when">${r===void 0?"nobody knows since when":y(r,o)}</p><p class="acts">${He(a)}</p></li>
`}function Rt(e,n,t){return s`<h3 id="in-flight">In flight: ${e.length} of ${n}</h3>
${w("Merged, and not applied yet",[{name:"instance",head:!0,cell:r=>s`${$(r.standing)}${W(r.id,t)}`},{name:"waits for",cell:r=>r.flight?.waits},{name:"why",cell:r=>r.flight?.why.join("; ")},{name:"since",cell:r=>r.flight?.sinceMs===void 0?"\u2013":s`${y(r.flight.sinceMs,t)}${r.flight.commits.slice(0,1).map(({id:a,subject:o})=>s`<br><code>${a.slice(0,7)}</code> ${o}`)}`}],e,r=>s` data-of="${k([r.id],t)}"`)}`}function Ht(e,n){return s`<h3>Open changes</h3>
${w("What the gate says of each",[{name:"change",head:!0,cell:t=>s`<b>${t.name}</b> ${t.title}`},{name:"gate",cell:t=>s`${t.gate}: ${t.says}`},{name:"instances",cell:t=>q(t.of,n)},{name:"judged",cell:t=>t.atMs===void 0?"\u2013":y(t.atMs,n)}],e,t=>s` data-of="${k(t.of,n)}"`)}`}function Lt(e){return s`<div class="problems"><h3>Not everything could be read: this page may lack something</h3>
<ul>${e.slice(0,10).map(t=>s`<li>${t}</li>`)}${e.length>10&&s`<li>and ${e.length-10} more</li>`}</ul></div>`}var Z=`'use strict'
;(() => {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector))
  const one = (id) => document.getElementById(id)
  const data = JSON.parse(one('data').textContent)
  const hay = data.instances.map((it) => [
    it.id, it.component, it.stack, it.says, it.standing,
    it.ledger ? it.ledger.by + ' ' + it.ledger.commit.id + ' ' + (it.ledger.commit.subject || '') : '',
    (it.flight ? it.flight.commits : []).map((commit) => commit.id + ' ' + (commit.subject || '')).join(' '),
    it.plans.map((plan) => plan.of + ' ' + plan.by + ' ' + plan.digest.replace(/^\\w+:/, '')).join(' '),
  ].join(' ').toLowerCase())
  const rows = all('[data-of]').map((element) => ({ element, of: element.dataset.of.split(' ').filter(Boolean).map(Number), square: element.classList.contains('sq') }))
  const form = one('filter'), box = one('q'), state = one('s'), found = one('found')

  function matches() {
    const words = box.value.toLowerCase().split(/\\s+/).filter((word) => word && word !== '-s')
    if (words.length === 0 && !state.value) return undefined
    return data.instances.map((it, at) => (!state.value || it.standing === state.value) && words.every((word) => hay[at].includes(word)))
  }
  function filter() {
    const match = matches()
    for (const { element, of, square } of rows) {
      const shown = !match || of.some((at) => match[at])
      if (square) element.classList.toggle('other', !shown)
      else if (element.hidden === shown) element.hidden = !shown
    }
    for (const row of all('.grid tbody tr')) row.hidden = !!match && !row.querySelector('.sq:not(.other)')
    const count = match ? match.filter(Boolean).length : data.instances.length
    const text = match ? count + ' of ' + data.instances.length : ''
    if (found.textContent !== text) found.textContent = text
    home()
  }

  function parts() {
    const [place, query] = location.hash.slice(1).split('?')
    return { place: decodeURIComponent(place), query }
  }
  function remember() {
    const query = new URLSearchParams()
    if (box.value) query.set('q', box.value)
    if (state.value) query.set('s', state.value)
    const text = query.toString()
    const { place } = parts()
    history.replaceState(null, '', '#' + place + (text ? '?' + text : ''))
  }
  function arrive() {
    const { place, query } = parts()
    if (query !== undefined) {
      const given = new URLSearchParams(query)
      box.value = given.get('q') || ''
      state.value = given.get('s') || ''
      filter()
    }
    const target = place && one(place)
    if (!target) return
    for (let it = target; it; it = it.parentElement) {
      if (it.tagName === 'DETAILS') it.open = true
      if (it.hidden) it.hidden = false
    }
    target.scrollIntoView()
    target.focus({ preventScroll: true })
  }

  form.hidden = false
  form.addEventListener('submit', (event) => event.preventDefault())
  let waiting = 0
  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => { filter(); remember() }, data.instances.length > 500 ? 120 : 0)
  })
  addEventListener('hashchange', arrive)

  // One square of the grid takes part in the order of Tab; arrow keys move between them.
  const readout = one('readout')
  let current
  function home() {
    const first = current && !current.classList.contains('other') ? current : document.querySelector('.sq:not(.other)')
    if (first === current || !first) return
    if (current) current.tabIndex = -1
    current = first
    current.tabIndex = 0
  }
  const squares = all('.sq')
  if (squares.length > 0) {
    for (const square of squares) { square.tabIndex = -1; square.removeAttribute('title') }
    readout.hidden = false
    const told = readout.textContent
    const grid = document.querySelector('.grid')
    const say = (event) => {
      const square = event.target.closest('.sq')
      if (!square) return
      readout.textContent = square.getAttribute('aria-label')
      readout.classList.add('on')
    }
    grid.addEventListener('pointerover', say)
    grid.addEventListener('focusin', say)
    grid.addEventListener('pointerleave', () => { readout.textContent = told; readout.classList.remove('on') })
    grid.addEventListener('keydown', (event) => {
      const square = event.target.closest('.sq')
      if (!square || event.altKey || event.ctrlKey || event.metaKey) return
      const next = neighbour(square, event.key)
      if (!next) return
      event.preventDefault()
      current.tabIndex = -1
      current = next
      next.tabIndex = 0
      next.focus()
    })
  }
  function neighbour(square, key) {
    const cell = square.parentElement, row = cell.parentElement
    const side = all('.sq', row), at = side.indexOf(square)
    if (key === 'ArrowRight') return side[at + 1]
    if (key === 'ArrowLeft') return side[at - 1]
    if (key === 'Home') return side[0]
    if (key === 'End') return side[side.length - 1]
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined
    const lines = cell.querySelectorAll('.sq').length > 1 || row.cells.length === 2
    for (let it = row; (it = key === 'ArrowDown' ? it.nextElementSibling : it.previousElementSibling); ) {
      const others = all('.sq', it)
      const found = lines ? others[Math.min(at, others.length - 1)] : it.cells[cell.cellIndex].querySelector('.sq')
      if (found && !it.hidden) return found
    }
    return undefined
  }

  function relative() {
    const now = Date.now()
    for (const time of all('time.rel')) {
      const words = time.textContent.split(', ')
      const passed = now - Date.parse(time.dateTime)
      const minutes = Math.floor(passed / 60000), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24)
      const ago = minutes < 1 ? 'just now' : hours < 1 ? minutes + ' min ago' : days < 1 ? hours + ' h ago' : days === 1 ? '1 day ago' : days + ' days ago'
      if (words[0] === ago) continue
      const at = new Date(time.dateTime)
      const date = at.toISOString().slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? '' : at.getUTCDate() + ' ' + at.toLocaleString('en', { month: 'short', timeZone: 'UTC' }) + ' '
      time.textContent = ago + ', ' + date + at.toISOString().slice(11, 16) + ' UTC'
    }
    one('stale').hidden = now - data.madeMs < 86400000
  }
  relative()
  setInterval(relative, 60000)

  if (navigator.clipboard)
    for (const command of all('.acts .cmd')) {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'copy'
      button.textContent = 'copy'
      button.setAttribute('aria-label', 'copy ' + command.textContent)
      button.addEventListener('click', () => navigator.clipboard.writeText(command.textContent).then(() => {
        button.textContent = 'copied'
        setTimeout(() => { button.textContent = 'copy' }, 1500)
      }))
      command.after(button)
    }

  filter()
  arrive()
})()
`;var Y=`
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
.bar form { display: flex; flex: 1 1 18rem; gap: .5rem; align-items: center; justify-content: flex-end }
input, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--dim); border-radius: 4px; padding: .25rem .5rem; min-width: 0 }
input { flex: 1 1 8rem; max-width: 22rem }
#found { color: var(--dim); min-width: 5.5rem }
.needs li { display: grid; grid-template-columns: 8.5rem 1fr auto; gap: 0 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line) }
.kind { color: var(--accent); font-weight: 600; white-space: nowrap }
.when { color: var(--dim); text-align: right }
.acts { grid-column: 2 / -1; display: flex; flex-wrap: wrap; gap: .25rem .5rem; margin-top: .25rem }
.cmd { background: var(--soft); border-radius: 4px; padding: .1rem .4rem }
.copy { font: inherit; font-size: .85em; color: inherit; background: none; border: 1px solid var(--line); border-radius: 4px; padding: 0 .4rem; margin-left: .35rem; cursor: pointer }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; padding-bottom: .25rem }
th { text-align: left; font-weight: 600 }
.flow th, .flow td { vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--line) }
.flow thead th { color: var(--dim); font-weight: 400 }
.flow tbody th { font-weight: 400 }
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
.lines tbody th { vertical-align: top }
.sq { display: inline-grid; place-items: center; width: 1.75rem; height: 1.75rem; border-radius: 3px }
.sq .sign { width: 1.05rem; height: 1.05rem; margin: 0 }
.sq.clean { color: var(--dim) }
.sq.failed, .sq.drifted { color: var(--accent) }
.sq:hover { background: var(--soft) }
.sq.other { opacity: .18 }
.inst { border-bottom: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 2.6rem }
.inst > summary { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; padding: .5rem 0; cursor: pointer }
.inst > summary::before { content: "\u25B8"; color: var(--dim); width: .75rem }
.inst[open] > summary::before { content: "\u25BE" }
.inst > summary::-webkit-details-marker { display: none }
.inst h3 { margin: 0; font-weight: 400 }
.inst h3 b { font-weight: 600 }
.inst .says { color: var(--dim) }
.body { padding: 0 0 1.5rem 1.75rem; scroll-margin-top: 7rem }
dl { display: grid; grid-template-columns: 7.5rem 1fr; gap: .2rem 1rem }
dt { color: var(--dim) }
dd { margin: 0 }
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
  .bar form { flex-basis: 100% }
  .readout { top: 6rem }
  .needs li { grid-template-columns: 1fr auto }
  .needs .says { grid-column: 1 / -1; grid-row: 2 }
  .acts { grid-column: 1 / -1 }
  .flow, .flow tbody, .flow tr, .flow th, .flow td, .flow caption { display: block }
  .flow thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .flow tr { padding: .5rem 0; border-bottom: 1px solid var(--line) }
  .flow th, .flow td { border: 0; padding: 0; display: grid; grid-template-columns: 6.5rem 1fr; gap: .5rem }
  .flow th::before, .flow td::before { content: attr(data-l); color: var(--dim) }
  .body { padding-left: 0 }
  dl { grid-template-columns: 1fr }
  dd { margin-bottom: .4rem }
}
@media print {
  .bar, .skip, .readout, .copy { display: none !important }
  body { max-width: none; font-size: 10pt }
  .needs li, .flow tr, .object { break-inside: avoid }
  .inst { content-visibility: visible }
}
@media (forced-colors: active) { .sq.other { opacity: 1; visibility: hidden } }
`;var Q='<meta name="generator" content="airlock dashboard">';function Ue(e){let{madeMs:n,instances:t,needs:r,repository:a,branch:o}=e,i={madeMs:n,instances:t,index:new Map(t.map(({id:p},m)=>[p,m]))},d=`default-src 'none'; style-src '${Be(Y)}'; script-src '${Be(Z)}'; base-uri 'none'; form-action 'none'`,l=r.length===0?"":`(${r.length}) `;return s`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${I(Q)}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${I(d)}">
<meta name="referrer" content="no-referrer">
<title>${l}${a} · Airlock</title>
<style>${I(Y)}</style>
</head>
<body>
<a class="skip" href="#now">Skip to what needs a person</a>
${Ft}
<header>
<h1>${a}</h1>
<p class="lead">${Dt(e)}</p>
<p class="dim">${o.name} at <code>${o.tip.slice(0,7)}</code>, looked at ${y(n,i)}</p>
<p id="stale" hidden><b>This page is more than a day old.</b> airlock dashboard makes a new one.</p>
</header>
<div class="bar">
<nav aria-label="Parts of this page"><ul><li><a href="#now">Now</a></li><li><a href="#estate">Estate</a></li><li><a href="#history">History</a></li><li><a href="#instances">Instances</a></li></ul></nav>
<form id="filter" role="search" hidden><label class="vh" for="q">Filter instances by name, person, commit or digest</label><input id="q" type="search" placeholder="filter: vpc prod" autocomplete="off" spellcheck="false"><label class="vh" for="s">Filter instances by state</label><select id="s"><option value="">any state</option>${F.map(p=>s`<option value="${p}">${O[p]}</option>`)}</select><span id="found" role="status" aria-live="polite"></span></form>
</div>
<main>
${ze(e,i)}
${De(e,i)}
${Fe(e,i)}
${_e(e,i)}
</main>
<footer><p>Made by <code>airlock dashboard</code> from the records${e.baseline&&s`; in charge since ${y(e.baseline.atMs,i)}, adopted by ${e.baseline.by}`}. Nothing here is live: what is true now says <code>airlock status</code>.</p></footer>
<script type="application/json" id="data">${Ae(Ot(e))}</script>
<script>${I(Z)}</script>
</body>
</html>
`.html}function Dt({needs:e,counts:n,total:t}){let r=n["in-flight"]+n["never-applied"]+n.failed,a=[e.length===0?s`Nothing needs a person`:s`<strong>${e.length} ${e.length===1?"thing needs":"things need"} a person</strong>`,s`${r} of ${t} in flight`,...n.failed>0?[s`${n.failed} failed`]:[],...n.drifted>0?[s`${n.drifted} drifted`]:[],...n.orphan>0?[s`${n.orphan} orphaned`]:[]];return s`${a.map((o,i)=>s`${i>0&&" \xB7 "}${o}`)}`}function Ot(e){return{...e,instances:e.instances.map(({events:n,attempts:t,drift:r,...a})=>({...a,plans:a.plans.map(({view:o,reads:i,uncertain:d,...l})=>l)}))}}function Be(e){return`sha256-${Tt("sha256").update(e).digest("base64")}`}var Ft=I(`<svg width="0" height="0" aria-hidden="true" focusable="false" class="vh"><defs>
<symbol id="sign-clean" viewBox="0 0 16 16"><rect x="2" y="2" width="12" height="12" rx="1" fill="currentColor"/></symbol>
<symbol id="sign-in-flight" viewBox="0 0 16 16"><path d="M2 2h6v12H2z" fill="currentColor"/><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="sign-never-applied" viewBox="0 0 16 16"><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="sign-failed" viewBox="0 0 16 16"><path d="M3 3l10 10M13 3L3 13" fill="none" stroke="currentColor" stroke-width="2.6"/></symbol>
<symbol id="sign-drifted" viewBox="0 0 16 16"><path d="M1 6q3.5-5 7 0t7 0M1 12q3.5-5 7 0t7 0" fill="none" stroke="currentColor" stroke-width="2"/></symbol>
<symbol id="sign-orphan" viewBox="0 0 16 16"><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.4 2"/></symbol>
</defs></svg>`);import{posix as un}from"node:path";function Ke({document:e,standing:n}){return z(n)!==void 0?"failed":n.kind==="orphan"?"orphan":n.kind==="in-flight"?n.why.every(({kind:r})=>r==="never-applied")?"never-applied":"in-flight":_(e.drift?.found?.class)?"drifted":"clean"}function _(e){return e==="out-of-band"||e==="external-data"}function z(e){if(e.kind==="orphan")return e.attempt&&{attempt:e.attempt,outcome:ee(e.attempt.outcome)};if(e.kind!=="in-flight")return;let n=e.why.find(a=>a.kind==="attempt-not-done");if(n?.kind!=="attempt-not-done")return;let{attempt:t,outcome:r}=n;if(!(r==="running"&&e.waitsFor.kind==="running"&&e.holder!=="over"))return{attempt:t,outcome:ee(r)}}function ee(e){return e==="failed"||e==="partial"?e:"unknown"}function Je(e){let{standing:n,document:t}=e;switch(n.kind){case"clean":{let r=t.drift?.found;return r!==void 0&&_(r.class)?P[r.class]:t.claim?.purpose==="hold"?`applied and clean, held by ${t.claim.holder.by}`:"applied and clean"}case"in-flight":{let r=z(n),a=r===void 0?"":`last apply ${S[r.outcome]}; `;return`${n.why.some(({kind:i})=>i==="never-applied")?"never applied; ":""}${a}${v(n)}`}case"follows":return`applied; follows ${Xe(n.upstreams)}, with a plan${_t(n)}`;case"orphan":return te(n)+(n.attempt?`; last apply ${S[ee(n.attempt.outcome)]}`:"")}}function v({waitsFor:e,holder:n}){switch(e.kind){case"running":return n==="over"?`left by ${e.claim.holder.by}, run ${e.claim.holder.run}, whose process is gone`:`being applied by ${e.claim.holder.by}, run ${e.claim.holder.run}`;case"hold":return`held by ${e.claim.holder.by}${e.claim.reason===void 0?"":`: ${e.claim.reason}`}`;case"plan":return"waits for a plan";case"re-plan":return`must be planned again: ${Wt(e.why)}`;case"upstream":return`waits for ${Xe(e.of)}`;case"approval":return`waits for approval: ${u(e.plan.changes)}`;case"rejected":return`rejected by ${e.rejection.by}${e.rejection.note===void 0?"":`: ${e.rejection.note}`}`;case"finish":return"what was left of the approved plan waits for apply";case"apply":return be(e.plan)?"nothing to change, waits for apply":`approved, waits for apply: ${u(e.plan.changes)}`}}function Ge(e){switch(e.kind){case"never-applied":return"it was never applied";case"changed":return"the protected branch asks for something else than what was applied";case"gone":return"its declaration was removed";case"attempt-not-done":return e.outcome==="running"?`an ${e.attempt.action} by ${e.attempt.by} was begun and has not ended`:`the last ${e.attempt.action}, by ${e.attempt.by}, ${S[e.outcome==="rejected"?"unknown":e.outcome]}`;case"read-moved":return`a value that it read is another now: ${e.reads.map(({call:n})=>n).join(", ")}`}}var S={done:"went well",failed:"failed, nothing was changed",partial:"failed half-way",unknown:"ended nobody knows how"};function te({why:e,words:n}){return e==="closed"?n:`${n}; what it made stays`}function Wt(e){return e==="expired"?"its plan has expired":T(e)}function Xe(e,n=4){return e.slice(0,n).map(r=>r.replace(/@([^@]*)$/," in $1")).join(", ")+(e.length>n?` and ${e.length-n} more`:"")}function _t({approval:e,plan:n}){switch(e.kind){case"missing":return` that waits for approval: ${u(n.changes)}`;case"approved":return` that is approved: ${u(n.changes)}`;case"rejected":return` that ${e.rejection.by} rejected`;case"not-needed":return`: ${u(n.changes)}`}}function Ze(e){return e===se}var zt=400;function Ye(e,n){let t=new Map;for(let r of e.flatMap(Ut)){let a=JSON.stringify([r.kind,r.commit??[r.id,r.atMs],r.note??""]);t.set(a,[...t.get(a)??[],r])}return[...t.values()].map(r=>Bt(r,n)).sort((r,a)=>a.atMs-r.atMs).slice(0,zt)}function Bt(e,n){let t=e[0],r=e.flatMap(({plannedMs:o})=>o??[]),a=e.flatMap(({approvedMs:o})=>o??[]);return{kind:t.kind,...t.commit!==void 0&&{commit:n(t.commit)},of:[...new Set(e.map(({id:o})=>o))].sort(),atMs:Math.max(...e.map(({atMs:o})=>o)),...r.length>0&&{plannedMs:Math.min(...r)},...a.length>0&&{approvedMs:Math.max(...a)},by:[...new Set(e.flatMap(({by:o})=>o??[]))].sort(),...t.note!==void 0&&{note:t.note}}}function Ut({id:e,events:n,document:t}){let r=new Map,a=new Map,o=new Map,i=new Map(t.attempts.map(c=>[c.id,c])),d,l,p=[],m=c=>({plannedMs:c===void 0?void 0:r.get(c),approvedMs:c===void 0?void 0:a.get(c)});for(let c of n)switch(c.kind){case"plan-stored":r.set(c.digest,r.get(c.digest)??c.atMs),r.set(c.fingerprint,r.get(c.fingerprint)??c.atMs);break;case"approved":a.set(c.digest,c.atMs);break;case"claimed":l=c.by;break;case"attempt-started":d=c.digest,o.set(c.attempt,c.digest);break;case"attempt-ended":{let f=i.get(c.attempt);if(d=o.get(c.attempt),c.outcome==="done")break;let[g,b]=[f?.commit,f?.by??l],H=f?.note??S[c.outcome==="rejected"?"unknown":c.outcome];p.push({id:e,kind:"failed",commit:g,atMs:c.atMs,...m(d),by:b,note:H}),d=void 0;break}case"rejected":{let f=t.attempts.find(b=>b.outcome==="rejected"&&b.digest===c.digest)?.commit,g=c.reason;p.push({id:e,kind:"rejected",commit:f,atMs:c.atMs,...m(c.digest),by:c.by.name,note:g});break}case"advanced":{let{commit:f,atMs:g}=c,b=d===void 0?t.ledger?.by:l;p.push({id:e,kind:"applied",commit:f,atMs:g,...m(d??c.fingerprint),by:b,note:void 0}),d=void 0;break}}return p}function Qe(e){return{atMs:e.atMs,says:Kt(e)}}function Kt(e){switch(e.kind){case"plan-stored":return`plan stored, digest ${j(e.digest)}`;case"plan-superseded":return`plan superseded: ${T(e.why)}`;case"approved":return`approved by ${e.by.name}, digest ${j(e.digest)}`;case"rejected":return`rejected by ${e.by.name}: ${e.reason}`;case"claimed":return`claimed by ${e.by}, run ${e.run}`;case"taken-over":return`claim taken over from ${e.from}, run ${e.fromRun}`;case"released":return"claim released";case"unlocked":return`unlocked by ${e.by}: ${e.reason}`;case"attempt-started":return`apply begun, digest ${j(e.digest)}`;case"attempt-ended":return`apply ended: ${e.outcome}`;case"attempt-settled":return`${e.by} looked: ${Ne({...e,mayExist:e.mayExist.map(n=>({address:n,type:""}))})}`;case"lock-released":return`Terraform's lock ${e.lock} released by ${e.by}${e.reason===void 0?"":`: ${e.reason}`}`;case"advanced":return`the ledger says ${e.commit.slice(0,7)} now`;case"renamed":return`renamed from ${e.from} to ${e.to}`;case"drifted":return`drift seen: ${P[e.class]}`;case"drift-gone":return"drift gone";case"drift-check-failed":return`cannot be checked for drift: ${e.why}`}}function nt(e,n){let t=e.flatMap(o=>Gt(o,n)),r=t.filter(({kind:o})=>!et.has(o)),a=[...et].flatMap(([o,i])=>{let d=t.filter(l=>l.kind===o);return d.length<2?d:[Jt(d,i)]});return[...r,...a].sort((o,i)=>(o.sinceMs??Number.MAX_SAFE_INTEGER)-(i.sinceMs??Number.MAX_SAFE_INTEGER))}var et=new Map([["plan","airlock plan"],["apply","airlock apply"]]);function Jt(e,n){let t=e.flatMap(({sinceMs:r})=>r??[]);return{kind:e[0].kind,of:e.flatMap(({of:r})=>r),says:e[0].kind==="plan"?"wait for a plan":"are approved and wait for apply",...t.length>0&&{sinceMs:Math.min(...t)},act:[{command:n}]}}function Gt(e,n){let{id:t,document:r,standing:a}=e,o=A(t),i=(d,l,p,m)=>({kind:d,of:[t],says:l,...p!==void 0&&{sinceMs:p},act:m});return[...r.claim?Xt(e,n,i):[],...r.claim?[]:Zt(e,i),...a.kind==="clean"||a.kind==="follows"?Yt(e,i):[],...r.drift?.failed?[i("check-failing",`cannot be checked for drift: ${r.drift.failed.why}`,r.drift.failed.sinceMs,[{command:`airlock plan ${o}`}])]:[]]}function Xt({id:e,document:n,standing:t},r,a){let{claim:o}=n;if(o===void 0)return[];let{by:i,run:d}=o.holder,l=[{command:`airlock unlock ${A(e)} --reason "\u2026"`}];if(o.purpose==="hold"){let f=o.reason===void 0?"":`: ${o.reason}`;return[a("held",`is held by ${i}${f}`,o.sinceMs,[{words:`ask ${i}`},...l])]}let p=o.untilMs!==void 0&&o.untilMs<=r,m=t.kind==="in-flight"&&t.holder==="over";return!p&&!m?[]:[a("left",`was left by ${i}, run ${d}, ${m?"whose process is gone":"and the lease is over"}`,o.untilMs??o.sinceMs,l)]}function Zt({id:e,document:n,standing:t},r){let a=A(e),o={command:`airlock show ${a}`},i=z(t);if(i!==void 0){let{attempt:d,outcome:l}=i,p=d.note===void 0?"":` (${d.note})`,m=t.kind==="in-flight"?`; it ${v(t)}`:"";return[r(l==="unknown"?"unknown":"failed",`the last ${d.action}, by ${d.by}, ${S[l]}${p}${m}`,d.endedMs??d.startedMs,V(a,t))]}switch(t.kind){case"clean":return[];case"follows":return t.approval.kind==="missing"?[r("approval",tt(t.plan),t.plan.createdMs,[o,{command:`airlock approve ${a}`}])]:[];case"orphan":{if(["disabled","abstract","closed"].includes(t.why))return[];let d=t.why==="elsewhere"?"move its state: terraform init -migrate-state":"bring it back, or remove it by name",l=n.ledger?.atMs;return[r("orphan",`${te(t)}${l===void 0?"":" (applied last at that time)"}`,l,[{words:d},o])]}case"in-flight":{let{waitsFor:d}=t,l=t.commits.flatMap(({atMs:m})=>m??[]),p=l.length>0?Math.min(...l):void 0;switch(d.kind){case"approval":return[r("approval",tt(d.plan),d.plan.createdMs,V(a,t))];case"rejected":return[r("rejected",`was ${v(t)}`,d.rejection.startedMs,V(a,t))];case"plan":return[r("plan",v(t),p,V(a,t))];case"re-plan":return[r("plan",v(t),p,V(a,t))];case"finish":return[r("apply",v(t),d.attempt.startedMs,V(a,t))];case"apply":{let m=t.approval?.kind==="approved"?t.approval.approval.atMs:d.plan.createdMs;return[r("apply",`is ${v(t)}`,m,V(a,t))]}case"running":case"hold":case"upstream":return[]}}}}function tt(e){return`waits for approval: ${u(e.changes)}`}function V(e,n){let t={command:`airlock show ${e}`};if(n.kind!=="in-flight")return[t];switch(n.waitsFor.kind){case"approval":return[t,{command:`airlock approve ${e}`}];case"rejected":return[{words:"change or revert it in a pull request, or approve it after all"},{command:`airlock approve ${e}`}];case"plan":case"re-plan":return[{command:`airlock plan ${e}`}];case"apply":case"finish":return[{command:`airlock apply ${e}`}];case"running":return n.holder==="over"?[{command:`airlock unlock ${e} --reason "\u2026"`}]:[t];case"hold":return[{command:`airlock unlock ${e} --reason "\u2026"`}];case"upstream":return[t]}}function Yt({id:e,document:n},t){let r=n.drift?.found;if(r===void 0||!_(r.class))return[];let a=[{command:`airlock drift --remediate ${A(e)}`}];return[t("drifted",`${P[r.class]}: ${u(r.changes)} to put it back`,r.firstMs,a)]}var Qt=30;function rt(e){let{nowMs:n,repository:t,branch:r,total:a,pulls:o,baseline:i,problems:d}=e,l=m=>e.commits.get(m)??{id:m},p=e.instances.map(m=>nn(m,e,l)).sort((m,c)=>m.id<c.id?-1:m.id>c.id?1:0);return{format:1,madeMs:n,repository:t,branch:r,total:a,counts:tn(p),needs:nt(e.instances,n),instances:p,history:Ye(e.instances,l),pulls:o,...i&&{baseline:i},problems:d}}function ot(e){let n=e.flatMap(({document:o})=>o.plans.filter(({status:i})=>i.kind==="open")),t=e.flatMap(({document:o})=>o.drift?.found?.model??[]),a=e.flatMap(({document:o})=>en(o)??[]).toSorted((o,i)=>i.createdMs-o.createdMs);return[...new Set([...n.map(({model:o})=>o),...t,...a.map(({model:o})=>o)])]}function en({plans:e,ledger:n,attempts:t}){let r=t.at(-1)?.plan;return e.findLast(({id:a,digest:o,status:i})=>a===r||i.kind==="applied"&&o===n?.digest)}function tn(e){let n=t=>e.filter(r=>r.standing===t).length;return{failed:n("failed"),drifted:n("drifted"),"never-applied":n("never-applied"),"in-flight":n("in-flight"),clean:n("clean"),orphan:n("orphan")}}function nn(e,n,t){let{id:r,component:a,stack:o,document:i}=e,{ledger:d,claim:l,drift:p}=i,m=rn(e);return{id:r,component:a,stack:o,standing:Ke(e),says:Je(e),formerly:i.names.filter(c=>c!==r),state:{backend:i.address.backend,workspace:i.address.workspace},...d&&{ledger:{commit:t(d.commit),atMs:d.atMs,by:d.by,digest:d.digest,...d.state&&{serial:d.state.serial},removed:Ze(d.fingerprint)}},...m&&{flight:m},...l&&{claim:on(l,n.nowMs)},plans:i.plans.toReversed().map(c=>an(c,n)),approvals:i.approvals.toReversed().map(({by:c,how:f,atMs:g,digest:b,destroys:H})=>({by:c.name,how:f,atMs:g,digest:b,...H!==void 0&&{destroys:H}})),attempts:i.attempts.toReversed().map(c=>({id:c.id,action:c.action,outcome:c.outcome??"not ended",by:c.by,commit:t(c.commit),startedMs:c.startedMs,...c.endedMs!==void 0&&{endedMs:c.endedMs},...c.note!==void 0&&{note:c.note}})),...p&&{drift:ln(p,n)},events:e.events.slice(-Qt).toReversed().map(Qe)}}function rn({standing:e}){if(e.kind!=="in-flight")return;let n=e.commits.flatMap(({atMs:t})=>t??[]);return{why:e.why.map(Ge),waits:v(e),...n.length>0&&{sinceMs:Math.min(...n)},commits:e.commits.slice(0,20)}}function on(e,n){let{purpose:t,holder:r,fence:a,sinceMs:o,untilMs:i,reason:d}=e;return{purpose:t,by:r.by,run:r.run,fence:a,sinceMs:o,...i!==void 0&&{untilMs:i},...d!==void 0&&{reason:d},overdue:i!==void 0&&i<=n}}function an(e,{nowMs:n,views:t}){let{status:r}=e,a=r.kind==="open"&&n<e.expiresMs,o=t.get(e.model);return{id:e.id,digest:e.digest,does:u(e.changes),madeMs:e.createdMs,by:e.by,run:e.run,commit:e.commit,of:sn(e),status:dn(e,n),open:a,provisional:e.provisional,reads:e.reads.map(({call:i})=>i),uncertain:e.uncertain,view:o??{left:"not shown here"}}}function sn({pullRequest:e,branch:n,merged:t}){return e!==void 0?`#${e}`:t!==void 0&&t.length>0?`merged ${t.map(r=>`#${r}`).join(", ")}`:n===void 0?"the protected branch":`branch ${n}`}function dn({status:e,expiresMs:n},t){switch(e.kind){case"open":return t<n?"open":"expired";case"applied":return"applied";case"superseded":return"superseded"}}function ln(e,{views:n}){let{checkedMs:t,cleanMs:r,failed:a,found:o}=e;return{checkedMs:t,...r!==void 0&&{cleanMs:r},...a&&{failed:{sinceMs:a.sinceMs,why:a.why}},...o&&{found:{says:P[o.class],does:u(o.changes),firstMs:o.firstMs,lastMs:o.lastMs,view:n.get(o.model)??{left:"not shown here"}}}}}var x={objects:120,rows:80,chars:300,names:60,outputs:60,lines:120};function st(e){let n=e.changes.filter(me).toSorted(Ve),t=e.deferred.map(({reason:a,change:o})=>({...lt(o),because:[`deferred: ${a.replaceAll("_"," ")}`]})),r=[...n.map(a=>at(a)),...t];return{does:u(ye(e)),dangerous:we(e),remarks:cn(e),objects:r.slice(0,x.objects),drift:e.drift.slice(0,20).map(a=>({...at(a),phrase:`was ${a.action==="delete"?"deleted":"changed"} outside of Terraform`,risky:!1})),outputs:e.outputs.filter(({action:a})=>a!=="no-op").slice(0,x.outputs).map(({name:a,action:o,after:i})=>({name:M(a,200),value:o==="delete"||i===void 0?{words:"removed"}:ne(i,80)})),left:Math.max(0,r.length-x.objects)}}function dt(e){return JSON.stringify(e).length}function cn(e){let n=e.checks.filter(({status:t})=>t==="fail"||t==="error");return[...e.errored?["Planning stopped half-way: this is not all that would change."]:[],...e.complete?[]:["This plan is not the whole: some changes are left to a later one."],...n.slice(0,20).map(({address:t,status:r,problems:a})=>`${t} ${r==="fail"?"fails":"could not be checked"}: ${M(a.join("; "),500)}`),...e.invocations.slice(0,20).map(({address:t})=>`Runs the action ${t}.`),...e.shortSecrets>0?[`Secret values shorter than four characters are not looked for in it: ${e.shortSecrets}.`]:[]]}function lt(e){return{address:M(e.address,400),phrase:`will be ${Pe(e)}`,risky:je(e),because:Se(e).map(({text:n,names:t})=>[n,t.slice(0,8).join(", ")].join(" ").trim()),made:e.before===void 0,rows:[],left:0,unknown:[]}}function at(e){let n=lt(e);if(e.action==="forget"||e.action==="read")return n;if(e.action==="delete")return{...n,because:[...n.because,...pn(e.before)]};let{rows:t,unknown:r}=Me(e);return{...n,rows:t.slice(0,x.rows).map(mn),left:Math.max(0,t.length-x.rows),unknown:r.slice(0,x.names)}}function mn(e){let n=fn(e);return{name:M(e.name,200),before:n?{words:"text"}:ne(e.before,x.chars),after:n?{words:"changed, below"}:ne(e.after,x.chars),forces:e.forcesReplacement,...n&&{diff:n}}}function ne(e,n){switch(e?.kind){case void 0:return{words:"\u2013"};case"unknown":return{words:"known after apply"};case"sensitive":return{words:e.changed?"sensitive, changed":"sensitive"};case"known":case"list":case"map":return{code:M(ke(e),n)}}}function pn(e){for(let n of["arn","id","name"]){let t=$e(e,[n]);if(t?.kind==="known"&&typeof t.value=="string")return[`${n} ${M(t.value,200)}`]}return[]}function fn({before:e,after:n}){let[t,r]=[it(e),it(n)];if(!(t===void 0||r===void 0||!(t+r).trim().includes(`
`)))return Ce(t,r)?.slice(0,x.lines).map(a=>M(a,x.chars))}function it(e){return e===void 0?"":e.kind==="known"&&typeof e.value=="string"?e.value:void 0}var ct=60,hn=400,gn=1e6,B=32;async function pt(e){let n=await Ie(e),t=[],r=await yn(e,n,t),a=rt({nowMs:n.nowMs,repository:await vn(e),branch:n.branch,total:n.total,instances:r,commits:await kn(e,r),views:await $n(e,r,t),pulls:[],baseline:void 0,problems:t});return xn(a,re(e.ambient.env))}async function yn(e,{checkout:n,items:t,commits:r,documents:a},o){let i=new Map(t.filter(({kind:m})=>m!=="absent").map(m=>[m.id,m])),d=[...n.subjects.values()].map(({instance:m})=>({id:m.id,component:m.component,stack:m.stack,document:pe(a,m),standing:mt(i.get(m.id),r)})),l=t.flatMap(m=>wn(m)?[{...m,standing:mt(m,r)}]:[]),p=[...d,...l.map(({id:m,component:c,stack:f,document:g,standing:b})=>({id:m,component:c,stack:f,document:g,standing:b}))];return ht(p,async m=>({...m,events:await bn(e,m.document,o)}))}function wn(e){return e.kind==="absent"||e.kind==="in-flight"&&e.removal!==void 0}function mt(e,n){switch(e?.kind){case void 0:case"drifted":case"unknown":case"moved":return{kind:"clean"};case"in-flight":{let{kind:t,why:r,waitsFor:a,holder:o,plan:i,approval:d}=e;return{kind:t,why:r,waitsFor:a,holder:o,plan:i,approval:d,commits:(n.get(e.id)??[]).map(ut)}}case"follows":{let{kind:t,upstreams:r,plan:a,approval:o}=e;return{kind:t,upstreams:r,plan:a,approval:o}}case"absent":return{kind:"orphan",why:e.why,words:e.words,attempt:e.attempt}}}async function bn({store:e},{address:n,outbox:t,rev:r},a){if(r===0)return[];let o=(await e.list(ce(ie(n)))).slice(-ct),i=await Promise.all(o.map(async l=>{let p=await e.get(l);return p&&ft(()=>le(de,p.bytes,l),a)}));return[...new Map([...i,...t].flatMap(l=>l?[[l.id,l]]:[])).values()].sort((l,p)=>l.id<p.id?-1:1).slice(-ct)}async function $n({store:e},n,t){let r=new Map,a=ot(n),o=0;for(let i=0;i<a.length;i+=B){let d=a.slice(i,i+B);if(o>=gn){for(let p of a.slice(i))r.set(p,{left:"left out, since this page would become too large"});break}let l=await Promise.all(d.map(p=>e.get(p)));for(let[p,m]of d.entries()){let c=l[p],f=c&&ft(()=>ve(c.bytes,`plan ${m}`),t),g=f&&st(f);r.set(m,g??{left:c?"it cannot be read":"it is no longer in the store"}),o+=g?dt(g):0}}return r}function ft(e,n){try{return e()}catch(t){if(!(t instanceof N))throw t;n.push(t.message);return}}async function kn({repo:e},n){let t=n.flatMap(({document:{ledger:o,attempts:i},events:d})=>[...o?[{id:o.commit,atMs:o.atMs}]:[],...i.map(({commit:l,startedMs:p})=>({id:l,atMs:p})),...d.flatMap(l=>l.kind==="advanced"?[{id:l.commit,atMs:l.atMs}]:[])]),r=new Map(t.sort((o,i)=>i.atMs-o.atMs).map(({id:o})=>[o,o])),a=await ht([...r.keys()].slice(0,hn),async o=>{let i=await e.resolve(o);return i&&ut(await e.info(i))});return new Map(a.flatMap(o=>o?[[o.id,o]]:[]))}function ut({id:e,subject:n,timeMs:t}){return{id:e,subject:n,atMs:t}}async function vn({repo:e}){let n=await e.config("remote.origin.url");return(n&&fe(n))??un.basename(e.mainWorktree)}function xn(e,n){let t=oe(n),r=new Map,a=i=>{let d=r.get(i)??ae(i,t);return r.set(i,d),d},o=i=>typeof i=="string"?a(i):Array.isArray(i)?i.map(o):typeof i!="object"||i===null?i:Object.fromEntries(Object.entries(i).map(([d,l])=>[d,o(l)]));return o(e)}async function ht(e,n){let t=[];for(let r=0;r<e.length;r+=B)t.push(...await Promise.all(e.slice(r,r+B).map(n)));return t}import{randomUUID as Mn}from"node:crypto";import{open as Pn,realpath as Sn,rename as Vn,rm as jn,stat as gt,writeFile as In}from"node:fs/promises";import{dirname as yt,join as wt}from"node:path";async function bt(e,n,t){let r=yt(e),a=await gt(r).catch(()=>{});if(!a?.isDirectory())throw U(n,a?`${r} is no folder`:`there is no folder ${r}`,"name a file in a folder that exists");let o=await gt(e).catch(()=>{});if(o!==void 0){if(!o.isFile())throw U(n,o.isDirectory()?"it is a folder":"it is no ordinary file",o.isDirectory()?`name a file in it: --out ${wt(n,"index.html")}`:"name an ordinary file, or - to print the page");if(!(t||o.size===0||(await Cn(e,n)).includes(Q)))throw new N({code:"dashboard-over-other",message:`${n} is there already and is no dashboard of Airlock`,fix:"name another file, or replace it with --force",exit:2})}}async function $t(e,n){let t=await Sn(e).catch(()=>e),r=wt(yt(t),`.${Mn()}.tmp`);try{await In(r,n,{flag:"wx"}),await Vn(r,t)}catch(a){throw await jn(r,{force:!0}).catch(()=>{}),U(e,a instanceof Error?a.message:String(a),"name another file",a)}}async function Cn(e,n){try{let t=await Pn(e);try{let{buffer:r,bytesRead:a}=await t.read(Buffer.alloc(1024),0,1024,0);return r.toString("utf8",0,a)}finally{await t.close()}}catch(t){throw U(n,t instanceof Error?t.message:String(t),"name another file",t)}}function U(e,n,t,r){return new N({code:"file-unwritable",message:`${e} cannot be written: ${n}`,fix:t,exit:2,cause:r})}var ho={name:"dashboard",summary:"One page of all there is: what needs a person, the estate, its history",usage:"airlock dashboard [--out FILE] [--force] [--json]",description:`Writes one HTML file from the records and the tip of the protected branch. It asks nothing of any network, and holds
nothing that a pull request comment would not show. An earlier dashboard is replaced; any other file only with --force.`,examples:[{command:"airlock dashboard",does:"write airlock-dashboard.html here"},{command:"airlock dashboard --out public/index.html",does:"where a web server finds it"},{command:"airlock dashboard --json",does:"print the data of the page for programs"}],flags:[{name:"out",short:"o",type:"string",value:"FILE",help:"Where to write it; - prints it"},{name:"force",type:"boolean",help:"Replace a file that is no dashboard"}],positional:[],async run({flags:e},n){let t=e.out??"airlock-dashboard.html",r=n.resolve(t),a=!e.json&&t!=="-";a&&await bt(r,t,e.force===!0);let o=await pt(await ue(n));if(e.json)return n.print(JSON.stringify(o,void 0,2)),0;let i=Ue(o);if(!a)return n.print(i),0;await $t(r,i);let d=o.needs.length;return n.print(`Wrote ${t}: ${Nn(new TextEncoder().encode(i).length)}, ${o.instances.length} instances.`),n.print(d===0?"Nothing needs a person.":`${d} ${d===1?"thing needs":"things need"} a person: open it, or airlock status.`),0}};function Nn(e){return e<1e6?`${Math.ceil(e/1e3)} kB`:`${(e/1e6).toFixed(1)} MB`}export{ho as command};
