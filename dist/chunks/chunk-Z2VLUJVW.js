import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{c as r,xa as s}from"./chunk-5YF7WOLA.js";function c({sections:e,stack:a}){let t=s(e).environment;if(t!==void 0&&t!=="")return t;let n=r(e,["vars","stage"]);return n?.kind==="scalar"&&typeof n.value=="string"&&n.value!==""?n.value:a}export{c as a};
