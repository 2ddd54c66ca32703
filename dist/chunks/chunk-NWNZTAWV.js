import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as t,b as o}from"./chunk-UFWVVXVR.js";function s(e){let a=e.late.filter(t).map(n=>({from:e.id,on:o(n,e).target,at:n.at,call:n})),r=e.dependsOn.map(({id:n,at:d})=>({from:e.id,on:n,at:d,call:void 0}));return[...a,...r]}export{s as a};
