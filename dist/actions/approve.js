import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as m}from"../chunks/chunk-MCS3UD7O.js";import"../chunks/chunk-J5JBRDE5.js";import"../chunks/chunk-YDJPGV2T.js";import"../chunks/chunk-GGLZWIM2.js";import"../chunks/chunk-DHBVPPNR.js";m("approve",()=>import("../chunks/approve-6RKNVJAL.js"));
