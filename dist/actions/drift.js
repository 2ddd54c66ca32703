import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as i}from"../chunks/chunk-MCS3UD7O.js";import"../chunks/chunk-J5JBRDE5.js";import"../chunks/chunk-YDJPGV2T.js";import"../chunks/chunk-GGLZWIM2.js";import"../chunks/chunk-DHBVPPNR.js";i("drift",()=>import("../chunks/drift-64VZCNCW.js"));
