import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
function r(t){let s=t.lastIndexOf("@");return s<0?t:`${t.slice(0,s)} -s ${t.slice(s+1)}`}function c(t,s){let o=new Date(t).toISOString(),n=`${o.slice(11,16)} UTC`;return Math.floor(t/864e5)===Math.floor(s/864e5)?n:`${o.slice(0,10)} ${n}`}export{r as a,c as b};
