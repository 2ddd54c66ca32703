import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{b as o}from"./chunk-NOXZ2DKZ.js";async function a({store:r},{id:t,model:d}){let e=await r.get(d);return e&&o(e.bytes,`plan ${t}`)}export{a};
