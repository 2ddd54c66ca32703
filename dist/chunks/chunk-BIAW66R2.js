import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
function s({calls:e,unchanged:t,repeated:r,remaining:i}){return[`${e} API ${e===1?"call":"calls"}`,...t>0?[`${t} ${t===1?"answer":"answers"} free (304)`]:[],...r>0?[`${r} repeated`]:[],...i===void 0?[]:[`${i} left this hour`]].join(", ")}export{s as a};
