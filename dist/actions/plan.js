import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as m}from"../chunks/chunk-MYUC5EVM.js";import"../chunks/chunk-5LQDLV7V.js";import"../chunks/chunk-YDJPGV2T.js";import"../chunks/chunk-U2RXU2W6.js";import"../chunks/chunk-DHBVPPNR.js";m("plan",()=>import("../chunks/plan-DC5TL2R3.js"));
