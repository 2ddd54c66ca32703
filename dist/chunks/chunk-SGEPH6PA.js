import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{e as l}from"./chunk-NTFRQDUE.js";import{e as a,g as i,s as c,t as p}from"./chunk-4AXJPDCL.js";function $(e,n=40){let t=e.slice(0,n).map(r=>[i(a(m(r),200)),i(a(r.what,200)),l(r.approved,120),l(r.fresh,120)]),o=e.length-t.length;return[["where","what","approved","now"],["---","---","---","---"],...t].map(r=>`| ${r.join(" | ")} |`).join(`
`)+(o>0?`

${o} more differences are left out here.`:"")}function g(e,n,t=40){let o=e.length-t;return[...e.slice(0,t).map(f=>p(`  ${m(f)}   ${f.what}   ${s(f.approved)} \u2192 ${s(f.fresh)}`,n)),...o>0?[`  and ${o} more`]:[]]}function m({kind:e,name:n}){return e==="change"?n:`${e} ${n}`}function s(e){return e===void 0?"not there":c(e)}export{$ as a,g as b};
