import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
function c(t,i=1048576,u=20){let a=m(l(t.length))+2,e=[[]],o=0,r=0;for(let n of t){let s=m(n)+2;if(s>i-a||r>0&&e.length===u){r+=1;continue}if(o+s>i-a){if(e.length===u){r+=1;continue}e.push([]),o=0}e.at(-1).push(n),o+=s}return r>0&&e.at(-1).push(l(r)),e.filter(n=>n.length>0).map(n=>n.join(`

`))}function m(t){return new TextEncoder().encode(t).length}function l(t){return`**${t} ${t===1?"part is":"parts are"} left out here**: GitHub takes no more of one job. Any plan in whole: \`airlock show COMPONENT -s STACK\`.`}export{c as a,m as b};
