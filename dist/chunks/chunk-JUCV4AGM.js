import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as Ne,b as je,c as L,d as qe,e as k,f as Ae,g as O,h as He,i as C,j as Re}from"./chunk-TFBMTR64.js";import{a as Ie}from"./chunk-QC3YFDZ2.js";import{a as Ce}from"./chunk-3S4R6FCQ.js";import{b as Se}from"./chunk-WZVPIVNS.js";import{a as he}from"./chunk-J3KUEYNT.js";import{h as Pe,l as Ve}from"./chunk-ZT27ROHI.js";import{b as fe,d as be,e as v,m as $e,n as ke,o as ve,p as xe,q as Me,w as S}from"./chunk-4AXJPDCL.js";import{b as E,c as M}from"./chunk-KGCSZNGP.js";import{b as ge}from"./chunk-NOXZ2DKZ.js";import{a as V,k as ye,l as we}from"./chunk-GVFIX52Z.js";import{Q as me,a as oe,h as se,i as ie,k as de,l as le}from"./chunk-VGBAHZX7.js";import{K as ce,r as ae}from"./chunk-DRGCMBP4.js";import{Ma as ue}from"./chunk-5YF7WOLA.js";import{a as pe,b as R,c as T}from"./chunk-DJ5GSM7H.js";import{b as ne,c as re}from"./chunk-VMMGBFTO.js";import{b as te}from"./chunk-YDJPGV2T.js";import{a as ee}from"./chunk-U2RXU2W6.js";import{createHash as Ot}from"node:crypto";function s(e,...t){let n=e[0];for(let[r,o]of t.entries())n+=Ee(o)+e[r+1];return{html:n}}function I(e){return{html:e}}function Te(e){return{html:JSON.stringify(e).replace(/[<>&\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,n=>`\\u${n.charCodeAt(0).toString(16).padStart(4,"0")}`)}}function gt(e){return be(e).replace(/[&<>"'`]/g,t=>`&#${t.charCodeAt(0)};`)}function Ee(e){return e===void 0||e===!1?"":typeof e=="string"?gt(e):typeof e=="number"?String(e):yt(e)?e.map(Ee).join(""):e.html}function yt(e){return Array.isArray(e)}var D={failed:"failed",drifted:"drifted","in-flight":"in flight","never-applied":"never applied",clean:"applied and clean",orphan:"orphan"},F=["failed","drifted","in-flight","never-applied","orphan","clean"],Le={failed:["failed","failed"],unknown:["failed","end unknown"],left:["failed","left behind"],approval:["in-flight","approval"],rejected:["in-flight","rejected"],held:["in-flight","held"],drifted:["drifted","drifted"],adopted:["drifted","adopted"],"check-failing":["drifted","not checked"],orphan:["orphan","orphan"],plan:["in-flight","plan"],apply:["in-flight","apply"]};function h(e){return s`<svg class="sign" aria-hidden="true" focusable="false"><use href="#sign-${e}"/></svg>`}function N(e){return`i:${e.replace(/[^A-Za-z0-9._@/-]/g,t=>`~${t.codePointAt(0).toString(16)}~`)}`}function W(e,{index:t}){return t.has(e)?s`<a href="#${N(e)}">${j(e)}</a>`:j(e)}function j(e){let t=e.lastIndexOf("@");return t<0?s`<b>${e}</b>`:s`<b>${e.slice(0,t)}</b> <span class="stack">${e.slice(t+1)}</span>`}function q(e,t,n=4){let r=e.length-n;return s`${e.slice(0,n).map((o,a)=>s`${a>0&&", "}${W(o,t)}`)}${r>0&&` and ${r} more`}`}function g(e,{index:t}){return e.flatMap(n=>t.get(n)??[]).join(" ")}function y(e,{madeMs:t}){return s`<time class="rel" datetime="${Oe(e)}">${pe(e,t)}</time>`}function f(e){return s`<time datetime="${Oe(e)}">${R(e,0)}</time>`}function Oe(e){return new Date(e).toISOString()}function x({id:e,subject:t}){return s`<code>${e.slice(0,7)}</code>${t!==void 0&&s` ${t}`}`}function A(e){return s`<code>${M(e)}</code>`}function De(e){return[...new Set(e.map(t=>t.replace(/, run \S+$/,"")))].join(", ")}function _(e){return s`${e.map((t,n)=>s`${n>0&&" "}${"command"in t?s`<code class="cmd">${t.command}</code>`:s`<span>${t.words}</span>`}`)}`}function w(e,t,n,r){return s`<table class="flow" role="table"><caption>${e}</caption>
<thead role="rowgroup"><tr role="row">${t.map(({name:o,short:a})=>s`<th scope="col" role="columnheader"${a&&s` class="short"`}>${o}</th>`)}</tr></thead>
${n.map(({title:o,rows:a})=>s`<tbody role="rowgroup">${o!==void 0&&s`<tr role="row" class="group"><th scope="rowgroup" role="rowheader" colspan="${t.length}">${o}</th></tr>
`}${a.map(i=>s`<tr role="row"${r?.(i)}>${t.map(l=>wt(l,i))}</tr>
`)}</tbody>`)}</table>`}function wt({name:e,head:t,short:n,cell:r},o){return t?s`<th scope="row" role="rowheader" data-l="${e}">${r(o)}</th>`:s`<td role="cell" data-l="${e}"${n&&s` class="short"`}>${r(o)}</td>`}var bt=12e3;function We({instances:e,counts:t,total:n},r){let o=F.filter(a=>t[a]>0);return s`<section id="estate" aria-labelledby="estate-h" tabindex="-1">
<h2 id="estate-h">Estate</h2>
<ul class="legend" aria-label="What the signs mean, and how many there are of each">${o.map(a=>s`<li>${h(a)}${D[a]} <b>${t[a]}</b></li>`)}</ul>
<p class="readout" id="readout" hidden aria-hidden="true">Point at a square, or move over them with the arrow keys: this line says it in words.</p>
${e.length===0?s`<p class="calm">There are no instances.</p>`:$t(e,n,r)}
</section>`}function $t(e,t,n){let r=Fe(e.map(u=>u.stack)),o=Fe(e.map(u=>u.component)),a=s`${K(o.length,"component")} in ${K(r.length,"stack")}: ${K(t,"instance")}`,i=r.length*o.length,l=i>bt||i>600&&i>e.length*6,d=["stack",r,u=>u.stack],c=["component",o,u=>u.component],[m,p]=r.length>=o.length?[d,c]:[c,d];return l?vt(e,a,p,n):kt(e,a,m,[p[1],p[2]],n)}function kt(e,t,[n,r,o],[a,i],l){let d=new Map(e.map(c=>[JSON.stringify([o(c),i(c)]),c]));return s`<div class="scroll" role="region" aria-label="Estate, components and stacks" tabindex="0"><table class="grid"><caption>${t}</caption>
<thead><tr><th scope="col">${n}</th>${a.map(c=>s`<th scope="col" class="up"><span>${c}</span></th>`)}</tr></thead>
<tbody>${r.map(c=>s`<tr><th scope="row">${c}</th>${a.map(m=>{let p=d.get(JSON.stringify([c,m]));return s`<td>${p&&_e(p,l)}</td>`})}</tr>
`)}</tbody></table></div>`}function vt(e,t,[n,r,o],a){let i=new Map(r.map(l=>[l,[]]));for(let l of e)i.get(o(l))?.push(l);return s`<table class="grid lines"><caption>${t}</caption>
<thead><tr><th scope="col">${n}</th><th scope="col">instances</th></tr></thead>
<tbody>${r.map(l=>s`<tr><th scope="row">${l}</th><td>${i.get(l)?.map(d=>_e(d,a))}</td></tr>
`)}</tbody></table>`}function _e(e,t){let n=`${e.component} in ${e.stack}: ${e.says}`;return s`<a class="sq ${e.standing}" href="#${N(e.id)}" data-of="${g([e.id],t)}" aria-label="${n}" title="${n}">${h(e.standing)}</a>`}function Fe(e){return[...new Set(e)].sort()}function K(e,t){return`${e} ${t}${e===1?"":"s"}`}function ze({history:e},t){return s`<section id="history" aria-labelledby="history-h" tabindex="-1">
<h2 id="history-h">History</h2>
${e.length===0?s`<p class="calm">Nothing was applied yet.</p>`:w("What was applied, failed or was rejected, newest first; times are those of the last instance of a line",[{name:"change",head:!0,cell:xt},{name:"instances",cell:n=>s`${n.of.length>4&&s`<b>${n.of.length}</b>: `}${q(n.of,t)}`},{name:"came to",cell:n=>Mt(n,t)},{name:"plan \u2192 yes",short:!0,cell:({plannedMs:n,approvedMs:r})=>U(n,r)},{name:"yes \u2192 end",short:!0,cell:({approvedMs:n,atMs:r})=>U(n,r)},{name:"merge \u2192 end",short:!0,cell:({commit:n,atMs:r})=>U(n?.atMs,r)}],[{rows:e}],n=>s` data-of="${g(n.of,t)}"`)}
</section>`}function xt({commit:e}){return e===void 0?"a commit that is not recorded any more":s`${x(e)}${e.atMs!==void 0&&s`<br><span class="dim">${f(e.atMs)}</span>`}`}function Mt({kind:e,atMs:t,by:n,note:r},o){let a=n.length===0?"":` by ${De(n)}`;return s`${e!=="applied"&&h("failed")}${e}${a}, ${y(t,o)}${r!==void 0&&s`<br><span class="dim">${r}</span>`}`}function U(e,t){return e===void 0||t===void 0||t<e?"\u2013":T(t-e)}function J(e){if("left"in e&&!("objects"in e))return s`<p class="dim">${e.left}</p>`;let t=e;return s`${t.remarks.map(n=>s`<p>⚠ ${n}</p>`)}
${t.objects.map(n=>Be(n))}${t.left>0&&s`<p>${t.left} more objects are left out here.</p>`}
${t.outputs.length>0&&s`<p>Outputs: ${t.outputs.map(({name:n,value:r},o)=>s`${o>0&&", "}<code>${n}</code> ${G(r)}`)}.</p>`}
${t.drift.length>0&&s`<p><b>Met while planning:</b></p>${t.drift.map(n=>Be(n))}`}
${t.objects.length+t.outputs.length+t.drift.length===0&&s`<p>No change.</p>`}`}function Be(e){let t=e.because.length>0&&s` <span class="dim">(${e.because.join("; ")})</span>`,n=e.rows.flatMap(({name:r,diff:o})=>o?[{name:r,diff:o}]:[]);return s`<div class="object"><p>${e.risky&&"\u26A0 "}<code>${e.address}</code> <b>${e.phrase}</b>${t}</p>
${e.rows.length>0&&Pt(e)}${e.left>0&&s`<p>${e.left} more attributes are left out here.</p>`}
${n.map(({name:r,diff:o})=>s`<p><code>${r}</code>:</p><pre>${o.join(`
`)}</pre>`)}
${e.unknown.length>0&&s`<p class="dim">Known after apply: ${e.unknown.join(", ")}.</p>`}</div>`}function Pt({address:e,made:t,rows:n}){let r={name:"attribute",head:!0,cell:i=>s`<code>${i.name}</code>${i.forces&&s` <b>forces replacement</b>`}`},o={name:"before",cell:i=>G(i.before)},a={name:t?"value":"after",cell:i=>G(i.after)};return w(s`<span class="vh">Attributes of ${e}</span>`,t?[r,a]:[r,o,a],[{rows:n}])}function G(e){return"code"in e?s`<code>${e.code}</code>`:s`<span class="dim">${e.words}</span>`}function Ue({instances:e},t){let n=e.filter(({id:r})=>!t.told.has(r));return s`<section id="instances" aria-labelledby="instances-h" tabindex="-1">
<h2 id="instances-h">Instances</h2>
${e.filter(({id:r})=>t.told.has(r)).map(r=>Vt(r,t))}
${n.length>0&&St(n,t)}
</section>`}function Vt(e,t){let{ledger:n,flight:r,claim:o,drift:a}=e;return s`<details class="inst" data-of="${g([e.id],t)}"><summary><h3>${h(e.standing)}${j(e.id)}</h3> <span class="says">${e.says}</span></summary>
<div class="body" id="${N(e.id)}" tabindex="-1">
${It([["next",e.next.length>0&&s`<span class="acts">${_(e.next)}</span>`],["applied last",n?s`${x(n.commit)}${n.removed&&" (its removal)"}, ${f(n.atMs)}, by ${n.by}; digest ${A(n.digest)}${n.serial!==void 0&&`, state serial ${n.serial}`}`:"never"],["in flight",r&&s`${r.waits}; ${r.why.join("; ")}${r.sinceMs!==void 0&&s`; since ${y(r.sinceMs,t)}`}`],["asked by",r&&r.commits.length>0&&s`${r.commits.slice(0,5).map((i,l)=>s`${l>0&&s`<br>`}${x(i)}`)}`],["claim",o&&s`${o.purpose} by ${o.by}, run ${o.run}, number ${o.fence}, since ${f(o.sinceMs)}${o.untilMs!==void 0&&s`; lease until ${f(o.untilMs)}${o.overdue&&", which is over"}`}${o.reason!==void 0&&`: ${o.reason}`}`],["drift",a&&Nt(a)],["state",`${e.state.backend}, workspace ${e.state.workspace}`],["formerly",e.formerly.length>0&&e.formerly.join(", ")]])}
${Ct(e)}
</div></details>
`}function St(e,t){return s`<h3>${e.length} more, in a line each</h3>
<p class="dim">Their plans, approvals and attempts: <code>airlock show COMPONENT -s STACK</code>.</p>
<ul class="quiet">${e.map(n=>s`<li id="${N(n.id)}" data-of="${g([n.id],t)}" tabindex="-1">${h(n.standing)}${j(n.id)} ${n.says}${n.ledger&&`; ${n.ledger.commit.id.slice(0,7)} applied ${R(n.ledger.atMs,0)} by ${n.ledger.by}`}</li>
`)}</ul>`}function Ct(e){return s`${e.drift?.found&&s`<details class="plan"><summary>What changed outside: ${e.drift.found.does} to put it back</summary>${J(e.drift.found.view)}</details>`}
${e.plans.length>0&&jt(e.plans)}
${e.approvals.length>0&&s`<h4>Approvals</h4>${w(s`<span class="vh">Approvals of ${e.id}</span>`,[{name:"by",head:!0,cell:t=>t.by},{name:"how",cell:t=>`${t.how}${t.destroys===void 0?"":`, for ${t.destroys} removals`}`},{name:"when",cell:t=>f(t.atMs)},{name:"digest",cell:t=>A(t.digest)}],[{rows:e.approvals}])}`}
${e.attempts.length>0&&qt(e)}
${e.events.length>0&&s`<details class="log"><summary>What happened: the last ${e.events.length} events</summary><ol reversed>${e.events.map(t=>s`<li>${f(t.atMs)} ${t.says}</li>`)}</ol></details>`}`}function It(e){return s`<dl>${e.map(([t,n])=>n!==void 0&&n!==!1&&s`<dt>${t}</dt><dd>${n}</dd>`)}</dl>`}function Nt({checkedMs:e,cleanMs:t,failed:n,found:r}){return s`${r?s`${r.says}, seen first ${f(r.firstMs)}; `:""}checked ${f(e)}${t!==void 0&&s`, clean ${f(t)}`}${n&&s`; cannot be checked since ${f(n.sinceMs)}: ${n.why}`}`}function jt(e){let[t,n]=[e.filter(r=>r.open),e.filter(r=>!r.open&&"objects"in r.view)];return s`<h4>Plans</h4>
${t.map(r=>Ke(r,!0))}${w(s`<span class="vh">Plans, newest first</span>`,[{name:"made",head:!0,cell:r=>f(r.madeMs)},{name:"does",short:!0,cell:r=>`${r.does}${r.provisional?", provisional":""}`},{name:"of",cell:r=>s`${r.of}, <code>${r.commit.slice(0,7)}</code>`},{name:"by",cell:r=>`${r.by}, run ${r.run}`},{name:"digest",short:!0,cell:r=>A(r.digest)},{name:"status",cell:r=>r.status}],[{rows:e}])}
${n.map(r=>Ke(r,!1))}`}function Ke(e,t){return s`<details class="plan"${t&&s` open`}><summary>${e.does}, as reviewers saw it: ${e.open?"open":e.status}, digest ${A(e.digest)}</summary>
${e.reads.length>0&&s`<p>Reads ${e.reads.map((n,r)=>s`${r>0&&", "}<code>${n}</code>`)}.</p>`}
${e.provisional&&s`<p><b>Provisional:</b> made with a value that an upstream’s apply may still change.</p>`}
${J(e.view)}
${e.uncertain.length>0&&s`<p class="dim">Not held by the fingerprint: ${e.uncertain.slice(0,10).join("; ")}.</p>`}</details>`}function qt({id:e,attempts:t}){return s`<h4>Attempts</h4>${w(s`<span class="vh">Attempts on ${e}, newest first</span>`,[{name:"begun",head:!0,cell:n=>f(n.startedMs)},{name:"came to",cell:n=>s`${n.action}: <b>${n.outcome}</b>${n.note!==void 0&&s`<br><span class="dim">${n.note}</span>`}`},{name:"took",cell:n=>n.endedMs===void 0?"\u2013":T(n.endedMs-n.startedMs)},{name:"by",cell:n=>n.by},{name:"commit",cell:n=>x(n.commit)}],[{rows:t}])}`}function Je({needs:e,instances:t,total:n,pulls:r,problems:o},a){let i=t.filter(l=>l.flight).sort((l,d)=>(l.flight?.sinceMs??Number.MAX_SAFE_INTEGER)-(d.flight?.sinceMs??Number.MAX_SAFE_INTEGER));return s`<section id="now" aria-labelledby="now-h" tabindex="-1">
<h2 id="now-h">Now</h2>
${o.length>0&&Lt(o)}
${e.length===0?s`<p class="calm">Nothing needs a person.</p>`:At(e,a)}
${i.length===0?s`<p class="calm">Nothing is in flight: all ${n} instances are as the protected branch asks.</p>`:Rt(i,n,a)}
${r.length>0&&Et(r,a)}
</section>`}var Ge=40;function At(e,t){let[n,r]=[e.slice(0,Ge),e.slice(Ge)],o=a=>s`<ol class="needs">${a.map(i=>Ht(i,t))}</ol>`;return s`<h3>${e.length===1?"One thing needs":`${e.length} things need`} a person, oldest first</h3>
${o(n)}${r.length>0&&s`<details><summary>${r.length} more</summary>${o(r)}</details>`}`}function Ht({kind:e,of:t,says:n,sinceMs:r,act:o},a){let[i,l]=Le[e],d=t.length>1&&s`${q(t,a)}`;return s`<li data-of="${g(t,a)}"><p class="kind">${h(i)}${l}</p><p class="who">${t.length===1?W(t[0],a):s`<b>${t.length} instances</b>`}</p><div class="says"><p>${n}${d&&s`: ${d}`}</p>
<p class="acts">${_(o)}</p></div><p class="when">${r===void 0?"nobody knows since when":y(r,a)}</p></li>
`}function Rt(e,t,n){let r=new Map;for(let o of e){let a=o.flight?.commits.at(-1)?.id??"",i=r.get(a);i?i.push(o):r.set(a,[o])}return s`<h3 id="in-flight">In flight: ${e.length} of ${t}</h3>
${w("Merged, and not applied yet; the oldest change first",[{name:"instance",head:!0,cell:o=>s`${h(o.standing)}${W(o.id,n)}`},{name:"waits for",cell:o=>o.flight?.waits},{name:"why",cell:o=>o.flight?.why.join("; ")}],[...r.values()].map(o=>({title:Tt(o[0],n),rows:o})),o=>s` data-of="${g([o.id],n)}"`)}`}function Tt({flight:e},t){let n=e?.commits.at(-1);return n===void 0?"Nobody knows since which commit":s`${x(n)} <span class="when">${e?.sinceMs!==void 0&&y(e.sinceMs,t)}</span>`}function Et(e,t){return s`<h3>Open changes</h3>
${w("What the gate says of each",[{name:"change",head:!0,cell:n=>s`<b>${n.name}</b> ${n.title}`},{name:"gate",cell:n=>s`${n.gate}: ${n.says}`},{name:"instances",cell:n=>q(n.of,t)},{name:"judged",short:!0,cell:n=>n.atMs===void 0?"\u2013":y(n.atMs,t)}],[{rows:e}],n=>s` data-of="${g(n.of,t)}"`)}`}function Lt(e){return s`<div class="problems"><h3>Not everything could be read: this page may lack something</h3>
<ul>${e.slice(0,10).map(n=>s`<li>${n}</li>`)}${e.length>10&&s`<li>and ${e.length-10} more</li>`}</ul></div>`}var X=`'use strict'
;(() => {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector))
  const one = (id) => document.getElementById(id)
  const data = JSON.parse(one('data').textContent)
  const ids = data.instances.map((it) => it.id.toLowerCase())
  const hay = data.instances.map((it) => [
    it.id, it.component, it.stack, it.says, it.standing,
    it.ledger ? it.ledger.by + ' ' + it.ledger.commit.id + ' ' + (it.ledger.commit.subject || '') : '',
    (it.flight ? it.flight.commits : []).map((commit) => commit.id + ' ' + (commit.subject || '')).join(' '),
    (it.plans || []).map((plan) => plan.of + ' ' + plan.by + ' ' + plan.digest.replace(/^\\w+:/, '')).join(' '),
  ].join(' ').toLowerCase())
  const rows = all('[data-of]').map((element) => ({ element, of: element.dataset.of.split(' ').filter(Boolean).map(Number), square: element.classList.contains('sq') }))
  const form = one('filter'), box = one('q'), state = one('s'), found = one('found')

  function matches() {
    const words = box.value.toLowerCase().split(/\\s+/).filter((word) => word && word !== '-s')
    if (words.length === 0 && !state.value) return undefined
    // A word that is part of a name looks at names alone; any other at people, commits and digests too.
    const named = words.filter((word) => ids.some((id) => id.includes(word)))
    return data.instances.map((it, at) => (!state.value || it.standing === state.value) && words.every((word) => (named.includes(word) ? ids[at] : hay[at]).includes(word)))
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
`;var Z=`
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
`;function Xe({instances:e}){let t=o=>o.next.length>0?0:o.standing!=="clean"?1:2,n=o=>o.ledger?.atMs??0,r=e.toSorted((o,a)=>t(o)-t(a)||n(a)-n(o));return new Set(r.slice(0,200).map(({id:o})=>o))}var Dt='<meta name="generator" content="airlock dashboard">';function lr(e){let{madeMs:t,instances:n,needs:r,repository:o,branch:a}=e,i={madeMs:t,index:new Map(n.map(({id:c},m)=>[c,m])),told:Xe(e)},l=`default-src 'none'; style-src '${Ze(Z)}'; script-src '${Ze(X)}'; base-uri 'none'; form-action 'none'`,d=r.length===0?"":`(${r.length}) `;return s`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${I(Dt)}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${I(l)}">
<meta name="referrer" content="no-referrer">
<title>${d}${o} · Airlock</title>
<style>${I(Z)}</style>
</head>
<body>
<a class="skip" href="#now">Skip to what needs a person</a>
${_t}
<header>
<h1>${o}</h1>
<p class="lead">${Ft(e)}</p>
<p class="dim">${a.name} at <code>${a.tip.slice(0,7)}</code>, looked at ${y(t,i)}</p>
<p id="stale" hidden><b>This page is more than a day old.</b> airlock dashboard makes a new one.</p>
</header>
<div class="bar">
<nav aria-label="Parts of this page"><ul><li><a href="#now">Now</a></li><li><a href="#estate">Estate</a></li><li><a href="#history">History</a></li><li><a href="#instances">Instances</a></li></ul></nav>
<form id="filter" role="search" hidden><label class="vh" for="q">Filter instances by name, person, commit or digest</label><input id="q" type="search" placeholder="filter: vpc prod" autocomplete="off" spellcheck="false"><label class="vh" for="s">Filter instances by state</label><select id="s"><option value="">any state</option>${F.map(c=>s`<option value="${c}">${D[c]}</option>`)}</select><span id="found" role="status" aria-live="polite"></span></form>
</div>
<main>
${Je(e,i)}
${We(e,i)}
${ze(e,i)}
${Ue(e,i)}
</main>
<footer><p>Made by <code>airlock dashboard</code> from the records${e.baseline&&s`; in charge since ${y(e.baseline.atMs,i)}, adopted by ${e.baseline.by}`}. Nothing here is live: what is true now says <code>airlock status</code>.</p></footer>
<script type="application/json" id="data">${Te(Wt(e,i))}</script>
<script>${I(X)}</script>
</body>
</html>
`.html}function Ft({needs:e,counts:t,total:n}){let r=t["in-flight"]+t["never-applied"]+t.failed,o=[e.length===0?s`Nothing needs a person`:s`<strong>${e.length} ${e.length===1?"thing needs":"things need"} a person</strong>`,s`${r} of ${n} in flight`,...t.failed>0?[s`${t.failed} failed`]:[],...t.drifted>0?[s`${t.drifted} drifted`]:[],...t.orphan>0?[s`${t.orphan} orphaned`]:[]];return s`${o.map((a,i)=>s`${i>0&&" \xB7 "}${a}`)}`}function Wt(e,{told:t}){return{...e,instances:e.instances.map(({events:n,attempts:r,drift:o,approvals:a,...i})=>{if(t.has(i.id))return{...i,plans:i.plans.map(({view:H,reads:B,uncertain:Pn,...ht})=>ht)};let{id:l,component:d,stack:c,standing:m,says:p,ledger:u,flight:$}=i;return{id:l,component:d,stack:c,standing:m,says:p,ledger:u,flight:$}})}}function Ze(e){return`sha256-${Ot("sha256").update(e).digest("base64")}`}var _t=I(`<svg width="0" height="0" aria-hidden="true" focusable="false" class="vh"><defs>
<symbol id="sign-clean" viewBox="0 0 16 16"><rect x="2" y="2" width="12" height="12" rx="1" fill="currentColor"/></symbol>
<symbol id="sign-in-flight" viewBox="0 0 16 16"><path d="M2 2h6v12H2z" fill="currentColor"/><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="sign-never-applied" viewBox="0 0 16 16"><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="sign-failed" viewBox="0 0 16 16"><path d="M3 3l10 10M13 3L3 13" fill="none" stroke="currentColor" stroke-width="2.6"/></symbol>
<symbol id="sign-drifted" viewBox="0 0 16 16"><path d="M1 6q3.5-5 7 0t7 0M1 12q3.5-5 7 0t7 0" fill="none" stroke="currentColor" stroke-width="2"/></symbol>
<symbol id="sign-orphan" viewBox="0 0 16 16"><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.4 2"/></symbol>
</defs></svg>`);import{posix as un}from"node:path";var zt=400;function Ye(e,t){let n=new Map;for(let r of e.flatMap(Kt)){let o=JSON.stringify([r.kind,r.commit??[r.id,r.atMs],r.note??""]),a=n.get(o);a?a.push(r):n.set(o,[r])}return[...n.values()].map(r=>Bt(r,t)).sort((r,o)=>o.atMs-r.atMs).slice(0,zt)}function Bt(e,t){let n=e[0],r=e.flatMap(({plannedMs:a})=>a??[]),o=e.flatMap(({approvedMs:a})=>a??[]);return{kind:n.kind,...n.commit!==void 0&&{commit:t(n.commit)},of:[...new Set(e.map(({id:a})=>a))].sort(),atMs:Math.max(...e.map(({atMs:a})=>a)),...r.length>0&&{plannedMs:Math.min(...r)},...o.length>0&&{approvedMs:Math.max(...o)},by:[...new Set(e.flatMap(({by:a})=>a??[]))].sort(),...n.note!==void 0&&{note:n.note}}}function Kt({id:e,events:t,document:n}){let r=new Map,o=new Map,a=new Map,i=new Map(n.attempts.map(d=>[d.id,d])),l=(d,c,m)=>({id:e,kind:"applied",commit:void 0,by:void 0,note:void 0,atMs:d.atMs,plannedMs:c===void 0?void 0:r.get(c),approvedMs:c===void 0?void 0:o.get(c),...m});return t.flatMap(d=>{switch(d.kind){case"plan-stored":for(let c of[d.digest,d.fingerprint])r.set(c,r.get(c)??d.atMs);return[];case"approved":return o.set(d.digest,d.atMs),[];case"attempt-started":return a.set(d.attempt,d.digest),[];case"attempt-ended":{let c=i.get(d.attempt),m={commit:c?.commit,by:c?.by},{outcome:p}=d;if(p==="done")return[l(d,a.get(d.attempt),m)];let u=c?.note??(p==="rejected"?void 0:O[p]);return[l(d,a.get(d.attempt),{...m,kind:"failed",note:u})]}case"rejected":{let m={kind:"rejected",commit:n.attempts.find(p=>p.outcome==="rejected"&&p.digest===d.digest)?.commit,by:d.by.name,note:d.reason};return[l(d,d.digest,m)]}case"advanced":{let{ledger:c}=n,m=c?.fingerprint===d.fingerprint?c.by:void 0;return[l(d,d.fingerprint,{commit:d.commit,by:m,note:"without a change"})]}default:return[]}})}function Qe(e){return{atMs:e.atMs,says:Ut(e)}}function Ut(e){switch(e.kind){case"plan-stored":return`plan stored, digest ${M(e.digest)}`;case"plan-superseded":return`plan superseded: ${E(e.why)}`;case"plan-restored":return"plan counts again: its change is back";case"approved":return`approved by ${e.by.name}, digest ${M(e.digest)}`;case"approval-withdrawn":return`approval by ${e.by.name} does not count (digest ${M(e.digest)}): ${e.why}`;case"rejected":return`rejected by ${e.by.name}: ${e.reason}`;case"claimed":return`claimed by ${e.by}, run ${e.run}`;case"taken-over":return`claim taken over from ${e.from}, run ${e.fromRun}`;case"released":return"claim released";case"unlocked":return`unlocked by ${e.by}: ${e.reason}`;case"attempt-started":return`apply begun, digest ${M(e.digest)}`;case"attempt-ended":return`apply ended: ${e.outcome}`;case"attempt-settled":return`${e.by} looked: ${Ie({...e,mayExist:e.mayExist.map(t=>({address:t,type:""}))})}`;case"errored-state":return`state that could not be stored: ${e.is}, by ${e.by}${e.reason===void 0?"":`: ${e.reason}`}`;case"lock-released":return`Terraform's lock ${e.lock} released by ${e.by}${e.reason===void 0?"":`: ${e.reason}`}`;case"advanced":return`the ledger says ${e.commit.slice(0,7)} now`;case"renamed":return`renamed from ${e.from} to ${e.to}`;case"drifted":return`drift seen: ${S[e.class]}`;case"drift-gone":return"drift gone";case"drift-check-failed":return`cannot be checked for drift: ${e.why}`}}function nt(e,t){let n=e.flatMap(a=>Y(a,t)),r=n.filter(({kind:a})=>!et.has(a)),o=[...et].flatMap(([a,i])=>{let l=n.filter(d=>d.kind===a);return l.length<2?l:[Gt(l,i)]});return[...r,...o].sort((a,i)=>(a.sinceMs??Number.MAX_SAFE_INTEGER)-(i.sinceMs??Number.MAX_SAFE_INTEGER))}var et=new Map([["plan","airlock plan"],["apply","airlock apply"]]);function Gt(e,t){let n=e.flatMap(({sinceMs:r})=>r??[]);return{kind:e[0].kind,of:e.flatMap(({of:r})=>r),says:e[0].kind==="plan"?"wait for a plan":"are approved and wait for apply",...n.length>0&&{sinceMs:Math.min(...n)},act:[{command:t}]}}function Y(e,t){let{id:n,document:r,standing:o}=e,a=V(n),i=(l,d,c,m)=>({kind:l,of:[n],says:d,...c!==void 0&&{sinceMs:c},act:m});return[...r.claim?Jt(e,t,i):[],...r.claim?[]:Xt(e,i),...["clean","follows","drifted"].includes(o.kind)?Zt(e,i):[],...r.drift?.failed?[i("check-failing",`cannot be checked for drift: ${r.drift.failed.why}`,r.drift.failed.sinceMs,[{command:`airlock plan ${a}`}])]:[]]}function Jt({id:e,document:t,standing:n},r,o){let{claim:a}=t;if(a===void 0)return[];let{by:i,run:l}=a.holder,d=[{command:`airlock unlock ${V(e)} --reason "\u2026"`}];if(a.purpose==="hold"){let u=a.reason===void 0?"":`: ${a.reason}`;return[o("held",`is held by ${i}${u}`,a.sinceMs,[{words:`ask ${i}`},...d])]}let c=a.untilMs!==void 0&&a.untilMs<=r,m=n.kind==="in-flight"&&n.holder==="over";return!c&&!m?[]:[o("left",`was left by ${i}, run ${l}, ${m?"whose process is gone":"and the lease is over"}`,c?a.untilMs:a.sinceMs,d)]}function Xt(e,t){let{id:n,document:r,standing:o}=e,a=V(n),i={command:`airlock show ${a}`},l=je(o);if(l!==void 0){let{attempt:d,outcome:c}=l,m=d.note===void 0?"":` (${d.note})`,p=o.kind==="in-flight"?`; now: ${k(o)}`:"";return[t(c==="unknown"?"unknown":"failed",`the last ${d.action}, by ${d.by}, ${O[c]}${m}${p}`,d.endedMs??d.startedMs,P(a,o))]}switch(o.kind){case"clean":case"drifted":return[];case"unknown":return[t("adopted",L(e),o.sinceMs,[i,{command:`airlock plan ${a}`}])];case"follows":return o.approval.kind==="missing"?[t("approval",tt(o.plan),o.plan.createdMs,[{command:`airlock approve ${a}`}])]:[];case"orphan":{if(["disabled","abstract","closed"].includes(o.why))return[];let d=o.why==="elsewhere"?"move its state: terraform init -migrate-state":"bring it back, or remove it by name",c=r.ledger?.atMs;return[t("orphan",`${He(o)}${c===void 0?"":" (applied last at that time)"}`,c,[{words:d},i])]}case"in-flight":{let{waitsFor:d}=o,c=o.commits.flatMap(({atMs:p})=>p??[]),m=c.length>0?Math.min(...c):void 0;switch(d.kind){case"approval":return[t("approval",tt(d.plan),d.plan.createdMs,P(a,o))];case"rejected":return[t("rejected",`was ${k(o)}`,d.rejection.startedMs,P(a,o))];case"plan":return[t("plan",k(o),m,P(a,o))];case"re-plan":return[t("plan",k(o),m,P(a,o))];case"finish":return[t("apply",k(o),d.attempt.startedMs,P(a,o))];case"apply":{let p=o.approval?.kind==="approved"?o.approval.approval.atMs:d.plan.createdMs;return[t("apply",`is ${k(o)}`,p,P(a,o))]}case"running":case"hold":case"upstream":return[]}}}}function tt(e){return`waits for approval: ${C(e)}`}function P(e,t){let n={command:`airlock show ${e}`};if(t.kind!=="in-flight")return[n];switch(t.waitsFor.kind){case"approval":return[{command:`airlock approve ${e}`}];case"rejected":return[{words:"change or revert it in a pull request, or approve it after all"},{command:`airlock approve ${e}`}];case"plan":case"re-plan":return[{command:`airlock plan ${e}`}];case"apply":case"finish":return[{command:`airlock apply ${e}`}];case"running":return t.holder==="over"?[{command:`airlock unlock ${e} --reason "\u2026"`}]:[n];case"hold":return[{command:`airlock unlock ${e} --reason "\u2026"`}];case"upstream":return[n]}}function Zt(e,t){let{id:n,document:r,standing:o}=e,a=r.drift?.found;if(a===void 0||!Pe(a.class))return[];let l=(o.kind==="drifted"?o.approval?.kind:void 0)==="missing"?`airlock approve ${V(n)}`:`airlock drift --remediate ${V(n)}`,d=o.kind==="drifted"?qe(e,o):S[a.class];return[t("drifted",`${d}: ${C(a)} to put it back`,a.firstMs,[{command:l}])]}var Yt=30;function rt(e){let{nowMs:t,repository:n,branch:r,total:o,pulls:a,baseline:i,problems:l}=e,d=m=>e.commits.get(m)??{id:m},c=e.instances.map(m=>tn(m,e,d)).sort((m,p)=>m.id<p.id?-1:m.id>p.id?1:0);return{format:1,madeMs:t,repository:n,branch:r,total:o,counts:en(c),needs:nt(e.instances,t),instances:c,history:Ye(e.instances,d),pulls:a,...i&&{baseline:i},problems:l}}function ot(e){let t=e.flatMap(({document:a})=>a.plans.filter(({status:i})=>i.kind==="open")),n=e.flatMap(({document:a})=>a.drift?.found?.model??[]),o=e.flatMap(({document:a})=>Qt(a)??[]).toSorted((a,i)=>i.createdMs-a.createdMs);return[...new Set([...t.map(({model:a})=>a),...n,...o.map(({model:a})=>a)])]}function Qt({plans:e,ledger:t,attempts:n}){let r=n.at(-1)?.plan;return e.findLast(({id:o,digest:a,status:i})=>o===r||i.kind==="applied"&&a===t?.digest)}function en(e){let t=n=>e.filter(r=>r.standing===n).length;return{failed:t("failed"),drifted:t("drifted"),"never-applied":t("never-applied"),"in-flight":t("in-flight"),clean:t("clean"),orphan:t("orphan")}}function tn(e,t,n){let{id:r,component:o,stack:a,document:i}=e,{ledger:l,claim:d,drift:c}=i,m=nn(e);return{id:r,component:o,stack:a,standing:Ne(e),says:L(e),formerly:i.names.filter(p=>p!==r),state:{backend:i.address.backend,workspace:i.address.workspace},...l&&{ledger:{commit:n(l.commit),atMs:l.atMs,by:l.by,digest:l.digest,...l.state&&{serial:l.state.serial},removed:Re(l.fingerprint)}},...m&&{flight:m},...d&&{claim:rn(d,t.nowMs)},next:Y(e,t.nowMs).flatMap(({act:p})=>p),plans:i.plans.toReversed().map(p=>on(p,t)),approvals:i.approvals.toReversed().map(({by:p,how:u,atMs:$,digest:H,destroys:B})=>({by:p.name,how:u,atMs:$,digest:H,...B!==void 0&&{destroys:B}})),attempts:i.attempts.toReversed().map(p=>({id:p.id,action:p.action,outcome:p.outcome??"not ended",by:p.by,commit:n(p.commit),startedMs:p.startedMs,...p.endedMs!==void 0&&{endedMs:p.endedMs},...p.note!==void 0&&{note:p.note}})),...c&&{drift:dn(c,t)},events:e.events.slice(-Yt).toReversed().map(Qe)}}function nn({standing:e}){if(e.kind!=="in-flight")return;let t=e.commits.flatMap(({atMs:n})=>n??[]);return{why:e.why.map(Ae),waits:k(e),...t.length>0&&{sinceMs:Math.min(...t)},commits:e.commits.slice(0,20)}}function rn(e,t){let{purpose:n,holder:r,fence:o,sinceMs:a,untilMs:i,reason:l}=e;return{purpose:n,by:r.by,run:r.run,fence:o,sinceMs:a,...i!==void 0&&{untilMs:i},...l!==void 0&&{reason:l},overdue:i!==void 0&&i<=t}}function on(e,{nowMs:t,views:n}){let{status:r}=e,o=r.kind==="open"&&t<e.expiresMs,a=n.get(e.model);return{id:e.id,digest:e.digest,does:C(e),madeMs:e.createdMs,by:e.by,run:e.run,commit:e.commit,of:an(e),status:sn(e,t),open:o,provisional:e.provisional,reads:e.reads.map(({call:i})=>i),uncertain:e.uncertain,view:a??{left:"not shown here"}}}function an({pullRequest:e,branch:t,merged:n}){return e!==void 0?`#${e}`:n!==void 0&&n.length>0?`merged ${n.map(r=>`#${r}`).join(", ")}`:t===void 0?"the protected branch":`branch ${t}`}function sn({status:e,expiresMs:t},n){switch(e.kind){case"open":return n<t?"open":"expired";case"applied":return"applied";case"superseded":return`superseded: ${E(e.why)}`}}function dn(e,{views:t}){let{checkedMs:n,cleanMs:r,failed:o,found:a}=e;return{checkedMs:n,...r!==void 0&&{cleanMs:r},...o&&{failed:{sinceMs:o.sinceMs,why:o.why}},...a&&{found:{says:S[a.class],does:C(a),firstMs:a.firstMs,lastMs:a.lastMs,view:t.get(a.model)??{left:"not shown here"}}}}}var b={objects:120,rows:80,chars:300,names:60,outputs:60,lines:120};function it(e){let t=e.changes.filter(se).toSorted(xe),n=e.deferred.map(({reason:o,change:a})=>({...lt(a),because:[`deferred: ${o.replaceAll("_"," ")}`]})),r=[...t.map(o=>at(o)),...n];return{does:le(ie(e)),dangerous:de(e),remarks:ln(e),objects:r.slice(0,b.objects),drift:e.drift.slice(0,20).map(o=>({...at(o),phrase:`was ${o.action==="delete"?"deleted":"changed"} outside of Terraform`,risky:!1})),outputs:e.outputs.filter(({action:o})=>o!=="no-op").slice(0,b.outputs).map(({name:o,action:a,after:i})=>({name:v(o,200),value:a==="delete"||i===void 0?{words:"removed"}:Q(i,80)})),left:Math.max(0,r.length-b.objects)}}function dt(e){return JSON.stringify(e).length}function ln(e){let t=e.checks.filter(({status:n})=>n==="fail"||n==="error");return[...e.errored?["Planning stopped half-way: this is not all that would change."]:[],...e.complete?[]:["This plan is not the whole: some changes are left to a later one."],...t.slice(0,20).map(({address:n,status:r,problems:o})=>`${n} ${r==="fail"?"fails":"could not be checked"}: ${v(o.join("; "),500)}`),...e.invocations.slice(0,20).map(({address:n})=>`Runs the action ${n}.`),...e.shortSecrets>0?[`Secret values shorter than four characters are not looked for in it: ${e.shortSecrets}.`]:[]]}function lt(e){return{address:v(e.address,400),phrase:`will be ${ke(e)}`,risky:Me(e),because:ve(e).map(({text:t,names:n})=>[t,n.slice(0,8).join(", ")].join(" ").trim()),made:e.before===void 0,rows:[],left:0,unknown:[]}}function at(e){let t=lt(e);if(e.action==="forget"||e.action==="read")return t;if(e.action==="delete")return{...t,because:[...t.because,...mn(e.before)]};let{rows:n,unknown:r}=$e(e);return{...t,rows:n.slice(0,b.rows).map(cn),left:Math.max(0,n.length-b.rows),unknown:r.slice(0,b.names)}}function cn(e){let t=pn(e);return{name:v(e.name,200),before:t?{words:"text"}:Q(e.before,b.chars),after:t?{words:"changed, below"}:Q(e.after,b.chars),forces:e.forcesReplacement,...t&&{diff:t}}}function Q(e,t){switch(e?.kind){case void 0:return{words:"\u2013"};case"unknown":return{words:"known after apply"};case"sensitive":return{words:e.changed?"sensitive, changed":"sensitive"};case"known":case"list":case"map":return{code:v(we(e),t)}}}function mn(e){for(let t of["arn","id","name"]){let n=ye(e,[t]);if(n?.kind==="known"&&typeof n.value=="string")return[`${t} ${v(n.value,200)}`]}return[]}function pn({before:e,after:t}){let[n,r]=[st(e),st(t)];if(!(n===void 0||r===void 0||!(n+r).trim().includes(`
`)))return Ce(n,r)?.slice(0,b.lines).map(o=>v(o,b.chars))}function st(e){return e===void 0?"":e.kind==="known"&&typeof e.value=="string"?e.value:void 0}var ct=60,fn=400,hn=1e6,z=32;async function Zr(e){let t=await Ve(e),n=[],r=await gn(e,t,n),o=rt({nowMs:t.nowMs,repository:await xn(e),branch:t.branch,total:t.total,instances:r,commits:await $n(e,r),views:await bn(e,r,n),pulls:await kn(e,t.nowMs),baseline:await vn(e),problems:n});return Mn(o,te(e.ambient.env))}async function gn(e,{checkout:t,items:n,commits:r,documents:o},a){let i=new Map(n.filter(({kind:m})=>m!=="absent").map(m=>[m.id,m])),l=[...t.subjects.values()].map(({instance:m})=>({id:m.id,component:m.component,stack:m.stack,document:me(o,m),standing:mt(i.get(m.id),r)})),d=n.flatMap(m=>yn(m)?[{...m,standing:mt(m,r)}]:[]),c=[...l,...d.map(({id:m,component:p,stack:u,document:$,standing:H})=>({id:m,component:p,stack:u,document:$,standing:H}))];return ft(c,async m=>({...m,events:await wn(e,m.document,a)}))}function yn(e){return e.kind==="absent"||e.kind==="in-flight"&&e.removal!==void 0}function mt(e,t){switch(e?.kind){case void 0:case"moved":return{kind:"clean"};case"drifted":return{kind:"drifted",approval:e.approval};case"unknown":return{kind:"unknown",why:e.why,sinceMs:e.sinceMs};case"in-flight":{let{kind:n,why:r,waitsFor:o,holder:a,plan:i,approval:l}=e;return{kind:n,why:r,waitsFor:o,holder:a,plan:i,approval:l,commits:(t.get(e.id)??[]).map(ut)}}case"follows":{let{kind:n,upstreams:r,plan:o,approval:a}=e;return{kind:n,upstreams:r,plan:o,approval:a}}case"absent":return{kind:"orphan",why:e.why,words:e.words,attempt:e.attempt}}}async function wn({store:e},{address:t,outbox:n,rev:r},o){if(r===0)return[];let a=(await e.list(ce(oe(t)))).slice(-ct),i=await Promise.all(a.map(async d=>{let c=await e.get(d);return c&&pt(()=>ae(c.bytes,d),o)}));return[...new Map([...i.flatMap(d=>d??[]),...n].map(d=>[d.id,d])).values()].sort((d,c)=>d.id<c.id?-1:1).slice(-ct)}async function bn({store:e},t,n){let r=new Map,o=ot(t),a=0;for(let i=0;i<o.length;i+=z){let l=o.slice(i,i+z);if(a>=hn){for(let c of o.slice(i))r.set(c,{left:"left out, since this page would become too large"});break}let d=await Promise.all(l.map(c=>e.get(c)));for(let[c,m]of l.entries()){let p=d[c],u=p&&pt(()=>ge(p.bytes,`plan ${m}`),n),$=u&&it(u);r.set(m,$??{left:p?"it cannot be read":"it is no longer in the store"}),a+=$?dt($):0}}return r}function pt(e,t){try{return e()}catch(n){if(!(n instanceof ee))throw n;t.push(n.message);return}}async function $n({repo:e},t){let n=t.flatMap(({document:{ledger:a,attempts:i},events:l})=>[...a?[{id:a.commit,atMs:a.atMs}]:[],...i.map(({commit:d,startedMs:c})=>({id:d,atMs:c})),...l.flatMap(d=>d.kind==="advanced"?[{id:d.commit,atMs:d.atMs}]:[])]),r=new Map(n.sort((a,i)=>i.atMs-a.atMs).map(({id:a})=>[a,a])),o=await ft([...r.keys()].slice(0,fn),async a=>{let i=await e.resolve(a);return i&&ut(await e.info(i))});return new Map(o.flatMap(a=>a?[[a.id,a]]:[]))}function ut({id:e,subject:t,timeMs:n}){return{id:e,subject:t,atMs:n}}async function kn(e,t){return(await he(e)).filter(({state:r})=>r.kind==="open").map(({number:r,title:o,outlook:a,verdict:i})=>({name:`#${r}`,title:o,of:a?.instances.map(({id:l})=>l)??[],gate:i?.state??"not judged",says:i?Se(i,t).description:`airlock gate '#${r}' judges it`,...i&&{atMs:i.atMs}}))}async function vn(e){let t=await fe(e);return t&&{commit:{id:t.commit},atMs:t.atMs,by:t.by}}async function xn({repo:e}){let t=await e.config("remote.origin.url");return(t&&ue(t))??un.basename(e.mainWorktree)}function Mn(e,t){let n=ne(t),r=new Map,o=i=>{let l=r.get(i)??re(i,n);return r.set(i,l),l},a=i=>typeof i=="string"?o(i):Array.isArray(i)?i.map(a):typeof i!="object"||i===null?i:Object.fromEntries(Object.entries(i).map(([l,d])=>[l,a(d)]));return a(e)}async function ft(e,t){let n=[];for(let r=0;r<e.length;r+=z)n.push(...await Promise.all(e.slice(r,r+z).map(t)));return n}export{Dt as a,lr as b,Zr as c};
