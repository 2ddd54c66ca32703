import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
function o({inventory:e},n){let t=e.get(n)?.at;return t===void 0?{}:{path:t.file,line:t.line}}export{o as a};
