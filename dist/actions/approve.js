import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as m}from"../chunks/chunk-YKCQFL4F.js";import"../chunks/chunk-J5JBRDE5.js";import"../chunks/chunk-VETSEKNJ.js";import"../chunks/chunk-GGLZWIM2.js";import"../chunks/chunk-DHBVPPNR.js";m("approve",()=>import("../chunks/approve-WVCUCGG3.js"));
