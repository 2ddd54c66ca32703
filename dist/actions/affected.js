import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as m}from"../chunks/chunk-GK6WP3VL.js";import"../chunks/chunk-J5JBRDE5.js";import"../chunks/chunk-YDJPGV2T.js";import"../chunks/chunk-GGLZWIM2.js";import"../chunks/chunk-DHBVPPNR.js";m("affected",()=>import("../chunks/affected-NO3SIJ6L.js"));
