import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as Te}from"./chunk-LVMAPH6D.js";import{a as Re}from"./chunk-3S4R6FCQ.js";import{p as He}from"./chunk-DSV334CH.js";import{b as Pe,d as Ce,e as x,m as je,n as Ne,o as Ae,p as qe,q as Ee,w as M}from"./chunk-4427JM4Z.js";import{f as xe}from"./chunk-IFWPXI2K.js";import"./chunk-4UVYRSTS.js";import{b as I,c as C}from"./chunk-DPTBQIIK.js";import{C as Se,I as Ve,J as Ie,a as ke,c as ve,d as D,k as Me,y as q}from"./chunk-EZP63GFH.js";import"./chunk-SJPTOLBY.js";import{a as $e,b as L,c as O}from"./chunk-DJ5GSM7H.js";import{L as he,O as ge,V as ye,c as me,d as pe,u as ue,x as fe}from"./chunk-FVCHWLT5.js";import"./chunk-5IFPR3ZJ.js";import"./chunk-VTNFWIH4.js";import"./chunk-I2B2NOJE.js";import{R as we,T as be}from"./chunk-MGEQGF2U.js";import{b as de,g as le,h as ce}from"./chunk-Q3R43ULQ.js";import"./chunk-ZMGS4JRB.js";import{b as A}from"./chunk-MW5POIHZ.js";import{createHash as Yt}from"node:crypto";function i(e,...t){let n=e[0];for(let[r,o]of t.entries())n+=Oe(o)+e[r+1];return{html:n}}function j(e){return{html:e}}function Le(e){return{html:JSON.stringify(e).replace(/[<>&\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,n=>`\\u${n.charCodeAt(0).toString(16).padStart(4,"0")}`)}}function Ct(e){return Ce(e).replace(/[&<>"'`]/g,t=>`&#${t.charCodeAt(0)};`)}function Oe(e){return e===void 0||e===!1?"":typeof e=="string"?Ct(e):typeof e=="number"?String(e):jt(e)?e.map(Oe).join(""):e.html}function jt(e){return Array.isArray(e)}var F={failed:"failed",drifted:"drifted","in-flight":"in flight","never-applied":"never applied",clean:"applied and clean",orphan:"orphan"},W=["failed","drifted","in-flight","never-applied","orphan","clean"],De={failed:["failed","failed"],unknown:["failed","end unknown"],left:["failed","left behind"],approval:["in-flight","approval"],rejected:["in-flight","rejected"],held:["in-flight","held"],drifted:["drifted","drifted"],"check-failing":["drifted","not checked"],orphan:["orphan","orphan"],plan:["in-flight","plan"],apply:["in-flight","apply"]};function h(e){return i`<svg class="sign" aria-hidden="true" focusable="false"><use href="#sign-${e}"/></svg>`}function N(e){return`i:${e.replace(/[^A-Za-z0-9._@/-]/g,t=>`~${t.codePointAt(0).toString(16)}~`)}`}function _(e,{index:t}){return t.has(e)?i`<a href="#${N(e)}">${E(e)}</a>`:E(e)}function E(e){let t=e.lastIndexOf("@");return t<0?i`<b>${e}</b>`:i`<b>${e.slice(0,t)}</b> <span class="stack">${e.slice(t+1)}</span>`}function H(e,t,n=4){let r=e.length-n;return i`${e.slice(0,n).map((o,a)=>i`${a>0&&", "}${_(o,t)}`)}${r>0&&` and ${r} more`}`}function g(e,{index:t}){return e.flatMap(n=>t.get(n)??[]).join(" ")}function y(e,{madeMs:t}){return i`<time class="rel" datetime="${Fe(e)}">${$e(e,t)}</time>`}function f(e){return i`<time datetime="${Fe(e)}">${L(e,0)}</time>`}function Fe(e){return new Date(e).toISOString()}function P({id:e,subject:t}){return i`<code>${e.slice(0,7)}</code>${t!==void 0&&i` ${t}`}`}function R(e){return i`<code>${C(e)}</code>`}function We(e){return[...new Set(e.map(t=>t.replace(/, run \S+$/,"")))].join(", ")}function z(e){return i`${e.map((t,n)=>i`${n>0&&" "}${"command"in t?i`<code class="cmd">${t.command}</code>`:i`<span>${t.words}</span>`}`)}`}function w(e,t,n,r){return i`<table class="flow" role="table"><caption>${e}</caption>
<thead role="rowgroup"><tr role="row">${t.map(({name:o,short:a})=>i`<th scope="col" role="columnheader"${a&&i` class="short"`}>${o}</th>`)}</tr></thead>
${n.map(({title:o,rows:a})=>i`<tbody role="rowgroup">${o!==void 0&&i`<tr role="row" class="group"><th scope="rowgroup" role="rowheader" colspan="${t.length}">${o}</th></tr>
`}${a.map(s=>i`<tr role="row"${r?.(s)}>${t.map(d=>Nt(d,s))}</tr>
`)}</tbody>`)}</table>`}function Nt({name:e,head:t,short:n,cell:r},o){return t?i`<th scope="row" role="rowheader" data-l="${e}">${r(o)}</th>`:i`<td role="cell" data-l="${e}"${n&&i` class="short"`}>${r(o)}</td>`}var At=12e3;function ze({instances:e,counts:t,total:n},r){let o=W.filter(a=>t[a]>0);return i`<section id="estate" aria-labelledby="estate-h" tabindex="-1">
<h2 id="estate-h">Estate</h2>
<ul class="legend" aria-label="What the signs mean, and how many there are of each">${o.map(a=>i`<li>${h(a)}${F[a]} <b>${t[a]}</b></li>`)}</ul>
<p class="readout" id="readout" hidden aria-hidden="true">Point at a square, or move over them with the arrow keys: this line says it in words.</p>
${e.length===0?i`<p class="calm">There are no instances.</p>`:qt(e,n,r)}
</section>`}function qt(e,t,n){let r=_e(e.map(u=>u.stack)),o=_e(e.map(u=>u.component)),a=i`${X(o.length,"component")} in ${X(r.length,"stack")}: ${X(t,"instance")}`,s=r.length*o.length,d=s>At||s>600&&s>e.length*6,l=["stack",r,u=>u.stack],c=["component",o,u=>u.component],[m,p]=r.length>=o.length?[l,c]:[c,l];return d?Ht(e,a,p,n):Et(e,a,m,[p[1],p[2]],n)}function Et(e,t,[n,r,o],[a,s],d){let l=new Map(e.map(c=>[JSON.stringify([o(c),s(c)]),c]));return i`<div class="scroll" role="region" aria-label="Estate, components and stacks" tabindex="0"><table class="grid"><caption>${t}</caption>
<thead><tr><th scope="col">${n}</th>${a.map(c=>i`<th scope="col" class="up"><span>${c}</span></th>`)}</tr></thead>
<tbody>${r.map(c=>i`<tr><th scope="row">${c}</th>${a.map(m=>{let p=l.get(JSON.stringify([c,m]));return i`<td>${p&&Be(p,d)}</td>`})}</tr>
`)}</tbody></table></div>`}function Ht(e,t,[n,r,o],a){let s=new Map(r.map(d=>[d,[]]));for(let d of e)s.get(o(d))?.push(d);return i`<table class="grid lines"><caption>${t}</caption>
<thead><tr><th scope="col">${n}</th><th scope="col">instances</th></tr></thead>
<tbody>${r.map(d=>i`<tr><th scope="row">${d}</th><td>${s.get(d)?.map(l=>Be(l,a))}</td></tr>
`)}</tbody></table>`}function Be(e,t){let n=`${e.component} in ${e.stack}: ${e.says}`;return i`<a class="sq ${e.standing}" href="#${N(e.id)}" data-of="${g([e.id],t)}" aria-label="${n}" title="${n}">${h(e.standing)}</a>`}function _e(e){return[...new Set(e)].sort()}function X(e,t){return`${e} ${t}${e===1?"":"s"}`}function Ue({history:e},t){return i`<section id="history" aria-labelledby="history-h" tabindex="-1">
<h2 id="history-h">History</h2>
${e.length===0?i`<p class="calm">Nothing was applied yet.</p>`:w("What was applied, failed or was rejected, newest first; times are those of the last instance of a line",[{name:"change",head:!0,cell:Rt},{name:"instances",cell:n=>i`${n.of.length>4&&i`<b>${n.of.length}</b>: `}${H(n.of,t)}`},{name:"came to",cell:n=>Tt(n,t)},{name:"plan \u2192 yes",short:!0,cell:({plannedMs:n,approvedMs:r})=>Z(n,r)},{name:"yes \u2192 end",short:!0,cell:({approvedMs:n,atMs:r})=>Z(n,r)},{name:"merge \u2192 end",short:!0,cell:({commit:n,atMs:r})=>Z(n?.atMs,r)}],[{rows:e}],n=>i` data-of="${g(n.of,t)}"`)}
</section>`}function Rt({commit:e}){return e===void 0?"a commit that is not recorded any more":i`${P(e)}${e.atMs!==void 0&&i`<br><span class="dim">${f(e.atMs)}</span>`}`}function Tt({kind:e,atMs:t,by:n,note:r},o){let a=n.length===0?"":` by ${We(n)}`;return i`${e!=="applied"&&h("failed")}${e}${a}, ${y(t,o)}${r!==void 0&&i`<br><span class="dim">${r}</span>`}`}function Z(e,t){return e===void 0||t===void 0||t<e?"\u2013":O(t-e)}function Q(e){if("left"in e&&!("objects"in e))return i`<p class="dim">${e.left}</p>`;let t=e;return i`${t.remarks.map(n=>i`<p>⚠ ${n}</p>`)}
${t.objects.map(n=>Ke(n))}${t.left>0&&i`<p>${t.left} more objects are left out here.</p>`}
${t.outputs.length>0&&i`<p>Outputs: ${t.outputs.map(({name:n,value:r},o)=>i`${o>0&&", "}<code>${n}</code> ${Y(r)}`)}.</p>`}
${t.drift.length>0&&i`<p><b>Met while planning:</b></p>${t.drift.map(n=>Ke(n))}`}
${t.objects.length+t.outputs.length+t.drift.length===0&&i`<p>No change.</p>`}`}function Ke(e){let t=e.because.length>0&&i` <span class="dim">(${e.because.join("; ")})</span>`,n=e.rows.flatMap(({name:r,diff:o})=>o?[{name:r,diff:o}]:[]);return i`<div class="object"><p>${e.risky&&"\u26A0 "}<code>${e.address}</code> <b>${e.phrase}</b>${t}</p>
${e.rows.length>0&&Lt(e)}${e.left>0&&i`<p>${e.left} more attributes are left out here.</p>`}
${n.map(({name:r,diff:o})=>i`<p><code>${r}</code>:</p><pre>${o.join(`
`)}</pre>`)}
${e.unknown.length>0&&i`<p class="dim">Known after apply: ${e.unknown.join(", ")}.</p>`}</div>`}function Lt({address:e,made:t,rows:n}){let r={name:"attribute",head:!0,cell:s=>i`<code>${s.name}</code>${s.forces&&i` <b>forces replacement</b>`}`},o={name:"before",cell:s=>Y(s.before)},a={name:t?"value":"after",cell:s=>Y(s.after)};return w(i`<span class="vh">Attributes of ${e}</span>`,t?[r,a]:[r,o,a],[{rows:n}])}function Y(e){return"code"in e?i`<code>${e.code}</code>`:i`<span class="dim">${e.words}</span>`}function Je({instances:e},t){let n=e.filter(({id:r})=>!t.told.has(r));return i`<section id="instances" aria-labelledby="instances-h" tabindex="-1">
<h2 id="instances-h">Instances</h2>
${e.filter(({id:r})=>t.told.has(r)).map(r=>Ot(r,t))}
${n.length>0&&Dt(n,t)}
</section>`}function Ot(e,t){let{ledger:n,flight:r,claim:o,drift:a}=e;return i`<details class="inst" data-of="${g([e.id],t)}"><summary><h3>${h(e.standing)}${E(e.id)}</h3> <span class="says">${e.says}</span></summary>
<div class="body" id="${N(e.id)}" tabindex="-1">
${Wt([["next",e.next.length>0&&i`<span class="acts">${z(e.next)}</span>`],["applied last",n?i`${P(n.commit)}${n.removed&&" (its removal)"}, ${f(n.atMs)}, by ${n.by}; digest ${R(n.digest)}${n.serial!==void 0&&`, state serial ${n.serial}`}`:"never"],["in flight",r&&i`${r.waits}; ${r.why.join("; ")}${r.sinceMs!==void 0&&i`; since ${y(r.sinceMs,t)}`}`],["asked by",r&&r.commits.length>0&&i`${r.commits.slice(0,5).map((s,d)=>i`${d>0&&i`<br>`}${P(s)}`)}`],["claim",o&&i`${o.purpose} by ${o.by}, run ${o.run}, number ${o.fence}, since ${f(o.sinceMs)}${o.untilMs!==void 0&&i`; lease until ${f(o.untilMs)}${o.overdue&&", which is over"}`}${o.reason!==void 0&&`: ${o.reason}`}`],["drift",a&&_t(a)],["state",`${e.state.backend}, workspace ${e.state.workspace}`],["formerly",e.formerly.length>0&&e.formerly.join(", ")]])}
${Ft(e)}
</div></details>
`}function Dt(e,t){return i`<h3>${e.length} more, in a line each</h3>
<p class="dim">Their plans, approvals and attempts: <code>airlock show COMPONENT -s STACK</code>.</p>
<ul class="quiet">${e.map(n=>i`<li id="${N(n.id)}" data-of="${g([n.id],t)}" tabindex="-1">${h(n.standing)}${E(n.id)} ${n.says}${n.ledger&&`; ${n.ledger.commit.id.slice(0,7)} applied ${L(n.ledger.atMs,0)} by ${n.ledger.by}`}</li>
`)}</ul>`}function Ft(e){return i`${e.drift?.found&&i`<details class="plan"><summary>What changed outside: ${e.drift.found.does} to put it back</summary>${Q(e.drift.found.view)}</details>`}
${e.plans.length>0&&zt(e.plans)}
${e.approvals.length>0&&i`<h4>Approvals</h4>${w(i`<span class="vh">Approvals of ${e.id}</span>`,[{name:"by",head:!0,cell:t=>t.by},{name:"how",cell:t=>`${t.how}${t.destroys===void 0?"":`, for ${t.destroys} removals`}`},{name:"when",cell:t=>f(t.atMs)},{name:"digest",cell:t=>R(t.digest)}],[{rows:e.approvals}])}`}
${e.attempts.length>0&&Bt(e)}
${e.events.length>0&&i`<details class="log"><summary>What happened: the last ${e.events.length} events</summary><ol reversed>${e.events.map(t=>i`<li>${f(t.atMs)} ${t.says}</li>`)}</ol></details>`}`}function Wt(e){return i`<dl>${e.map(([t,n])=>n!==void 0&&n!==!1&&i`<dt>${t}</dt><dd>${n}</dd>`)}</dl>`}function _t({checkedMs:e,cleanMs:t,failed:n,found:r}){return i`${r?i`${r.says}, seen first ${f(r.firstMs)}; `:""}checked ${f(e)}${t!==void 0&&i`, clean ${f(t)}`}${n&&i`; cannot be checked since ${f(n.sinceMs)}: ${n.why}`}`}function zt(e){let[t,n]=[e.filter(r=>r.open),e.filter(r=>!r.open&&"objects"in r.view)];return i`<h4>Plans</h4>
${t.map(r=>Ge(r,!0))}${w(i`<span class="vh">Plans, newest first</span>`,[{name:"made",head:!0,cell:r=>f(r.madeMs)},{name:"does",short:!0,cell:r=>`${r.does}${r.provisional?", provisional":""}`},{name:"of",cell:r=>i`${r.of}, <code>${r.commit.slice(0,7)}</code>`},{name:"by",cell:r=>`${r.by}, run ${r.run}`},{name:"digest",short:!0,cell:r=>R(r.digest)},{name:"status",cell:r=>r.status}],[{rows:e}])}
${n.map(r=>Ge(r,!1))}`}function Ge(e,t){return i`<details class="plan"${t&&i` open`}><summary>${e.does}, as reviewers saw it: ${e.open?"open":e.status}, digest ${R(e.digest)}</summary>
${e.reads.length>0&&i`<p>Reads ${e.reads.map((n,r)=>i`${r>0&&", "}<code>${n}</code>`)}.</p>`}
${e.provisional&&i`<p><b>Provisional:</b> made with a value that an upstream’s apply may still change.</p>`}
${Q(e.view)}
${e.uncertain.length>0&&i`<p class="dim">Not held by the fingerprint: ${e.uncertain.slice(0,10).join("; ")}.</p>`}</details>`}function Bt({id:e,attempts:t}){return i`<h4>Attempts</h4>${w(i`<span class="vh">Attempts on ${e}, newest first</span>`,[{name:"begun",head:!0,cell:n=>f(n.startedMs)},{name:"came to",cell:n=>i`${n.action}: <b>${n.outcome}</b>${n.note!==void 0&&i`<br><span class="dim">${n.note}</span>`}`},{name:"took",cell:n=>n.endedMs===void 0?"\u2013":O(n.endedMs-n.startedMs)},{name:"by",cell:n=>n.by},{name:"commit",cell:n=>P(n.commit)}],[{rows:t}])}`}function Ze({needs:e,instances:t,total:n,pulls:r,problems:o},a){let s=t.filter(d=>d.flight).sort((d,l)=>(d.flight?.sinceMs??Number.MAX_SAFE_INTEGER)-(l.flight?.sinceMs??Number.MAX_SAFE_INTEGER));return i`<section id="now" aria-labelledby="now-h" tabindex="-1">
<h2 id="now-h">Now</h2>
${o.length>0&&Zt(o)}
${e.length===0?i`<p class="calm">Nothing needs a person.</p>`:Ut(e,a)}
${s.length===0?i`<p class="calm">Nothing is in flight: all ${n} instances are as the protected branch asks.</p>`:Gt(s,n,a)}
${r.length>0&&Xt(r,a)}
</section>`}var Xe=40;function Ut(e,t){let[n,r]=[e.slice(0,Xe),e.slice(Xe)],o=a=>i`<ol class="needs">${a.map(s=>Kt(s,t))}</ol>`;return i`<h3>${e.length===1?"One thing needs":`${e.length} things need`} a person, oldest first</h3>
${o(n)}${r.length>0&&i`<details><summary>${r.length} more</summary>${o(r)}</details>`}`}function Kt({kind:e,of:t,says:n,sinceMs:r,act:o},a){let[s,d]=De[e],l=t.length>1&&i`${H(t,a)}`;return i`<li data-of="${g(t,a)}"><p class="kind">${h(s)}${d}</p><p class="who">${t.length===1?_(t[0],a):i`<b>${t.length} instances</b>`}</p><div class="says"><p>${n}${l&&i`: ${l}`}</p>
<p class="acts">${z(o)}</p></div><p class="when">${r===void 0?"nobody knows since when":y(r,a)}</p></li>
`}function Gt(e,t,n){let r=new Map;for(let o of e){let a=o.flight?.commits.at(-1)?.id??"",s=r.get(a);s?s.push(o):r.set(a,[o])}return i`<h3 id="in-flight">In flight: ${e.length} of ${t}</h3>
${w("Merged, and not applied yet; the oldest change first",[{name:"instance",head:!0,cell:o=>i`${h(o.standing)}${_(o.id,n)}`},{name:"waits for",cell:o=>o.flight?.waits},{name:"why",cell:o=>o.flight?.why.join("; ")}],[...r.values()].map(o=>({title:Jt(o[0],n),rows:o})),o=>i` data-of="${g([o.id],n)}"`)}`}function Jt({flight:e},t){let n=e?.commits.at(-1);return n===void 0?"Nobody knows since which commit":i`${P(n)} <span class="when">${e?.sinceMs!==void 0&&y(e.sinceMs,t)}</span>`}function Xt(e,t){return i`<h3>Open changes</h3>
${w("What the gate says of each",[{name:"change",head:!0,cell:n=>i`<b>${n.name}</b> ${n.title}`},{name:"gate",cell:n=>i`${n.gate}: ${n.says}`},{name:"instances",cell:n=>H(n.of,t)},{name:"judged",short:!0,cell:n=>n.atMs===void 0?"\u2013":y(n.atMs,t)}],[{rows:e}],n=>i` data-of="${g(n.of,t)}"`)}`}function Zt(e){return i`<div class="problems"><h3>Not everything could be read: this page may lack something</h3>
<ul>${e.slice(0,10).map(n=>i`<li>${n}</li>`)}${e.length>10&&i`<li>and ${e.length-10} more</li>`}</ul></div>`}var ee=`'use strict'
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
`;var te=`
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
`;function Ye({instances:e}){let t=o=>o.next.length>0?0:o.standing!=="clean"?1:2,n=o=>o.ledger?.atMs??0,r=e.toSorted((o,a)=>t(o)-t(a)||n(a)-n(o));return new Set(r.slice(0,200).map(({id:o})=>o))}var ne='<meta name="generator" content="airlock dashboard">';function et(e){let{madeMs:t,instances:n,needs:r,repository:o,branch:a}=e,s={madeMs:t,index:new Map(n.map(({id:c},m)=>[c,m])),told:Ye(e)},d=`default-src 'none'; style-src '${Qe(te)}'; script-src '${Qe(ee)}'; base-uri 'none'; form-action 'none'`,l=r.length===0?"":`(${r.length}) `;return i`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${j(ne)}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${j(d)}">
<meta name="referrer" content="no-referrer">
<title>${l}${o} · Airlock</title>
<style>${j(te)}</style>
</head>
<body>
<a class="skip" href="#now">Skip to what needs a person</a>
${tn}
<header>
<h1>${o}</h1>
<p class="lead">${Qt(e)}</p>
<p class="dim">${a.name} at <code>${a.tip.slice(0,7)}</code>, looked at ${y(t,s)}</p>
<p id="stale" hidden><b>This page is more than a day old.</b> airlock dashboard makes a new one.</p>
</header>
<div class="bar">
<nav aria-label="Parts of this page"><ul><li><a href="#now">Now</a></li><li><a href="#estate">Estate</a></li><li><a href="#history">History</a></li><li><a href="#instances">Instances</a></li></ul></nav>
<form id="filter" role="search" hidden><label class="vh" for="q">Filter instances by name, person, commit or digest</label><input id="q" type="search" placeholder="filter: vpc prod" autocomplete="off" spellcheck="false"><label class="vh" for="s">Filter instances by state</label><select id="s"><option value="">any state</option>${W.map(c=>i`<option value="${c}">${F[c]}</option>`)}</select><span id="found" role="status" aria-live="polite"></span></form>
</div>
<main>
${Ze(e,s)}
${ze(e,s)}
${Ue(e,s)}
${Je(e,s)}
</main>
<footer><p>Made by <code>airlock dashboard</code> from the records${e.baseline&&i`; in charge since ${y(e.baseline.atMs,s)}, adopted by ${e.baseline.by}`}. Nothing here is live: what is true now says <code>airlock status</code>.</p></footer>
<script type="application/json" id="data">${Le(en(e,s))}</script>
<script>${j(ee)}</script>
</body>
</html>
`.html}function Qt({needs:e,counts:t,total:n}){let r=t["in-flight"]+t["never-applied"]+t.failed,o=[e.length===0?i`Nothing needs a person`:i`<strong>${e.length} ${e.length===1?"thing needs":"things need"} a person</strong>`,i`${r} of ${n} in flight`,...t.failed>0?[i`${t.failed} failed`]:[],...t.drifted>0?[i`${t.drifted} drifted`]:[],...t.orphan>0?[i`${t.orphan} orphaned`]:[]];return i`${o.map((a,s)=>i`${s>0&&" \xB7 "}${a}`)}`}function en(e,{told:t}){return{...e,instances:e.instances.map(({events:n,attempts:r,drift:o,approvals:a,...s})=>{if(t.has(s.id))return{...s,plans:s.plans.map(({view:T,reads:J,uncertain:Un,...It})=>It)};let{id:d,component:l,stack:c,standing:m,says:p,ledger:u,flight:v}=s;return{id:d,component:l,stack:c,standing:m,says:p,ledger:u,flight:v}})}}function Qe(e){return`sha256-${Yt("sha256").update(e).digest("base64")}`}var tn=j(`<svg width="0" height="0" aria-hidden="true" focusable="false" class="vh"><defs>
<symbol id="sign-clean" viewBox="0 0 16 16"><rect x="2" y="2" width="12" height="12" rx="1" fill="currentColor"/></symbol>
<symbol id="sign-in-flight" viewBox="0 0 16 16"><path d="M2 2h6v12H2z" fill="currentColor"/><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="sign-never-applied" viewBox="0 0 16 16"><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="sign-failed" viewBox="0 0 16 16"><path d="M3 3l10 10M13 3L3 13" fill="none" stroke="currentColor" stroke-width="2.6"/></symbol>
<symbol id="sign-drifted" viewBox="0 0 16 16"><path d="M1 6q3.5-5 7 0t7 0M1 12q3.5-5 7 0t7 0" fill="none" stroke="currentColor" stroke-width="2"/></symbol>
<symbol id="sign-orphan" viewBox="0 0 16 16"><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.4 2"/></symbol>
</defs></svg>`);import{posix as Vn}from"node:path";function tt({document:e,standing:t}){return U(t)!==void 0?"failed":t.kind==="orphan"?"orphan":t.kind==="in-flight"?t.why.every(({kind:r})=>r==="never-applied")?"never-applied":"in-flight":B(e.drift?.found?.class)?"drifted":t.kind!=="unknown"?"clean":t.why.why==="drifted"?"drifted":"never-applied"}function B(e){return e==="out-of-band"||e==="external-data"}function U(e){if(e.kind==="orphan")return e.attempt&&{attempt:e.attempt,outcome:re(e.attempt.outcome)};if(e.kind!=="in-flight")return;let t=e.why.find(o=>o.kind==="attempt-not-done");if(t?.kind!=="attempt-not-done")return;let{attempt:n,outcome:r}=t;if(!(r==="running"&&e.waitsFor.kind==="running"&&e.holder!=="over"))return{attempt:n,outcome:re(r)}}function re(e){return e==="failed"||e==="partial"?e:"unknown"}function nt(e){let{standing:t,document:n}=e;switch(t.kind){case"clean":{let r=n.drift?.found;return r!==void 0&&B(r.class)?M[r.class]:n.claim?.purpose==="hold"?`applied and clean, held by ${n.claim.holder.by}`:"applied and clean"}case"unknown":return`unknown since adoption: ${xe(t.why)}`;case"in-flight":{let r=U(t),o=r===void 0?"":`last apply ${S[r.outcome]}; `;return`${t.why.some(({kind:s})=>s==="never-applied")?"never applied; ":""}${o}${$(t)}`}case"follows":return`applied; follows ${ot(t.upstreams)}, with a plan${rn(t)}`;case"orphan":return oe(t)+(t.attempt?`; last apply ${S[re(t.attempt.outcome)]}`:"")}}function $({waitsFor:e,holder:t}){switch(e.kind){case"running":return t==="over"?`left by ${e.claim.holder.by}, run ${e.claim.holder.run}, whose process is gone`:`being applied by ${e.claim.holder.by}, run ${e.claim.holder.run}`;case"hold":return`held by ${e.claim.holder.by}${e.claim.reason===void 0?"":`: ${e.claim.reason}`}`;case"plan":return"waits for a plan";case"re-plan":return`must be planned again: ${nn(e.why)}`;case"upstream":return`waits for ${ot(e.of)}`;case"approval":return`waits for approval: ${b(e.plan)}`;case"rejected":return`rejected by ${e.rejection.by}${e.rejection.note===void 0?"":`: ${e.rejection.note}`}`;case"finish":return"what was left of the approved plan waits for apply";case"apply":return Me(e.plan)?"nothing to change, waits for apply":`approved, waits for apply: ${b(e.plan)}`}}function rt(e){switch(e.kind){case"never-applied":return"it was never applied";case"changed":return"it was changed";case"gone":return"its declaration was removed";case"attempt-not-done":return e.outcome==="running"?`an ${e.attempt.action} by ${e.attempt.by} was begun and has not ended`:`the last ${e.attempt.action}, by ${e.attempt.by}, ${S[e.outcome==="rejected"?"unknown":e.outcome]}`;case"read-moved":return`a value that it read is another now: ${e.reads.map(({call:t})=>t).join(", ")}`}}var S={done:"went well",failed:"failed, nothing was changed",partial:"failed half-way",unknown:"ended nobody knows how"};function oe({why:e,words:t}){return e==="closed"?t:`${t}; what it made stays`}function nn(e){return e==="expired"?"its plan has expired":I(e)}function ot(e,t=4){return e.slice(0,t).map(r=>r.replace(/@([^@]*)$/," in $1")).join(", ")+(e.length>t?` and ${e.length-t} more`:"")}function rn({approval:e,plan:t}){switch(e.kind){case"missing":return` that waits for approval: ${b(t)}`;case"approved":return` that is approved: ${b(t)}`;case"rejected":return` that ${e.rejection.by} rejected`;case"not-needed":return`: ${b(t)}`}}function b({changes:e}){return D(e)+(e.destroy+e.replace>0?" \u26A0":"")}function at(e){return e===pe}var on=400;function it(e,t){let n=new Map;for(let r of e.flatMap(sn)){let o=JSON.stringify([r.kind,r.commit??[r.id,r.atMs],r.note??""]),a=n.get(o);a?a.push(r):n.set(o,[r])}return[...n.values()].map(r=>an(r,t)).sort((r,o)=>o.atMs-r.atMs).slice(0,on)}function an(e,t){let n=e[0],r=e.flatMap(({plannedMs:a})=>a??[]),o=e.flatMap(({approvedMs:a})=>a??[]);return{kind:n.kind,...n.commit!==void 0&&{commit:t(n.commit)},of:[...new Set(e.map(({id:a})=>a))].sort(),atMs:Math.max(...e.map(({atMs:a})=>a)),...r.length>0&&{plannedMs:Math.min(...r)},...o.length>0&&{approvedMs:Math.max(...o)},by:[...new Set(e.flatMap(({by:a})=>a??[]))].sort(),...n.note!==void 0&&{note:n.note}}}function sn({id:e,events:t,document:n}){let r=new Map,o=new Map,a=new Map,s=new Map(n.attempts.map(l=>[l.id,l])),d=(l,c,m)=>({id:e,kind:"applied",commit:void 0,by:void 0,note:void 0,atMs:l.atMs,plannedMs:c===void 0?void 0:r.get(c),approvedMs:c===void 0?void 0:o.get(c),...m});return t.flatMap(l=>{switch(l.kind){case"plan-stored":for(let c of[l.digest,l.fingerprint])r.set(c,r.get(c)??l.atMs);return[];case"approved":return o.set(l.digest,l.atMs),[];case"attempt-started":return a.set(l.attempt,l.digest),[];case"attempt-ended":{let c=s.get(l.attempt),m={commit:c?.commit,by:c?.by},{outcome:p}=l;if(p==="done")return[d(l,a.get(l.attempt),m)];let u=c?.note??(p==="rejected"?void 0:S[p]);return[d(l,a.get(l.attempt),{...m,kind:"failed",note:u})]}case"rejected":{let m={kind:"rejected",commit:n.attempts.find(p=>p.outcome==="rejected"&&p.digest===l.digest)?.commit,by:l.by.name,note:l.reason};return[d(l,l.digest,m)]}case"advanced":{let{ledger:c}=n,m=c?.fingerprint===l.fingerprint?c.by:void 0;return[d(l,l.fingerprint,{commit:l.commit,by:m,note:"without a change"})]}default:return[]}})}function st(e){return{atMs:e.atMs,says:dn(e)}}function dn(e){switch(e.kind){case"plan-stored":return`plan stored, digest ${C(e.digest)}`;case"plan-superseded":return`plan superseded: ${I(e.why)}`;case"approved":return`approved by ${e.by.name}, digest ${C(e.digest)}`;case"rejected":return`rejected by ${e.by.name}: ${e.reason}`;case"claimed":return`claimed by ${e.by}, run ${e.run}`;case"taken-over":return`claim taken over from ${e.from}, run ${e.fromRun}`;case"released":return"claim released";case"unlocked":return`unlocked by ${e.by}: ${e.reason}`;case"attempt-started":return`apply begun, digest ${C(e.digest)}`;case"attempt-ended":return`apply ended: ${e.outcome}`;case"attempt-settled":return`${e.by} looked: ${Te({...e,mayExist:e.mayExist.map(t=>({address:t,type:""}))})}`;case"errored-state":return`state that could not be stored: ${e.is}, by ${e.by}${e.reason===void 0?"":`: ${e.reason}`}`;case"lock-released":return`Terraform's lock ${e.lock} released by ${e.by}${e.reason===void 0?"":`: ${e.reason}`}`;case"advanced":return`the ledger says ${e.commit.slice(0,7)} now`;case"renamed":return`renamed from ${e.from} to ${e.to}`;case"drifted":return`drift seen: ${M[e.class]}`;case"drift-gone":return"drift gone";case"drift-check-failed":return`cannot be checked for drift: ${e.why}`}}function ct(e,t){let n=e.flatMap(a=>ae(a,t)),r=n.filter(({kind:a})=>!dt.has(a)),o=[...dt].flatMap(([a,s])=>{let d=n.filter(l=>l.kind===a);return d.length<2?d:[ln(d,s)]});return[...r,...o].sort((a,s)=>(a.sinceMs??Number.MAX_SAFE_INTEGER)-(s.sinceMs??Number.MAX_SAFE_INTEGER))}var dt=new Map([["plan","airlock plan"],["apply","airlock apply"]]);function ln(e,t){let n=e.flatMap(({sinceMs:r})=>r??[]);return{kind:e[0].kind,of:e.flatMap(({of:r})=>r),says:e[0].kind==="plan"?"wait for a plan":"are approved and wait for apply",...n.length>0&&{sinceMs:Math.min(...n)},act:[{command:t}]}}function ae(e,t){let{id:n,document:r,standing:o}=e,a=q(n),s=(d,l,c,m)=>({kind:d,of:[n],says:l,...c!==void 0&&{sinceMs:c},act:m});return[...r.claim?cn(e,t,s):[],...r.claim?[]:mn(e,s),...o.kind==="clean"||o.kind==="follows"?pn(e,s):[],...r.drift?.failed?[s("check-failing",`cannot be checked for drift: ${r.drift.failed.why}`,r.drift.failed.sinceMs,[{command:`airlock plan ${a}`}])]:[]]}function cn({id:e,document:t,standing:n},r,o){let{claim:a}=t;if(a===void 0)return[];let{by:s,run:d}=a.holder,l=[{command:`airlock unlock ${q(e)} --reason "\u2026"`}];if(a.purpose==="hold"){let u=a.reason===void 0?"":`: ${a.reason}`;return[o("held",`is held by ${s}${u}`,a.sinceMs,[{words:`ask ${s}`},...l])]}let c=a.untilMs!==void 0&&a.untilMs<=r,m=n.kind==="in-flight"&&n.holder==="over";return!c&&!m?[]:[o("left",`was left by ${s}, run ${d}, ${m?"whose process is gone":"and the lease is over"}`,c?a.untilMs:a.sinceMs,l)]}function mn({id:e,document:t,standing:n},r){let o=q(e),a={command:`airlock show ${o}`},s=U(n);if(s!==void 0){let{attempt:d,outcome:l}=s,c=d.note===void 0?"":` (${d.note})`,m=n.kind==="in-flight"?`; now: ${$(n)}`:"";return[r(l==="unknown"?"unknown":"failed",`the last ${d.action}, by ${d.by}, ${S[l]}${c}${m}`,d.endedMs??d.startedMs,V(o,n))]}switch(n.kind){case"clean":case"unknown":return[];case"follows":return n.approval.kind==="missing"?[r("approval",lt(n.plan),n.plan.createdMs,[{command:`airlock approve ${o}`}])]:[];case"orphan":{if(["disabled","abstract","closed"].includes(n.why))return[];let d=n.why==="elsewhere"?"move its state: terraform init -migrate-state":"bring it back, or remove it by name",l=t.ledger?.atMs;return[r("orphan",`${oe(n)}${l===void 0?"":" (applied last at that time)"}`,l,[{words:d},a])]}case"in-flight":{let{waitsFor:d}=n,l=n.commits.flatMap(({atMs:m})=>m??[]),c=l.length>0?Math.min(...l):void 0;switch(d.kind){case"approval":return[r("approval",lt(d.plan),d.plan.createdMs,V(o,n))];case"rejected":return[r("rejected",`was ${$(n)}`,d.rejection.startedMs,V(o,n))];case"plan":return[r("plan",$(n),c,V(o,n))];case"re-plan":return[r("plan",$(n),c,V(o,n))];case"finish":return[r("apply",$(n),d.attempt.startedMs,V(o,n))];case"apply":{let m=n.approval?.kind==="approved"?n.approval.approval.atMs:d.plan.createdMs;return[r("apply",`is ${$(n)}`,m,V(o,n))]}case"running":case"hold":case"upstream":return[]}}}}function lt(e){return`waits for approval: ${b(e)}`}function V(e,t){let n={command:`airlock show ${e}`};if(t.kind!=="in-flight")return[n];switch(t.waitsFor.kind){case"approval":return[{command:`airlock approve ${e}`}];case"rejected":return[{words:"change or revert it in a pull request, or approve it after all"},{command:`airlock approve ${e}`}];case"plan":case"re-plan":return[{command:`airlock plan ${e}`}];case"apply":case"finish":return[{command:`airlock apply ${e}`}];case"running":return t.holder==="over"?[{command:`airlock unlock ${e} --reason "\u2026"`}]:[n];case"hold":return[{command:`airlock unlock ${e} --reason "\u2026"`}];case"upstream":return[n]}}function pn({id:e,document:t},n){let r=t.drift?.found;if(r===void 0||!B(r.class))return[];let o=[{command:`airlock drift --remediate ${q(e)}`}];return[n("drifted",`${M[r.class]}: ${b(r)} to put it back`,r.firstMs,o)]}var un=30;function mt(e){let{nowMs:t,repository:n,branch:r,total:o,pulls:a,baseline:s,problems:d}=e,l=m=>e.commits.get(m)??{id:m},c=e.instances.map(m=>gn(m,e,l)).sort((m,p)=>m.id<p.id?-1:m.id>p.id?1:0);return{format:1,madeMs:t,repository:n,branch:r,total:o,counts:hn(c),needs:ct(e.instances,t),instances:c,history:it(e.instances,l),pulls:a,...s&&{baseline:s},problems:d}}function pt(e){let t=e.flatMap(({document:a})=>a.plans.filter(({status:s})=>s.kind==="open")),n=e.flatMap(({document:a})=>a.drift?.found?.model??[]),o=e.flatMap(({document:a})=>fn(a)??[]).toSorted((a,s)=>s.createdMs-a.createdMs);return[...new Set([...t.map(({model:a})=>a),...n,...o.map(({model:a})=>a)])]}function fn({plans:e,ledger:t,attempts:n}){let r=n.at(-1)?.plan;return e.findLast(({id:o,digest:a,status:s})=>o===r||s.kind==="applied"&&a===t?.digest)}function hn(e){let t=n=>e.filter(r=>r.standing===n).length;return{failed:t("failed"),drifted:t("drifted"),"never-applied":t("never-applied"),"in-flight":t("in-flight"),clean:t("clean"),orphan:t("orphan")}}function gn(e,t,n){let{id:r,component:o,stack:a,document:s}=e,{ledger:d,claim:l,drift:c}=s,m=yn(e);return{id:r,component:o,stack:a,standing:tt(e),says:nt(e),formerly:s.names.filter(p=>p!==r),state:{backend:s.address.backend,workspace:s.address.workspace},...d&&{ledger:{commit:n(d.commit),atMs:d.atMs,by:d.by,digest:d.digest,...d.state&&{serial:d.state.serial},removed:at(d.fingerprint)}},...m&&{flight:m},...l&&{claim:wn(l,t.nowMs)},next:ae(e,t.nowMs).flatMap(({act:p})=>p),plans:s.plans.toReversed().map(p=>bn(p,t)),approvals:s.approvals.toReversed().map(({by:p,how:u,atMs:v,digest:T,destroys:J})=>({by:p.name,how:u,atMs:v,digest:T,...J!==void 0&&{destroys:J}})),attempts:s.attempts.toReversed().map(p=>({id:p.id,action:p.action,outcome:p.outcome??"not ended",by:p.by,commit:n(p.commit),startedMs:p.startedMs,...p.endedMs!==void 0&&{endedMs:p.endedMs},...p.note!==void 0&&{note:p.note}})),...c&&{drift:vn(c,t)},events:e.events.slice(-un).toReversed().map(st)}}function yn({standing:e}){if(e.kind!=="in-flight")return;let t=e.commits.flatMap(({atMs:n})=>n??[]);return{why:e.why.map(rt),waits:$(e),...t.length>0&&{sinceMs:Math.min(...t)},commits:e.commits.slice(0,20)}}function wn(e,t){let{purpose:n,holder:r,fence:o,sinceMs:a,untilMs:s,reason:d}=e;return{purpose:n,by:r.by,run:r.run,fence:o,sinceMs:a,...s!==void 0&&{untilMs:s},...d!==void 0&&{reason:d},overdue:s!==void 0&&s<=t}}function bn(e,{nowMs:t,views:n}){let{status:r}=e,o=r.kind==="open"&&t<e.expiresMs,a=n.get(e.model);return{id:e.id,digest:e.digest,does:b(e),madeMs:e.createdMs,by:e.by,run:e.run,commit:e.commit,of:$n(e),status:kn(e,t),open:o,provisional:e.provisional,reads:e.reads.map(({call:s})=>s),uncertain:e.uncertain,view:a??{left:"not shown here"}}}function $n({pullRequest:e,branch:t,merged:n}){return e!==void 0?`#${e}`:n!==void 0&&n.length>0?`merged ${n.map(r=>`#${r}`).join(", ")}`:t===void 0?"the protected branch":`branch ${t}`}function kn({status:e,expiresMs:t},n){switch(e.kind){case"open":return n<t?"open":"expired";case"applied":return"applied";case"superseded":return`superseded: ${I(e.why)}`}}function vn(e,{views:t}){let{checkedMs:n,cleanMs:r,failed:o,found:a}=e;return{checkedMs:n,...r!==void 0&&{cleanMs:r},...o&&{failed:{sinceMs:o.sinceMs,why:o.why}},...a&&{found:{says:M[a.class],does:b(a),firstMs:a.firstMs,lastMs:a.lastMs,view:t.get(a.model)??{left:"not shown here"}}}}}var k={objects:120,rows:80,chars:300,names:60,outputs:60,lines:120};function ht(e){let t=e.changes.filter(ge).toSorted(qe),n=e.deferred.map(({reason:o,change:a})=>({...yt(a),because:[`deferred: ${o.replaceAll("_"," ")}`]})),r=[...t.map(o=>ut(o)),...n];return{does:D(ke(e)),dangerous:ve(e),remarks:xn(e),objects:r.slice(0,k.objects),drift:e.drift.slice(0,20).map(o=>({...ut(o),phrase:`was ${o.action==="delete"?"deleted":"changed"} outside of Terraform`,risky:!1})),outputs:e.outputs.filter(({action:o})=>o!=="no-op").slice(0,k.outputs).map(({name:o,action:a,after:s})=>({name:x(o,200),value:a==="delete"||s===void 0?{words:"removed"}:ie(s,80)})),left:Math.max(0,r.length-k.objects)}}function gt(e){return JSON.stringify(e).length}function xn(e){let t=e.checks.filter(({status:n})=>n==="fail"||n==="error");return[...e.errored?["Planning stopped half-way: this is not all that would change."]:[],...e.complete?[]:["This plan is not the whole: some changes are left to a later one."],...t.slice(0,20).map(({address:n,status:r,problems:o})=>`${n} ${r==="fail"?"fails":"could not be checked"}: ${x(o.join("; "),500)}`),...e.invocations.slice(0,20).map(({address:n})=>`Runs the action ${n}.`),...e.shortSecrets>0?[`Secret values shorter than four characters are not looked for in it: ${e.shortSecrets}.`]:[]]}function yt(e){return{address:x(e.address,400),phrase:`will be ${Ne(e)}`,risky:Ee(e),because:Ae(e).map(({text:t,names:n})=>[t,n.slice(0,8).join(", ")].join(" ").trim()),made:e.before===void 0,rows:[],left:0,unknown:[]}}function ut(e){let t=yt(e);if(e.action==="forget"||e.action==="read")return t;if(e.action==="delete")return{...t,because:[...t.because,...Pn(e.before)]};let{rows:n,unknown:r}=je(e);return{...t,rows:n.slice(0,k.rows).map(Mn),left:Math.max(0,n.length-k.rows),unknown:r.slice(0,k.names)}}function Mn(e){let t=Sn(e);return{name:x(e.name,200),before:t?{words:"text"}:ie(e.before,k.chars),after:t?{words:"changed, below"}:ie(e.after,k.chars),forces:e.forcesReplacement,...t&&{diff:t}}}function ie(e,t){switch(e?.kind){case void 0:return{words:"\u2013"};case"unknown":return{words:"known after apply"};case"sensitive":return{words:e.changed?"sensitive, changed":"sensitive"};case"known":case"list":case"map":return{code:x(Ie(e),t)}}}function Pn(e){for(let t of["arn","id","name"]){let n=Ve(e,[t]);if(n?.kind==="known"&&typeof n.value=="string")return[`${t} ${x(n.value,200)}`]}return[]}function Sn({before:e,after:t}){let[n,r]=[ft(e),ft(t)];if(!(n===void 0||r===void 0||!(n+r).trim().includes(`
`)))return Re(n,r)?.slice(0,k.lines).map(o=>x(o,k.chars))}function ft(e){return e===void 0?"":e.kind==="known"&&typeof e.value=="string"?e.value:void 0}var wt=60,In=400,Cn=1e6,K=32;async function $t(e){let t=await He(e),n=[],r=await jn(e,t,n),o=mt({nowMs:t.nowMs,repository:await Rn(e),branch:t.branch,total:t.total,instances:r,commits:await En(e,r),views:await qn(e,r,n),pulls:[],baseline:await Hn(e),problems:n});return Tn(o,de(e.ambient.env))}async function jn(e,{checkout:t,items:n,commits:r,documents:o},a){let s=new Map(n.filter(({kind:m})=>m!=="absent").map(m=>[m.id,m])),d=[...t.subjects.values()].map(({instance:m})=>({id:m.id,component:m.component,stack:m.stack,document:ye(o,m),standing:bt(s.get(m.id),r)})),l=n.flatMap(m=>Nn(m)?[{...m,standing:bt(m,r)}]:[]),c=[...d,...l.map(({id:m,component:p,stack:u,document:v,standing:T})=>({id:m,component:p,stack:u,document:v,standing:T}))];return vt(c,async m=>({...m,events:await An(e,m.document,a)}))}function Nn(e){return e.kind==="absent"||e.kind==="in-flight"&&e.removal!==void 0}function bt(e,t){switch(e?.kind){case void 0:case"drifted":case"moved":return{kind:"clean"};case"unknown":return{kind:"unknown",why:e.why};case"in-flight":{let{kind:n,why:r,waitsFor:o,holder:a,plan:s,approval:d}=e;return{kind:n,why:r,waitsFor:o,holder:a,plan:s,approval:d,commits:(t.get(e.id)??[]).map(se)}}case"follows":{let{kind:n,upstreams:r,plan:o,approval:a}=e;return{kind:n,upstreams:r,plan:o,approval:a}}case"absent":return{kind:"orphan",why:e.why,words:e.words,attempt:e.attempt}}}async function An({store:e},{address:t,outbox:n,rev:r},o){if(r===0)return[];let a=(await e.list(he(me(t)))).slice(-wt),s=await Promise.all(a.map(async l=>{let c=await e.get(l);return c&&kt(()=>fe(ue,c.bytes,l),o)}));return[...new Map([...s,...n].flatMap(l=>l?[[l.id,l]]:[])).values()].sort((l,c)=>l.id<c.id?-1:1).slice(-wt)}async function qn({store:e},t,n){let r=new Map,o=pt(t),a=0;for(let s=0;s<o.length;s+=K){let d=o.slice(s,s+K);if(a>=Cn){for(let c of o.slice(s))r.set(c,{left:"left out, since this page would become too large"});break}let l=await Promise.all(d.map(c=>e.get(c)));for(let[c,m]of d.entries()){let p=l[c],u=p&&kt(()=>Se(p.bytes,`plan ${m}`),n),v=u&&ht(u);r.set(m,v??{left:p?"it cannot be read":"it is no longer in the store"}),a+=v?gt(v):0}}return r}function kt(e,t){try{return e()}catch(n){if(!(n instanceof A))throw n;t.push(n.message);return}}async function En({repo:e},t){let n=t.flatMap(({document:{ledger:a,attempts:s},events:d})=>[...a?[{id:a.commit,atMs:a.atMs}]:[],...s.map(({commit:l,startedMs:c})=>({id:l,atMs:c})),...d.flatMap(l=>l.kind==="advanced"?[{id:l.commit,atMs:l.atMs}]:[])]),r=new Map(n.sort((a,s)=>s.atMs-a.atMs).map(({id:a})=>[a,a])),o=await vt([...r.keys()].slice(0,In),async a=>{let s=await e.resolve(a);return s&&se(await e.info(s))});return new Map(o.flatMap(a=>a?[[a.id,a]]:[]))}async function Hn(e){let t=await Pe(e);if(t===void 0)return;let n=await e.repo.resolve(t.commit);return{commit:n?se(await e.repo.info(n)):{id:t.commit},atMs:t.atMs,by:t.by}}function se({id:e,subject:t,timeMs:n}){return{id:e,subject:t,atMs:n}}async function Rn({repo:e}){let t=await e.config("remote.origin.url");return(t&&we(t))??Vn.basename(e.mainWorktree)}function Tn(e,t){let n=le(t),r=new Map,o=s=>{let d=r.get(s)??ce(s,n);return r.set(s,d),d},a=s=>typeof s=="string"?o(s):Array.isArray(s)?s.map(a):typeof s!="object"||s===null?s:Object.fromEntries(Object.entries(s).map(([d,l])=>[d,a(l)]));return a(e)}async function vt(e,t){let n=[];for(let r=0;r<e.length;r+=K)n.push(...await Promise.all(e.slice(r,r+K).map(t)));return n}import{randomUUID as Ln}from"node:crypto";import{open as On,realpath as Dn,rename as Fn,rm as Wn,stat as xt,writeFile as _n}from"node:fs/promises";import{dirname as Mt,join as Pt}from"node:path";async function St(e,t,n){let r=Mt(e),o=await xt(r).catch(()=>{});if(!o?.isDirectory())throw G(t,o?`${r} is no folder`:`there is no folder ${r}`,"name a file in a folder that exists");let a=await xt(e).catch(()=>{});if(a!==void 0){if(!a.isFile())throw G(t,a.isDirectory()?"it is a folder":"it is no ordinary file",a.isDirectory()?`name a file in it: --out ${Pt(t,"index.html")}`:"name an ordinary file, or - to print the page");if(!(n||a.size===0||(await zn(e,t)).includes(ne)))throw new A({code:"dashboard-over-other",message:`${t} is there already and is no dashboard of Airlock`,fix:"name another file, or replace it with --force",exit:2})}}async function Vt(e,t){let n=await Dn(e).catch(()=>e),r=Pt(Mt(n),`.${Ln()}.tmp`);try{await _n(r,t,{flag:"wx"}),await Fn(r,n)}catch(o){throw await Wn(r,{force:!0}).catch(()=>{}),G(e,o instanceof Error?o.message:String(o),"name another file",o)}}async function zn(e,t){try{let n=await On(e);try{let{buffer:r,bytesRead:o}=await n.read(Buffer.alloc(1024),0,1024,0);return r.toString("utf8",0,o)}finally{await n.close()}}catch(n){throw G(t,n instanceof Error?n.message:String(n),"name another file",n)}}function G(e,t,n,r){return new A({code:"file-unwritable",message:`${e} cannot be written: ${t}`,fix:n,exit:2,cause:r})}var qo={name:"dashboard",summary:"One page of all there is: what needs a person, the estate, its history",usage:"airlock dashboard [--out FILE] [--force] [--json]",description:`Writes one HTML file from the records and the tip of the protected branch. It asks nothing of any network, and holds
nothing that a pull request comment would not show. An earlier dashboard is replaced; any other file only with --force.`,examples:[{command:"airlock dashboard",does:"write airlock-dashboard.html here"},{command:"airlock dashboard --out public/index.html",does:"where a web server finds it"},{command:"airlock dashboard --json",does:"print the data of the page for programs"}],flags:[{name:"out",short:"o",type:"string",value:"FILE",help:"Where to write it; - prints it"},{name:"force",type:"boolean",help:"Replace a file that is no dashboard"}],positional:[],async run({flags:e},t){let n=e.out??"airlock-dashboard.html",r=t.resolve(n),o=!e.json&&n!=="-";o&&await St(r,n,e.force===!0);let a=await $t(await be(t));if(e.json)return t.print(JSON.stringify(a,void 0,2)),0;let s=et(a);if(!o)return t.print(s),0;await Vt(r,s);let d=a.needs.length;return t.print(`Wrote ${n}: ${Bn(new TextEncoder().encode(s).length)}, ${a.instances.length} instances.`),t.print(d===0?"Nothing needs a person.":`${d} ${d===1?"thing needs":"things need"} a person: open it, or airlock status.`),0}};function Bn(e){return e<1e6?`${Math.ceil(e/1e3)} kB`:`${(e/1e6).toFixed(1)} MB`}export{qo as command};
