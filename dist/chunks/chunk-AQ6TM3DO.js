import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{d as o}from"./chunk-MCNHSCQ2.js";async function n({store:t},{model:r}){let e=await t.get(r);return e&&o(new TextDecoder().decode(e.bytes))}export{n as a};
