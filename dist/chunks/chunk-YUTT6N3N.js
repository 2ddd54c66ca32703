import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
async function e(o,{repo:n}){let t=await n.dirty();t.length!==0&&o.note(`Uncommitted changes are not planned: ${t.slice(0,3).join(", ")}${t.length>3?", \u2026":""}`)}export{e as a};
