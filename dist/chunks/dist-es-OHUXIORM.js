import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a,b,c,d,e,f,g}from"./chunk-RFAEIOVE.js";import"./chunk-JBBEP35O.js";import"./chunk-FSJMKRFD.js";import"./chunk-S6BANG6A.js";import"./chunk-DHBVPPNR.js";export{f as ENV_ACCOUNT_ID,e as ENV_CREDENTIAL_SCOPE,d as ENV_EXPIRATION,a as ENV_KEY,b as ENV_SECRET,c as ENV_SESSION,g as fromEnv};
