import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
function o({machine:r}){return r.run?.name??`local-${crypto.randomUUID().slice(0,8)}`}async function e({repo:r,machine:n}){return await r.config("user.name")??n.user}export{o as a,e as b};
