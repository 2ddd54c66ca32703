import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{d as o}from"./chunk-5MSMB45O.js";function a(t,e){return{subject:e,at:t,target:e.fingerprint,action:"apply"}}function n({target:t}){return t===o?"destroy":"normal"}export{a,n as b};
