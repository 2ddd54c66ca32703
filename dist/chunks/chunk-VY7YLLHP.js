import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{g as e}from"./chunk-U2RXU2W6.js";function r(t){let[n]=t;return n===void 0?void 0:`Note: ${t.length===1?"1 finding":`${t.length} findings`} of airlock validate stacks, the first at ${e(n.at)}: ${n.message}`}export{r as a};
