import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{b as i}from"./chunk-MW5POIHZ.js";function s(r,n,e){if(r!==void 0&&r!=="")return r;throw new i({code:"argument-missing",message:`airlock ${e} needs ${n}`,fix:`airlock help ${e}`,exit:2})}export{s as a};
