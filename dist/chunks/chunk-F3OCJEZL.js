import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as i}from"./chunk-U2RXU2W6.js";function s(r,n,e){if(r!==void 0&&r!=="")return r;throw new i({code:"argument-missing",message:`airlock ${e} needs ${n}`,fix:`airlock help ${e}`,exit:2})}export{s as a};
