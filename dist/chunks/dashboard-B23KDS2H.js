import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as Fe}from"./chunk-GT3RPMCY.js";import{a as Oe}from"./chunk-3S4R6FCQ.js";import{b as Le}from"./chunk-SS3M65IJ.js";import"./chunk-CXE4ECLP.js";import{a as Ve}from"./chunk-24AROTT3.js";import{l as E,p as Te}from"./chunk-I3IRTQPV.js";import{b as Se,d as Ne,e as M,m as qe,n as Ae,o as Ee,p as Re,q as He,w as x}from"./chunk-LPG5LIFT.js";import"./chunk-OEJSSAEG.js";import{f as Me}from"./chunk-SLN437M4.js";import{b as C,c as S}from"./chunk-GDM4SIQH.js";import{b as je}from"./chunk-M7GMRWJV.js";import{I as Ie,J as Ce,a as ve,c as xe,d as W,k as Pe,y as I}from"./chunk-TEVEJ5CI.js";import"./chunk-XBSN2YM7.js";import{L as ge,O as ye,V as we,c as pe,d as ue,u as fe,x as he}from"./chunk-JVBPTYSU.js";import"./chunk-GPT6C6ML.js";import"./chunk-I2B2NOJE.js";import{T as $e,X as ke}from"./chunk-SZ37YVPL.js";import{a as be,b as O,c as F}from"./chunk-DJ5GSM7H.js";import{b as ce,c as me}from"./chunk-2LGLW6MH.js";import"./chunk-ZMGS4JRB.js";import{b as le}from"./chunk-D7KTQWZA.js";import{a as A}from"./chunk-GGLZWIM2.js";import"./chunk-RUZML3UI.js";import{createHash as tn}from"node:crypto";function i(e,...t){let n=e[0];for(let[r,o]of t.entries())n+=De(o)+e[r+1];return{html:n}}function N(e){return{html:e}}function We(e){return{html:JSON.stringify(e).replace(/[<>&\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,n=>`\\u${n.charCodeAt(0).toString(16).padStart(4,"0")}`)}}function qt(e){return Ne(e).replace(/[&<>"'`]/g,t=>`&#${t.charCodeAt(0)};`)}function De(e){return e===void 0||e===!1?"":typeof e=="string"?qt(e):typeof e=="number"?String(e):At(e)?e.map(De).join(""):e.html}function At(e){return Array.isArray(e)}var D={failed:"failed",drifted:"drifted","in-flight":"in flight","never-applied":"never applied",clean:"applied and clean",orphan:"orphan"},_=["failed","drifted","in-flight","never-applied","orphan","clean"],_e={failed:["failed","failed"],unknown:["failed","end unknown"],left:["failed","left behind"],approval:["in-flight","approval"],rejected:["in-flight","rejected"],held:["in-flight","held"],drifted:["drifted","drifted"],adopted:["drifted","adopted"],"check-failing":["drifted","not checked"],orphan:["orphan","orphan"],plan:["in-flight","plan"],apply:["in-flight","apply"]};function h(e){return i`<svg class="sign" aria-hidden="true" focusable="false"><use href="#sign-${e}"/></svg>`}function q(e){return`i:${e.replace(/[^A-Za-z0-9._@/-]/g,t=>`~${t.codePointAt(0).toString(16)}~`)}`}function z(e,{index:t}){return t.has(e)?i`<a href="#${q(e)}">${R(e)}</a>`:R(e)}function R(e){let t=e.lastIndexOf("@");return t<0?i`<b>${e}</b>`:i`<b>${e.slice(0,t)}</b> <span class="stack">${e.slice(t+1)}</span>`}function H(e,t,n=4){let r=e.length-n;return i`${e.slice(0,n).map((o,a)=>i`${a>0&&", "}${z(o,t)}`)}${r>0&&` and ${r} more`}`}function g(e,{index:t}){return e.flatMap(n=>t.get(n)??[]).join(" ")}function y(e,{madeMs:t}){return i`<time class="rel" datetime="${ze(e)}">${be(e,t)}</time>`}function f(e){return i`<time datetime="${ze(e)}">${O(e,0)}</time>`}function ze(e){return new Date(e).toISOString()}function P({id:e,subject:t}){return i`<code>${e.slice(0,7)}</code>${t!==void 0&&i` ${t}`}`}function T(e){return i`<code>${S(e)}</code>`}function Be(e){return[...new Set(e.map(t=>t.replace(/, run \S+$/,"")))].join(", ")}function B(e){return i`${e.map((t,n)=>i`${n>0&&" "}${"command"in t?i`<code class="cmd">${t.command}</code>`:i`<span>${t.words}</span>`}`)}`}function w(e,t,n,r){return i`<table class="flow" role="table"><caption>${e}</caption>
<thead role="rowgroup"><tr role="row">${t.map(({name:o,short:a})=>i`<th scope="col" role="columnheader"${a&&i` class="short"`}>${o}</th>`)}</tr></thead>
${n.map(({title:o,rows:a})=>i`<tbody role="rowgroup">${o!==void 0&&i`<tr role="row" class="group"><th scope="rowgroup" role="rowheader" colspan="${t.length}">${o}</th></tr>
`}${a.map(s=>i`<tr role="row"${r?.(s)}>${t.map(l=>Et(l,s))}</tr>
`)}</tbody>`)}</table>`}function Et({name:e,head:t,short:n,cell:r},o){return t?i`<th scope="row" role="rowheader" data-l="${e}">${r(o)}</th>`:i`<td role="cell" data-l="${e}"${n&&i` class="short"`}>${r(o)}</td>`}var Rt=12e3;function Ke({instances:e,counts:t,total:n},r){let o=_.filter(a=>t[a]>0);return i`<section id="estate" aria-labelledby="estate-h" tabindex="-1">
<h2 id="estate-h">Estate</h2>
<ul class="legend" aria-label="What the signs mean, and how many there are of each">${o.map(a=>i`<li>${h(a)}${D[a]} <b>${t[a]}</b></li>`)}</ul>
<p class="readout" id="readout" hidden aria-hidden="true">Point at a square, or move over them with the arrow keys: this line says it in words.</p>
${e.length===0?i`<p class="calm">There are no instances.</p>`:Ht(e,n,r)}
</section>`}function Ht(e,t,n){let r=Ue(e.map(u=>u.stack)),o=Ue(e.map(u=>u.component)),a=i`${Z(o.length,"component")} in ${Z(r.length,"stack")}: ${Z(t,"instance")}`,s=r.length*o.length,l=s>Rt||s>600&&s>e.length*6,d=["stack",r,u=>u.stack],c=["component",o,u=>u.component],[m,p]=r.length>=o.length?[d,c]:[c,d];return l?Lt(e,a,p,n):Tt(e,a,m,[p[1],p[2]],n)}function Tt(e,t,[n,r,o],[a,s],l){let d=new Map(e.map(c=>[JSON.stringify([o(c),s(c)]),c]));return i`<div class="scroll" role="region" aria-label="Estate, components and stacks" tabindex="0"><table class="grid"><caption>${t}</caption>
<thead><tr><th scope="col">${n}</th>${a.map(c=>i`<th scope="col" class="up"><span>${c}</span></th>`)}</tr></thead>
<tbody>${r.map(c=>i`<tr><th scope="row">${c}</th>${a.map(m=>{let p=d.get(JSON.stringify([c,m]));return i`<td>${p&&Ge(p,l)}</td>`})}</tr>
`)}</tbody></table></div>`}function Lt(e,t,[n,r,o],a){let s=new Map(r.map(l=>[l,[]]));for(let l of e)s.get(o(l))?.push(l);return i`<table class="grid lines"><caption>${t}</caption>
<thead><tr><th scope="col">${n}</th><th scope="col">instances</th></tr></thead>
<tbody>${r.map(l=>i`<tr><th scope="row">${l}</th><td>${s.get(l)?.map(d=>Ge(d,a))}</td></tr>
`)}</tbody></table>`}function Ge(e,t){let n=`${e.component} in ${e.stack}: ${e.says}`;return i`<a class="sq ${e.standing}" href="#${q(e.id)}" data-of="${g([e.id],t)}" aria-label="${n}" title="${n}">${h(e.standing)}</a>`}function Ue(e){return[...new Set(e)].sort()}function Z(e,t){return`${e} ${t}${e===1?"":"s"}`}function Je({history:e},t){return i`<section id="history" aria-labelledby="history-h" tabindex="-1">
<h2 id="history-h">History</h2>
${e.length===0?i`<p class="calm">Nothing was applied yet.</p>`:w("What was applied, failed or was rejected, newest first; times are those of the last instance of a line",[{name:"change",head:!0,cell:Ot},{name:"instances",cell:n=>i`${n.of.length>4&&i`<b>${n.of.length}</b>: `}${H(n.of,t)}`},{name:"came to",cell:n=>Ft(n,t)},{name:"plan \u2192 yes",short:!0,cell:({plannedMs:n,approvedMs:r})=>Y(n,r)},{name:"yes \u2192 end",short:!0,cell:({approvedMs:n,atMs:r})=>Y(n,r)},{name:"merge \u2192 end",short:!0,cell:({commit:n,atMs:r})=>Y(n?.atMs,r)}],[{rows:e}],n=>i` data-of="${g(n.of,t)}"`)}
</section>`}function Ot({commit:e}){return e===void 0?"a commit that is not recorded any more":i`${P(e)}${e.atMs!==void 0&&i`<br><span class="dim">${f(e.atMs)}</span>`}`}function Ft({kind:e,atMs:t,by:n,note:r},o){let a=n.length===0?"":` by ${Be(n)}`;return i`${e!=="applied"&&h("failed")}${e}${a}, ${y(t,o)}${r!==void 0&&i`<br><span class="dim">${r}</span>`}`}function Y(e,t){return e===void 0||t===void 0||t<e?"\u2013":F(t-e)}function ee(e){if("left"in e&&!("objects"in e))return i`<p class="dim">${e.left}</p>`;let t=e;return i`${t.remarks.map(n=>i`<p>⚠ ${n}</p>`)}
${t.objects.map(n=>Xe(n))}${t.left>0&&i`<p>${t.left} more objects are left out here.</p>`}
${t.outputs.length>0&&i`<p>Outputs: ${t.outputs.map(({name:n,value:r},o)=>i`${o>0&&", "}<code>${n}</code> ${Q(r)}`)}.</p>`}
${t.drift.length>0&&i`<p><b>Met while planning:</b></p>${t.drift.map(n=>Xe(n))}`}
${t.objects.length+t.outputs.length+t.drift.length===0&&i`<p>No change.</p>`}`}function Xe(e){let t=e.because.length>0&&i` <span class="dim">(${e.because.join("; ")})</span>`,n=e.rows.flatMap(({name:r,diff:o})=>o?[{name:r,diff:o}]:[]);return i`<div class="object"><p>${e.risky&&"\u26A0 "}<code>${e.address}</code> <b>${e.phrase}</b>${t}</p>
${e.rows.length>0&&Wt(e)}${e.left>0&&i`<p>${e.left} more attributes are left out here.</p>`}
${n.map(({name:r,diff:o})=>i`<p><code>${r}</code>:</p><pre>${o.join(`
`)}</pre>`)}
${e.unknown.length>0&&i`<p class="dim">Known after apply: ${e.unknown.join(", ")}.</p>`}</div>`}function Wt({address:e,made:t,rows:n}){let r={name:"attribute",head:!0,cell:s=>i`<code>${s.name}</code>${s.forces&&i` <b>forces replacement</b>`}`},o={name:"before",cell:s=>Q(s.before)},a={name:t?"value":"after",cell:s=>Q(s.after)};return w(i`<span class="vh">Attributes of ${e}</span>`,t?[r,a]:[r,o,a],[{rows:n}])}function Q(e){return"code"in e?i`<code>${e.code}</code>`:i`<span class="dim">${e.words}</span>`}function Ye({instances:e},t){let n=e.filter(({id:r})=>!t.told.has(r));return i`<section id="instances" aria-labelledby="instances-h" tabindex="-1">
<h2 id="instances-h">Instances</h2>
${e.filter(({id:r})=>t.told.has(r)).map(r=>Dt(r,t))}
${n.length>0&&_t(n,t)}
</section>`}function Dt(e,t){let{ledger:n,flight:r,claim:o,drift:a}=e;return i`<details class="inst" data-of="${g([e.id],t)}"><summary><h3>${h(e.standing)}${R(e.id)}</h3> <span class="says">${e.says}</span></summary>
<div class="body" id="${q(e.id)}" tabindex="-1">
${Bt([["next",e.next.length>0&&i`<span class="acts">${B(e.next)}</span>`],["applied last",n?i`${P(n.commit)}${n.removed&&" (its removal)"}, ${f(n.atMs)}, by ${n.by}; digest ${T(n.digest)}${n.serial!==void 0&&`, state serial ${n.serial}`}`:"never"],["in flight",r&&i`${r.waits}; ${r.why.join("; ")}${r.sinceMs!==void 0&&i`; since ${y(r.sinceMs,t)}`}`],["asked by",r&&r.commits.length>0&&i`${r.commits.slice(0,5).map((s,l)=>i`${l>0&&i`<br>`}${P(s)}`)}`],["claim",o&&i`${o.purpose} by ${o.by}, run ${o.run}, number ${o.fence}, since ${f(o.sinceMs)}${o.untilMs!==void 0&&i`; lease until ${f(o.untilMs)}${o.overdue&&", which is over"}`}${o.reason!==void 0&&`: ${o.reason}`}`],["drift",a&&Ut(a)],["state",`${e.state.backend}, workspace ${e.state.workspace}`],["formerly",e.formerly.length>0&&e.formerly.join(", ")]])}
${zt(e)}
</div></details>
`}function _t(e,t){return i`<h3>${e.length} more, in a line each</h3>
<p class="dim">Their plans, approvals and attempts: <code>airlock show COMPONENT -s STACK</code>.</p>
<ul class="quiet">${e.map(n=>i`<li id="${q(n.id)}" data-of="${g([n.id],t)}" tabindex="-1">${h(n.standing)}${R(n.id)} ${n.says}${n.ledger&&`; ${n.ledger.commit.id.slice(0,7)} applied ${O(n.ledger.atMs,0)} by ${n.ledger.by}`}</li>
`)}</ul>`}function zt(e){return i`${e.drift?.found&&i`<details class="plan"><summary>What changed outside: ${e.drift.found.does} to put it back</summary>${ee(e.drift.found.view)}</details>`}
${e.plans.length>0&&Kt(e.plans)}
${e.approvals.length>0&&i`<h4>Approvals</h4>${w(i`<span class="vh">Approvals of ${e.id}</span>`,[{name:"by",head:!0,cell:t=>t.by},{name:"how",cell:t=>`${t.how}${t.destroys===void 0?"":`, for ${t.destroys} removals`}`},{name:"when",cell:t=>f(t.atMs)},{name:"digest",cell:t=>T(t.digest)}],[{rows:e.approvals}])}`}
${e.attempts.length>0&&Gt(e)}
${e.events.length>0&&i`<details class="log"><summary>What happened: the last ${e.events.length} events</summary><ol reversed>${e.events.map(t=>i`<li>${f(t.atMs)} ${t.says}</li>`)}</ol></details>`}`}function Bt(e){return i`<dl>${e.map(([t,n])=>n!==void 0&&n!==!1&&i`<dt>${t}</dt><dd>${n}</dd>`)}</dl>`}function Ut({checkedMs:e,cleanMs:t,failed:n,found:r}){return i`${r?i`${r.says}, seen first ${f(r.firstMs)}; `:""}checked ${f(e)}${t!==void 0&&i`, clean ${f(t)}`}${n&&i`; cannot be checked since ${f(n.sinceMs)}: ${n.why}`}`}function Kt(e){let[t,n]=[e.filter(r=>r.open),e.filter(r=>!r.open&&"objects"in r.view)];return i`<h4>Plans</h4>
${t.map(r=>Ze(r,!0))}${w(i`<span class="vh">Plans, newest first</span>`,[{name:"made",head:!0,cell:r=>f(r.madeMs)},{name:"does",short:!0,cell:r=>`${r.does}${r.provisional?", provisional":""}`},{name:"of",cell:r=>i`${r.of}, <code>${r.commit.slice(0,7)}</code>`},{name:"by",cell:r=>`${r.by}, run ${r.run}`},{name:"digest",short:!0,cell:r=>T(r.digest)},{name:"status",cell:r=>r.status}],[{rows:e}])}
${n.map(r=>Ze(r,!1))}`}function Ze(e,t){return i`<details class="plan"${t&&i` open`}><summary>${e.does}, as reviewers saw it: ${e.open?"open":e.status}, digest ${T(e.digest)}</summary>
${e.reads.length>0&&i`<p>Reads ${e.reads.map((n,r)=>i`${r>0&&", "}<code>${n}</code>`)}.</p>`}
${e.provisional&&i`<p><b>Provisional:</b> made with a value that an upstream’s apply may still change.</p>`}
${ee(e.view)}
${e.uncertain.length>0&&i`<p class="dim">Not held by the fingerprint: ${e.uncertain.slice(0,10).join("; ")}.</p>`}</details>`}function Gt({id:e,attempts:t}){return i`<h4>Attempts</h4>${w(i`<span class="vh">Attempts on ${e}, newest first</span>`,[{name:"begun",head:!0,cell:n=>f(n.startedMs)},{name:"came to",cell:n=>i`${n.action}: <b>${n.outcome}</b>${n.note!==void 0&&i`<br><span class="dim">${n.note}</span>`}`},{name:"took",cell:n=>n.endedMs===void 0?"\u2013":F(n.endedMs-n.startedMs)},{name:"by",cell:n=>n.by},{name:"commit",cell:n=>P(n.commit)}],[{rows:t}])}`}function et({needs:e,instances:t,total:n,pulls:r,problems:o},a){let s=t.filter(l=>l.flight).sort((l,d)=>(l.flight?.sinceMs??Number.MAX_SAFE_INTEGER)-(d.flight?.sinceMs??Number.MAX_SAFE_INTEGER));return i`<section id="now" aria-labelledby="now-h" tabindex="-1">
<h2 id="now-h">Now</h2>
${o.length>0&&en(o)}
${e.length===0?i`<p class="calm">Nothing needs a person.</p>`:Jt(e,a)}
${s.length===0?i`<p class="calm">Nothing is in flight: all ${n} instances are as the protected branch asks.</p>`:Zt(s,n,a)}
${r.length>0&&Qt(r,a)}
</section>`}var Qe=40;function Jt(e,t){let[n,r]=[e.slice(0,Qe),e.slice(Qe)],o=a=>i`<ol class="needs">${a.map(s=>Xt(s,t))}</ol>`;return i`<h3>${e.length===1?"One thing needs":`${e.length} things need`} a person, oldest first</h3>
${o(n)}${r.length>0&&i`<details><summary>${r.length} more</summary>${o(r)}</details>`}`}function Xt({kind:e,of:t,says:n,sinceMs:r,act:o},a){let[s,l]=_e[e],d=t.length>1&&i`${H(t,a)}`;return i`<li data-of="${g(t,a)}"><p class="kind">${h(s)}${l}</p><p class="who">${t.length===1?z(t[0],a):i`<b>${t.length} instances</b>`}</p><div class="says"><p>${n}${d&&i`: ${d}`}</p>
<p class="acts">${B(o)}</p></div><p class="when">${r===void 0?"nobody knows since when":y(r,a)}</p></li>
`}function Zt(e,t,n){let r=new Map;for(let o of e){let a=o.flight?.commits.at(-1)?.id??"",s=r.get(a);s?s.push(o):r.set(a,[o])}return i`<h3 id="in-flight">In flight: ${e.length} of ${t}</h3>
${w("Merged, and not applied yet; the oldest change first",[{name:"instance",head:!0,cell:o=>i`${h(o.standing)}${z(o.id,n)}`},{name:"waits for",cell:o=>o.flight?.waits},{name:"why",cell:o=>o.flight?.why.join("; ")}],[...r.values()].map(o=>({title:Yt(o[0],n),rows:o})),o=>i` data-of="${g([o.id],n)}"`)}`}function Yt({flight:e},t){let n=e?.commits.at(-1);return n===void 0?"Nobody knows since which commit":i`${P(n)} <span class="when">${e?.sinceMs!==void 0&&y(e.sinceMs,t)}</span>`}function Qt(e,t){return i`<h3>Open changes</h3>
${w("What the gate says of each",[{name:"change",head:!0,cell:n=>i`<b>${n.name}</b> ${n.title}`},{name:"gate",cell:n=>i`${n.gate}: ${n.says}`},{name:"instances",cell:n=>H(n.of,t)},{name:"judged",short:!0,cell:n=>n.atMs===void 0?"\u2013":y(n.atMs,t)}],[{rows:e}],n=>i` data-of="${g(n.of,t)}"`)}`}function en(e){return i`<div class="problems"><h3>Not everything could be read: this page may lack something</h3>
<ul>${e.slice(0,10).map(n=>i`<li>${n}</li>`)}${e.length>10&&i`<li>and ${e.length-10} more</li>`}</ul></div>`}var te=`'use strict'
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
`;var ne=`
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
`;function tt({instances:e}){let t=o=>o.next.length>0?0:o.standing!=="clean"?1:2,n=o=>o.ledger?.atMs??0,r=e.toSorted((o,a)=>t(o)-t(a)||n(a)-n(o));return new Set(r.slice(0,200).map(({id:o})=>o))}var re='<meta name="generator" content="airlock dashboard">';function rt(e){let{madeMs:t,instances:n,needs:r,repository:o,branch:a}=e,s={madeMs:t,index:new Map(n.map(({id:c},m)=>[c,m])),told:tt(e)},l=`default-src 'none'; style-src '${nt(ne)}'; script-src '${nt(te)}'; base-uri 'none'; form-action 'none'`,d=r.length===0?"":`(${r.length}) `;return i`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${N(re)}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${N(l)}">
<meta name="referrer" content="no-referrer">
<title>${d}${o} · Airlock</title>
<style>${N(ne)}</style>
</head>
<body>
<a class="skip" href="#now">Skip to what needs a person</a>
${on}
<header>
<h1>${o}</h1>
<p class="lead">${nn(e)}</p>
<p class="dim">${a.name} at <code>${a.tip.slice(0,7)}</code>, looked at ${y(t,s)}</p>
<p id="stale" hidden><b>This page is more than a day old.</b> airlock dashboard makes a new one.</p>
</header>
<div class="bar">
<nav aria-label="Parts of this page"><ul><li><a href="#now">Now</a></li><li><a href="#estate">Estate</a></li><li><a href="#history">History</a></li><li><a href="#instances">Instances</a></li></ul></nav>
<form id="filter" role="search" hidden><label class="vh" for="q">Filter instances by name, person, commit or digest</label><input id="q" type="search" placeholder="filter: vpc prod" autocomplete="off" spellcheck="false"><label class="vh" for="s">Filter instances by state</label><select id="s"><option value="">any state</option>${_.map(c=>i`<option value="${c}">${D[c]}</option>`)}</select><span id="found" role="status" aria-live="polite"></span></form>
</div>
<main>
${et(e,s)}
${Ke(e,s)}
${Je(e,s)}
${Ye(e,s)}
</main>
<footer><p>Made by <code>airlock dashboard</code> from the records${e.baseline&&i`; in charge since ${y(e.baseline.atMs,s)}, adopted by ${e.baseline.by}`}. Nothing here is live: what is true now says <code>airlock status</code>.</p></footer>
<script type="application/json" id="data">${We(rn(e,s))}</script>
<script>${N(te)}</script>
</body>
</html>
`.html}function nn({needs:e,counts:t,total:n}){let r=t["in-flight"]+t["never-applied"]+t.failed,o=[e.length===0?i`Nothing needs a person`:i`<strong>${e.length} ${e.length===1?"thing needs":"things need"} a person</strong>`,i`${r} of ${n} in flight`,...t.failed>0?[i`${t.failed} failed`]:[],...t.drifted>0?[i`${t.drifted} drifted`]:[],...t.orphan>0?[i`${t.orphan} orphaned`]:[]];return i`${o.map((a,s)=>i`${s>0&&" \xB7 "}${a}`)}`}function rn(e,{told:t}){return{...e,instances:e.instances.map(({events:n,attempts:r,drift:o,approvals:a,...s})=>{if(t.has(s.id))return{...s,plans:s.plans.map(({view:L,reads:X,uncertain:Xn,...Nt})=>Nt)};let{id:l,component:d,stack:c,standing:m,says:p,ledger:u,flight:v}=s;return{id:l,component:d,stack:c,standing:m,says:p,ledger:u,flight:v}})}}function nt(e){return`sha256-${tn("sha256").update(e).digest("base64")}`}var on=N(`<svg width="0" height="0" aria-hidden="true" focusable="false" class="vh"><defs>
<symbol id="sign-clean" viewBox="0 0 16 16"><rect x="2" y="2" width="12" height="12" rx="1" fill="currentColor"/></symbol>
<symbol id="sign-in-flight" viewBox="0 0 16 16"><path d="M2 2h6v12H2z" fill="currentColor"/><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="sign-never-applied" viewBox="0 0 16 16"><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="sign-failed" viewBox="0 0 16 16"><path d="M3 3l10 10M13 3L3 13" fill="none" stroke="currentColor" stroke-width="2.6"/></symbol>
<symbol id="sign-drifted" viewBox="0 0 16 16"><path d="M1 6q3.5-5 7 0t7 0M1 12q3.5-5 7 0t7 0" fill="none" stroke="currentColor" stroke-width="2"/></symbol>
<symbol id="sign-orphan" viewBox="0 0 16 16"><rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.4 2"/></symbol>
</defs></svg>`);import{posix as Cn}from"node:path";function ot({document:e,standing:t}){if(U(t)!==void 0)return"failed";if(t.kind==="orphan")return"orphan";if(t.kind==="unknown")return t.why.why==="never-applied"?"never-applied":"drifted";if(t.kind==="in-flight")return t.why.every(({kind:o})=>o==="never-applied")?"never-applied":"in-flight";let r=e.drift?.found;return r!==void 0&&E(r.class)?"drifted":"clean"}function U(e){if(e.kind==="orphan")return e.attempt&&{attempt:e.attempt,outcome:oe(e.attempt.outcome)};if(e.kind!=="in-flight")return;let t=e.why.find(o=>o.kind==="attempt-not-done");if(t?.kind!=="attempt-not-done")return;let{attempt:n,outcome:r}=t;if(!(r==="running"&&e.waitsFor.kind==="running"&&e.holder!=="over"))return{attempt:n,outcome:oe(r)}}function oe(e){return e==="failed"||e==="partial"?e:"unknown"}function K(e){let{standing:t,document:n}=e;switch(t.kind){case"clean":{let r=n.drift?.found;return r!==void 0&&E(r.class)?x[r.class]:n.claim?.purpose==="hold"?`applied and clean, held by ${n.claim.holder.by}`:"applied and clean"}case"in-flight":{let r=U(t),o=r===void 0?"":`last apply ${V[r.outcome]}; `;return`${t.why.some(({kind:s})=>s==="never-applied")?"never applied; ":""}${o}${$(t)}`}case"drifted":return ae(e,t);case"unknown":return`unknown since adoption: ${Me(t.why)}`;case"follows":return`applied; follows ${it(t.upstreams)}, with a plan${sn(t)}`;case"orphan":return ie(t)+(t.attempt?`; last apply ${V[oe(t.attempt.outcome)]}`:"")}}function ae({document:e},{approval:t}){let n=e.drift?.found;return(n===void 0?"differs from what was applied":x[n.class])+(t?{missing:", waits for approval",approved:", approved, waits for apply","not-needed":", waits for apply",rejected:", putting it back was rejected"}[t.kind]:"")}function $({waitsFor:e,holder:t}){switch(e.kind){case"running":return t==="over"?`left by ${e.claim.holder.by}, run ${e.claim.holder.run}, whose process is gone`:`being applied by ${e.claim.holder.by}, run ${e.claim.holder.run}`;case"hold":return`held by ${e.claim.holder.by}${e.claim.reason===void 0?"":`: ${e.claim.reason}`}`;case"plan":return"waits for a plan";case"re-plan":return`must be planned again: ${an(e.why)}`;case"upstream":return`waits for ${it(e.of)}`;case"approval":return`waits for approval: ${b(e.plan)}`;case"rejected":return`rejected by ${e.rejection.by}${e.rejection.note===void 0?"":`: ${e.rejection.note}`}`;case"finish":return"what was left of the approved plan waits for apply";case"apply":return Pe(e.plan)?"nothing to change, waits for apply":`approved, waits for apply: ${b(e.plan)}`}}function at(e){switch(e.kind){case"never-applied":return"it was never applied";case"changed":return"it was changed";case"gone":return"its declaration was removed";case"attempt-not-done":return e.outcome==="running"?`an ${e.attempt.action} by ${e.attempt.by} was begun and has not ended`:`the last ${e.attempt.action}, by ${e.attempt.by}, ${V[e.outcome==="rejected"?"unknown":e.outcome]}`;case"read-moved":return`a value that it read is another now: ${e.reads.map(({call:t})=>t).join(", ")}`}}var V={done:"went well",failed:"failed, nothing was changed",partial:"failed half-way",unknown:"ended nobody knows how"};function ie({why:e,words:t}){return e==="closed"?t:`${t}; what it made stays`}function an(e){return e==="expired"?"its plan has expired":C(e)}function it(e,t=4){return e.slice(0,t).map(r=>r.replace(/@([^@]*)$/," in $1")).join(", ")+(e.length>t?` and ${e.length-t} more`:"")}function sn({approval:e,plan:t}){switch(e.kind){case"missing":return` that waits for approval: ${b(t)}`;case"approved":return` that is approved: ${b(t)}`;case"rejected":return` that ${e.rejection.by} rejected`;case"not-needed":return`: ${b(t)}`}}function b({changes:e}){return W(e)+(e.destroy+e.replace>0?" \u26A0":"")}function st(e){return e===ue}var dn=400;function dt(e,t){let n=new Map;for(let r of e.flatMap(cn)){let o=JSON.stringify([r.kind,r.commit??[r.id,r.atMs],r.note??""]),a=n.get(o);a?a.push(r):n.set(o,[r])}return[...n.values()].map(r=>ln(r,t)).sort((r,o)=>o.atMs-r.atMs).slice(0,dn)}function ln(e,t){let n=e[0],r=e.flatMap(({plannedMs:a})=>a??[]),o=e.flatMap(({approvedMs:a})=>a??[]);return{kind:n.kind,...n.commit!==void 0&&{commit:t(n.commit)},of:[...new Set(e.map(({id:a})=>a))].sort(),atMs:Math.max(...e.map(({atMs:a})=>a)),...r.length>0&&{plannedMs:Math.min(...r)},...o.length>0&&{approvedMs:Math.max(...o)},by:[...new Set(e.flatMap(({by:a})=>a??[]))].sort(),...n.note!==void 0&&{note:n.note}}}function cn({id:e,events:t,document:n}){let r=new Map,o=new Map,a=new Map,s=new Map(n.attempts.map(d=>[d.id,d])),l=(d,c,m)=>({id:e,kind:"applied",commit:void 0,by:void 0,note:void 0,atMs:d.atMs,plannedMs:c===void 0?void 0:r.get(c),approvedMs:c===void 0?void 0:o.get(c),...m});return t.flatMap(d=>{switch(d.kind){case"plan-stored":for(let c of[d.digest,d.fingerprint])r.set(c,r.get(c)??d.atMs);return[];case"approved":return o.set(d.digest,d.atMs),[];case"attempt-started":return a.set(d.attempt,d.digest),[];case"attempt-ended":{let c=s.get(d.attempt),m={commit:c?.commit,by:c?.by},{outcome:p}=d;if(p==="done")return[l(d,a.get(d.attempt),m)];let u=c?.note??(p==="rejected"?void 0:V[p]);return[l(d,a.get(d.attempt),{...m,kind:"failed",note:u})]}case"rejected":{let m={kind:"rejected",commit:n.attempts.find(p=>p.outcome==="rejected"&&p.digest===d.digest)?.commit,by:d.by.name,note:d.reason};return[l(d,d.digest,m)]}case"advanced":{let{ledger:c}=n,m=c?.fingerprint===d.fingerprint?c.by:void 0;return[l(d,d.fingerprint,{commit:d.commit,by:m,note:"without a change"})]}default:return[]}})}function lt(e){return{atMs:e.atMs,says:mn(e)}}function mn(e){switch(e.kind){case"plan-stored":return`plan stored, digest ${S(e.digest)}`;case"plan-superseded":return`plan superseded: ${C(e.why)}`;case"approved":return`approved by ${e.by.name}, digest ${S(e.digest)}`;case"approval-withdrawn":return`approval by ${e.by.name} does not count (digest ${S(e.digest)}): ${e.why}`;case"rejected":return`rejected by ${e.by.name}: ${e.reason}`;case"claimed":return`claimed by ${e.by}, run ${e.run}`;case"taken-over":return`claim taken over from ${e.from}, run ${e.fromRun}`;case"released":return"claim released";case"unlocked":return`unlocked by ${e.by}: ${e.reason}`;case"attempt-started":return`apply begun, digest ${S(e.digest)}`;case"attempt-ended":return`apply ended: ${e.outcome}`;case"attempt-settled":return`${e.by} looked: ${Fe({...e,mayExist:e.mayExist.map(t=>({address:t,type:""}))})}`;case"errored-state":return`state that could not be stored: ${e.is}, by ${e.by}${e.reason===void 0?"":`: ${e.reason}`}`;case"lock-released":return`Terraform's lock ${e.lock} released by ${e.by}${e.reason===void 0?"":`: ${e.reason}`}`;case"advanced":return`the ledger says ${e.commit.slice(0,7)} now`;case"renamed":return`renamed from ${e.from} to ${e.to}`;case"drifted":return`drift seen: ${x[e.class]}`;case"drift-gone":return"drift gone";case"drift-check-failed":return`cannot be checked for drift: ${e.why}`}}function pt(e,t){let n=e.flatMap(a=>se(a,t)),r=n.filter(({kind:a})=>!ct.has(a)),o=[...ct].flatMap(([a,s])=>{let l=n.filter(d=>d.kind===a);return l.length<2?l:[pn(l,s)]});return[...r,...o].sort((a,s)=>(a.sinceMs??Number.MAX_SAFE_INTEGER)-(s.sinceMs??Number.MAX_SAFE_INTEGER))}var ct=new Map([["plan","airlock plan"],["apply","airlock apply"]]);function pn(e,t){let n=e.flatMap(({sinceMs:r})=>r??[]);return{kind:e[0].kind,of:e.flatMap(({of:r})=>r),says:e[0].kind==="plan"?"wait for a plan":"are approved and wait for apply",...n.length>0&&{sinceMs:Math.min(...n)},act:[{command:t}]}}function se(e,t){let{id:n,document:r,standing:o}=e,a=I(n),s=(l,d,c,m)=>({kind:l,of:[n],says:d,...c!==void 0&&{sinceMs:c},act:m});return[...r.claim?un(e,t,s):[],...r.claim?[]:fn(e,s),...["clean","follows","drifted"].includes(o.kind)?hn(e,s):[],...r.drift?.failed?[s("check-failing",`cannot be checked for drift: ${r.drift.failed.why}`,r.drift.failed.sinceMs,[{command:`airlock plan ${a}`}])]:[]]}function un({id:e,document:t,standing:n},r,o){let{claim:a}=t;if(a===void 0)return[];let{by:s,run:l}=a.holder,d=[{command:`airlock unlock ${I(e)} --reason "\u2026"`}];if(a.purpose==="hold"){let u=a.reason===void 0?"":`: ${a.reason}`;return[o("held",`is held by ${s}${u}`,a.sinceMs,[{words:`ask ${s}`},...d])]}let c=a.untilMs!==void 0&&a.untilMs<=r,m=n.kind==="in-flight"&&n.holder==="over";return!c&&!m?[]:[o("left",`was left by ${s}, run ${l}, ${m?"whose process is gone":"and the lease is over"}`,c?a.untilMs:a.sinceMs,d)]}function fn(e,t){let{id:n,document:r,standing:o}=e,a=I(n),s={command:`airlock show ${a}`},l=U(o);if(l!==void 0){let{attempt:d,outcome:c}=l,m=d.note===void 0?"":` (${d.note})`,p=o.kind==="in-flight"?`; now: ${$(o)}`:"";return[t(c==="unknown"?"unknown":"failed",`the last ${d.action}, by ${d.by}, ${V[c]}${m}${p}`,d.endedMs??d.startedMs,j(a,o))]}switch(o.kind){case"clean":case"drifted":return[];case"unknown":return[t("adopted",K(e),o.sinceMs,[s,{command:`airlock plan ${a}`}])];case"follows":return o.approval.kind==="missing"?[t("approval",mt(o.plan),o.plan.createdMs,[{command:`airlock approve ${a}`}])]:[];case"orphan":{if(["disabled","abstract","closed"].includes(o.why))return[];let d=o.why==="elsewhere"?"move its state: terraform init -migrate-state":"bring it back, or remove it by name",c=r.ledger?.atMs;return[t("orphan",`${ie(o)}${c===void 0?"":" (applied last at that time)"}`,c,[{words:d},s])]}case"in-flight":{let{waitsFor:d}=o,c=o.commits.flatMap(({atMs:p})=>p??[]),m=c.length>0?Math.min(...c):void 0;switch(d.kind){case"approval":return[t("approval",mt(d.plan),d.plan.createdMs,j(a,o))];case"rejected":return[t("rejected",`was ${$(o)}`,d.rejection.startedMs,j(a,o))];case"plan":return[t("plan",$(o),m,j(a,o))];case"re-plan":return[t("plan",$(o),m,j(a,o))];case"finish":return[t("apply",$(o),d.attempt.startedMs,j(a,o))];case"apply":{let p=o.approval?.kind==="approved"?o.approval.approval.atMs:d.plan.createdMs;return[t("apply",`is ${$(o)}`,p,j(a,o))]}case"running":case"hold":case"upstream":return[]}}}}function mt(e){return`waits for approval: ${b(e)}`}function j(e,t){let n={command:`airlock show ${e}`};if(t.kind!=="in-flight")return[n];switch(t.waitsFor.kind){case"approval":return[{command:`airlock approve ${e}`}];case"rejected":return[{words:"change or revert it in a pull request, or approve it after all"},{command:`airlock approve ${e}`}];case"plan":case"re-plan":return[{command:`airlock plan ${e}`}];case"apply":case"finish":return[{command:`airlock apply ${e}`}];case"running":return t.holder==="over"?[{command:`airlock unlock ${e} --reason "\u2026"`}]:[n];case"hold":return[{command:`airlock unlock ${e} --reason "\u2026"`}];case"upstream":return[n]}}function hn(e,t){let{id:n,document:r,standing:o}=e,a=r.drift?.found;if(a===void 0||!E(a.class))return[];let l=(o.kind==="drifted"?o.approval?.kind:void 0)==="missing"?`airlock approve ${I(n)}`:`airlock drift --remediate ${I(n)}`,d=o.kind==="drifted"?ae(e,o):x[a.class];return[t("drifted",`${d}: ${b(a)} to put it back`,a.firstMs,[{command:l}])]}var gn=30;function ut(e){let{nowMs:t,repository:n,branch:r,total:o,pulls:a,baseline:s,problems:l}=e,d=m=>e.commits.get(m)??{id:m},c=e.instances.map(m=>bn(m,e,d)).sort((m,p)=>m.id<p.id?-1:m.id>p.id?1:0);return{format:1,madeMs:t,repository:n,branch:r,total:o,counts:wn(c),needs:pt(e.instances,t),instances:c,history:dt(e.instances,d),pulls:a,...s&&{baseline:s},problems:l}}function ft(e){let t=e.flatMap(({document:a})=>a.plans.filter(({status:s})=>s.kind==="open")),n=e.flatMap(({document:a})=>a.drift?.found?.model??[]),o=e.flatMap(({document:a})=>yn(a)??[]).toSorted((a,s)=>s.createdMs-a.createdMs);return[...new Set([...t.map(({model:a})=>a),...n,...o.map(({model:a})=>a)])]}function yn({plans:e,ledger:t,attempts:n}){let r=n.at(-1)?.plan;return e.findLast(({id:o,digest:a,status:s})=>o===r||s.kind==="applied"&&a===t?.digest)}function wn(e){let t=n=>e.filter(r=>r.standing===n).length;return{failed:t("failed"),drifted:t("drifted"),"never-applied":t("never-applied"),"in-flight":t("in-flight"),clean:t("clean"),orphan:t("orphan")}}function bn(e,t,n){let{id:r,component:o,stack:a,document:s}=e,{ledger:l,claim:d,drift:c}=s,m=$n(e);return{id:r,component:o,stack:a,standing:ot(e),says:K(e),formerly:s.names.filter(p=>p!==r),state:{backend:s.address.backend,workspace:s.address.workspace},...l&&{ledger:{commit:n(l.commit),atMs:l.atMs,by:l.by,digest:l.digest,...l.state&&{serial:l.state.serial},removed:st(l.fingerprint)}},...m&&{flight:m},...d&&{claim:kn(d,t.nowMs)},next:se(e,t.nowMs).flatMap(({act:p})=>p),plans:s.plans.toReversed().map(p=>vn(p,t)),approvals:s.approvals.toReversed().map(({by:p,how:u,atMs:v,digest:L,destroys:X})=>({by:p.name,how:u,atMs:v,digest:L,...X!==void 0&&{destroys:X}})),attempts:s.attempts.toReversed().map(p=>({id:p.id,action:p.action,outcome:p.outcome??"not ended",by:p.by,commit:n(p.commit),startedMs:p.startedMs,...p.endedMs!==void 0&&{endedMs:p.endedMs},...p.note!==void 0&&{note:p.note}})),...c&&{drift:Pn(c,t)},events:e.events.slice(-gn).toReversed().map(lt)}}function $n({standing:e}){if(e.kind!=="in-flight")return;let t=e.commits.flatMap(({atMs:n})=>n??[]);return{why:e.why.map(at),waits:$(e),...t.length>0&&{sinceMs:Math.min(...t)},commits:e.commits.slice(0,20)}}function kn(e,t){let{purpose:n,holder:r,fence:o,sinceMs:a,untilMs:s,reason:l}=e;return{purpose:n,by:r.by,run:r.run,fence:o,sinceMs:a,...s!==void 0&&{untilMs:s},...l!==void 0&&{reason:l},overdue:s!==void 0&&s<=t}}function vn(e,{nowMs:t,views:n}){let{status:r}=e,o=r.kind==="open"&&t<e.expiresMs,a=n.get(e.model);return{id:e.id,digest:e.digest,does:b(e),madeMs:e.createdMs,by:e.by,run:e.run,commit:e.commit,of:xn(e),status:Mn(e,t),open:o,provisional:e.provisional,reads:e.reads.map(({call:s})=>s),uncertain:e.uncertain,view:a??{left:"not shown here"}}}function xn({pullRequest:e,branch:t,merged:n}){return e!==void 0?`#${e}`:n!==void 0&&n.length>0?`merged ${n.map(r=>`#${r}`).join(", ")}`:t===void 0?"the protected branch":`branch ${t}`}function Mn({status:e,expiresMs:t},n){switch(e.kind){case"open":return n<t?"open":"expired";case"applied":return"applied";case"superseded":return`superseded: ${C(e.why)}`}}function Pn(e,{views:t}){let{checkedMs:n,cleanMs:r,failed:o,found:a}=e;return{checkedMs:n,...r!==void 0&&{cleanMs:r},...o&&{failed:{sinceMs:o.sinceMs,why:o.why}},...a&&{found:{says:x[a.class],does:b(a),firstMs:a.firstMs,lastMs:a.lastMs,view:t.get(a.model)??{left:"not shown here"}}}}}var k={objects:120,rows:80,chars:300,names:60,outputs:60,lines:120};function yt(e){let t=e.changes.filter(ye).toSorted(Re),n=e.deferred.map(({reason:o,change:a})=>({...bt(a),because:[`deferred: ${o.replaceAll("_"," ")}`]})),r=[...t.map(o=>ht(o)),...n];return{does:W(ve(e)),dangerous:xe(e),remarks:Sn(e),objects:r.slice(0,k.objects),drift:e.drift.slice(0,20).map(o=>({...ht(o),phrase:`was ${o.action==="delete"?"deleted":"changed"} outside of Terraform`,risky:!1})),outputs:e.outputs.filter(({action:o})=>o!=="no-op").slice(0,k.outputs).map(({name:o,action:a,after:s})=>({name:M(o,200),value:a==="delete"||s===void 0?{words:"removed"}:de(s,80)})),left:Math.max(0,r.length-k.objects)}}function wt(e){return JSON.stringify(e).length}function Sn(e){let t=e.checks.filter(({status:n})=>n==="fail"||n==="error");return[...e.errored?["Planning stopped half-way: this is not all that would change."]:[],...e.complete?[]:["This plan is not the whole: some changes are left to a later one."],...t.slice(0,20).map(({address:n,status:r,problems:o})=>`${n} ${r==="fail"?"fails":"could not be checked"}: ${M(o.join("; "),500)}`),...e.invocations.slice(0,20).map(({address:n})=>`Runs the action ${n}.`),...e.shortSecrets>0?[`Secret values shorter than four characters are not looked for in it: ${e.shortSecrets}.`]:[]]}function bt(e){return{address:M(e.address,400),phrase:`will be ${Ae(e)}`,risky:He(e),because:Ee(e).map(({text:t,names:n})=>[t,n.slice(0,8).join(", ")].join(" ").trim()),made:e.before===void 0,rows:[],left:0,unknown:[]}}function ht(e){let t=bt(e);if(e.action==="forget"||e.action==="read")return t;if(e.action==="delete")return{...t,because:[...t.because,...jn(e.before)]};let{rows:n,unknown:r}=qe(e);return{...t,rows:n.slice(0,k.rows).map(Vn),left:Math.max(0,n.length-k.rows),unknown:r.slice(0,k.names)}}function Vn(e){let t=In(e);return{name:M(e.name,200),before:t?{words:"text"}:de(e.before,k.chars),after:t?{words:"changed, below"}:de(e.after,k.chars),forces:e.forcesReplacement,...t&&{diff:t}}}function de(e,t){switch(e?.kind){case void 0:return{words:"\u2013"};case"unknown":return{words:"known after apply"};case"sensitive":return{words:e.changed?"sensitive, changed":"sensitive"};case"known":case"list":case"map":return{code:M(Ce(e),t)}}}function jn(e){for(let t of["arn","id","name"]){let n=Ie(e,[t]);if(n?.kind==="known"&&typeof n.value=="string")return[`${t} ${M(n.value,200)}`]}return[]}function In({before:e,after:t}){let[n,r]=[gt(e),gt(t)];if(!(n===void 0||r===void 0||!(n+r).trim().includes(`
`)))return Oe(n,r)?.slice(0,k.lines).map(o=>M(o,k.chars))}function gt(e){return e===void 0?"":e.kind==="known"&&typeof e.value=="string"?e.value:void 0}var $t=60,Nn=400,qn=1e6,G=32;async function vt(e){let t=await Te(e),n=[],r=await An(e,t,n),o=ut({nowMs:t.nowMs,repository:await Fn(e),branch:t.branch,total:t.total,instances:r,commits:await Tn(e,r),views:await Hn(e,r,n),pulls:await Ln(e,t.nowMs),baseline:await On(e),problems:n});return Wn(o,le(e.ambient.env))}async function An(e,{checkout:t,items:n,commits:r,documents:o},a){let s=new Map(n.filter(({kind:m})=>m!=="absent").map(m=>[m.id,m])),l=[...t.subjects.values()].map(({instance:m})=>({id:m.id,component:m.component,stack:m.stack,document:we(o,m),standing:kt(s.get(m.id),r)})),d=n.flatMap(m=>En(m)?[{...m,standing:kt(m,r)}]:[]),c=[...l,...d.map(({id:m,component:p,stack:u,document:v,standing:L})=>({id:m,component:p,stack:u,document:v,standing:L}))];return Pt(c,async m=>({...m,events:await Rn(e,m.document,a)}))}function En(e){return e.kind==="absent"||e.kind==="in-flight"&&e.removal!==void 0}function kt(e,t){switch(e?.kind){case void 0:case"moved":return{kind:"clean"};case"drifted":return{kind:"drifted",approval:e.approval};case"unknown":return{kind:"unknown",why:e.why,sinceMs:e.sinceMs};case"in-flight":{let{kind:n,why:r,waitsFor:o,holder:a,plan:s,approval:l}=e;return{kind:n,why:r,waitsFor:o,holder:a,plan:s,approval:l,commits:(t.get(e.id)??[]).map(Mt)}}case"follows":{let{kind:n,upstreams:r,plan:o,approval:a}=e;return{kind:n,upstreams:r,plan:o,approval:a}}case"absent":return{kind:"orphan",why:e.why,words:e.words,attempt:e.attempt}}}async function Rn({store:e},{address:t,outbox:n,rev:r},o){if(r===0)return[];let a=(await e.list(ge(pe(t)))).slice(-$t),s=await Promise.all(a.map(async d=>{let c=await e.get(d);return c&&xt(()=>he(fe,c.bytes,d),o)}));return[...new Map([...s,...n].flatMap(d=>d?[[d.id,d]]:[])).values()].sort((d,c)=>d.id<c.id?-1:1).slice(-$t)}async function Hn({store:e},t,n){let r=new Map,o=ft(t),a=0;for(let s=0;s<o.length;s+=G){let l=o.slice(s,s+G);if(a>=qn){for(let c of o.slice(s))r.set(c,{left:"left out, since this page would become too large"});break}let d=await Promise.all(l.map(c=>e.get(c)));for(let[c,m]of l.entries()){let p=d[c],u=p&&xt(()=>je(p.bytes,`plan ${m}`),n),v=u&&yt(u);r.set(m,v??{left:p?"it cannot be read":"it is no longer in the store"}),a+=v?wt(v):0}}return r}function xt(e,t){try{return e()}catch(n){if(!(n instanceof A))throw n;t.push(n.message);return}}async function Tn({repo:e},t){let n=t.flatMap(({document:{ledger:a,attempts:s},events:l})=>[...a?[{id:a.commit,atMs:a.atMs}]:[],...s.map(({commit:d,startedMs:c})=>({id:d,atMs:c})),...l.flatMap(d=>d.kind==="advanced"?[{id:d.commit,atMs:d.atMs}]:[])]),r=new Map(n.sort((a,s)=>s.atMs-a.atMs).map(({id:a})=>[a,a])),o=await Pt([...r.keys()].slice(0,Nn),async a=>{let s=await e.resolve(a);return s&&Mt(await e.info(s))});return new Map(o.flatMap(a=>a?[[a.id,a]]:[]))}function Mt({id:e,subject:t,timeMs:n}){return{id:e,subject:t,atMs:n}}async function Ln(e,t){return(await Ve(e)).filter(({state:r})=>r.kind==="open").map(({number:r,title:o,outlook:a,verdict:s})=>({name:`#${r}`,title:o,of:a?.instances.map(({id:l})=>l)??[],gate:s?.state??"not judged",says:s?Le(s,t).description:`airlock gate '#${r}' judges it`,...s&&{atMs:s.atMs}}))}async function On(e){let t=await Se(e);return t&&{commit:{id:t.commit},atMs:t.atMs,by:t.by}}async function Fn({repo:e}){let t=await e.config("remote.origin.url");return(t&&$e(t))??Cn.basename(e.mainWorktree)}function Wn(e,t){let n=ce(t),r=new Map,o=s=>{let l=r.get(s)??me(s,n);return r.set(s,l),l},a=s=>typeof s=="string"?o(s):Array.isArray(s)?s.map(a):typeof s!="object"||s===null?s:Object.fromEntries(Object.entries(s).map(([l,d])=>[l,a(d)]));return a(e)}async function Pt(e,t){let n=[];for(let r=0;r<e.length;r+=G)n.push(...await Promise.all(e.slice(r,r+G).map(t)));return n}import{randomUUID as Dn}from"node:crypto";import{open as _n,realpath as zn,rename as Bn,rm as Un,stat as St,writeFile as Kn}from"node:fs/promises";import{dirname as Vt,join as jt}from"node:path";async function It(e,t,n){let r=Vt(e),o=await St(r).catch(()=>{});if(!o?.isDirectory())throw J(t,o?`${r} is no folder`:`there is no folder ${r}`,"name a file in a folder that exists");let a=await St(e).catch(()=>{});if(a!==void 0){if(!a.isFile())throw J(t,a.isDirectory()?"it is a folder":"it is no ordinary file",a.isDirectory()?`name a file in it: --out ${jt(t,"index.html")}`:"name an ordinary file, or - to print the page");if(!(n||a.size===0||(await Gn(e,t)).includes(re)))throw new A({code:"dashboard-over-other",message:`${t} is there already and is no dashboard of Airlock`,fix:"name another file, or replace it with --force",exit:2})}}async function Ct(e,t){let n=await zn(e).catch(()=>e),r=jt(Vt(n),`.${Dn()}.tmp`);try{await Kn(r,t,{flag:"wx"}),await Bn(r,n)}catch(o){throw await Un(r,{force:!0}).catch(()=>{}),J(e,o instanceof Error?o.message:String(o),"name another file",o)}}async function Gn(e,t){try{let n=await _n(e);try{let{buffer:r,bytesRead:o}=await n.read(Buffer.alloc(1024),0,1024,0);return r.toString("utf8",0,o)}finally{await n.close()}}catch(n){throw J(t,n instanceof Error?n.message:String(n),"name another file",n)}}function J(e,t,n,r){return new A({code:"file-unwritable",message:`${e} cannot be written: ${t}`,fix:n,exit:2,cause:r})}var Wo={name:"dashboard",summary:"One page of all there is: what needs a person, the estate, its history",usage:"airlock dashboard [--out FILE] [--force] [--json]",description:`Writes one HTML file from the records and the tip of the protected branch. It asks nothing of any network, and holds
nothing that a pull request comment would not show. An earlier dashboard is replaced; any other file only with --force.`,examples:[{command:"airlock dashboard",does:"write airlock-dashboard.html here"},{command:"airlock dashboard --out public/index.html",does:"where a web server finds it"},{command:"airlock dashboard --json",does:"print the data of the page for programs"}],flags:[{name:"out",short:"o",type:"string",value:"FILE",help:"Where to write it; - prints it"},{name:"force",type:"boolean",help:"Replace a file that is no dashboard"}],positional:[],async run({flags:e},t){let n=e.out??"airlock-dashboard.html",r=t.resolve(n),o=!e.json&&n!=="-";o&&await It(r,n,e.force===!0);let a=await vt(await ke(t));if(e.json)return t.print(JSON.stringify(a,void 0,2)),0;let s=rt(a);if(!o)return t.print(s),0;await Ct(r,s);let l=a.needs.length;return t.print(`Wrote ${n}: ${Jn(new TextEncoder().encode(s).length)}, ${a.instances.length} instances.`),t.print(l===0?"Nothing needs a person.":`${l} ${l===1?"thing needs":"things need"} a person: open it, or airlock status.`),0}};function Jn(e){return e<1e6?`${Math.ceil(e/1e3)} kB`:`${(e/1e6).toFixed(1)} MB`}export{Wo as command};
