import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
async function r(n,{repo:o},e="planned"){let t=await o.dirty();t.length!==0&&n.note(`Uncommitted changes are not ${e}: ${t.slice(0,3).join(", ")}${t.length>3?", \u2026":""}`)}export{r as a};
