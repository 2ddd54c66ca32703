import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as q,b as G}from"./chunk-22QQLRXB.js";import"./chunk-3U6ZG2KV.js";import{c as T}from"./chunk-DJ5GSM7H.js";import{a as _}from"./chunk-EJNUVDAK.js";import"./chunk-2LGLW6MH.js";import"./chunk-D7KTQWZA.js";import{a as C}from"./chunk-ZMGS4JRB.js";import{b as x}from"./chunk-MW5POIHZ.js";var F=[];import{readdir as ue,readFile as ge,writeFile as we}from"node:fs/promises";import{join as M}from"node:path";var L="stacks/mixins/stage",K=[{name:"estate",title:"An estate to begin with: 3 components in 6 stacks",on:"quickstart",async play({quietly:e,say:t,look:n}){let r=JSON.parse(await e(["plan","--json"],0));t(`  Nothing was ever applied, so everything is in flight. ${k(r,"planned")} instances are planned at once: vpc, and
  cluster, which reads an output that the plan of vpc knows already. ${k(r,"deferred")} are ${n.bold("deferred")}: app reads what
  only an applied cluster can tell.`),await e(["approve","--all"],0);let o=JSON.parse(await e(["apply","--json"],3));await e(["approve","--all"],0);let a=JSON.parse(await e(["apply","--json"],0));t(`  Approved; ${k(o,"applied")} applied, each after what it reads. The ${k(o,"waits")} deferred ones were planned on the way;
  approved too; ${k(a,"applied")} applied. 18 of 18, nothing in flight.`)}},{name:"affected",title:"A branch changes one setting. What does it touch, and why?",on:"quickstart",async play({git:e,edit:t,airlock:n}){await e("switch","-qc","wider-dev"),await t(`${L}/dev.yaml`,"address_range: 10.16.0.0/12","address_range: 10.64.0.0/12"),await e("commit","-qam","Move dev to its own address range"),await n(["affected"],0)}},{name:"plan",title:"Plans, sealed and stored; the comment that reviewers read",on:"quickstart",async play({airlock:e,say:t}){await e(["plan"],0),t(`  cluster was planned with the cidr that the plan of vpc already knows. app reads an endpoint that is known only after
  cluster is applied: it is planned with the value of now, and marked provisional. (--markdown prints the source.)`)}},{name:"merge",title:"Squash-merged: in flight until it is applied",on:"quickstart",async play({git:e,airlock:t}){await e("switch","-q","main"),await e("merge","-q","--squash","wider-dev"),await e("commit","-qm","Move dev to its own address range (#41)"),await e("branch","-qD","wider-dev"),await t(["status"],3)}},{name:"apply",title:"Approved, then applied: exactly that, in order, once",on:"quickstart",async play({airlock:e,say:t}){await e(["approve","--all"],0),t(`  The merge made another commit; the plans are found by fingerprint. Each planfile is opened and compared with the tip
  before its exact bytes are applied.`),await e(["apply"],3),t(`  In ue1 the endpoint stayed what it was: the plan of app came out as approved, and went on alone. In ue2 the endpoint is
  another now: a plan that nobody approved, so it waits.`),await e(["approve","app","-s","plat-ue2-dev"],0),await e(["apply"],0),await e(["show","cluster","-s","plat-ue2-dev"],0),await e(["status"],0)}},{name:"tampered",title:"Tampered with: refused, and the refusals explain themselves",on:"quickstart",async play(e){let{git:t,edit:n,airlock:r,quietly:o,say:a,look:s}=e;await n(`${L}/staging.yaml`,"address_range: 10.32.0.0/12","address_range: 10.80.0.0/12"),await t("commit","-qam","Move staging to its own address range (#42)"),await o(["plan"],0),await o(["approve","--all"],0),a(`  ${s.bold("One byte")} of the sealed plan of vpc in plat-ue1-staging is changed on disk:`),await ye(e,"vpc@plat-ue1-staging"),await r(["apply","vpc","-s","plat-ue1-staging"],3),a(`  Somebody runs Terraform by hand, so that the ${s.bold("state")} of vpc in plat-ue2-staging moves behind Airlock's back:`),await he(e,"plat-ue2-staging"),await r(["apply","vpc","-s","plat-ue2-staging"],3),await r(["status"],3)}}];function k({items:e},t){return e.filter(n=>n.kind===t).length}async function ye({repo:e,quietly:t},n){let o=JSON.parse(await t(["status","--json"],3)).items.find(i=>i.id===n)?.plan?.blob;if(o===void 0)throw new Error(`no sealed plan of ${n}`);let a=M(e,".git","airlock",o),s=await ge(a),c=Math.floor(s.length/2);s[c]=s[c]^1,await we(a,s)}async function he({run:e,repo:t},n){let r="components/terraform/vpc";await e("terraform",["init","-input=false"],r),await e("terraform",["workspace","select",n],r);let o=M(t,r,"terraform.tfstate.d",n);if(!(await ue(o)).includes("terraform.tfstate"))throw new Error(`no state in ${o}`);await e("terraform",["taint","folder_network.this"],r)}var y=[...K,...F];import{writeFile as z}from"node:fs/promises";import{join as U}from"node:path";import{cp as O,mkdir as ve,readFile as ke,writeFile as $e}from"node:fs/promises";import{dirname as D,join as g}from"node:path";import{fileURLToPath as be}from"node:url";async function J(e,t){let n=await Pe();if(e==="quickstart")return O(n,t,{recursive:!0});if(await O(g(n,"atmos.yaml"),g(t,"atmos.yaml")),await O(g(n,".gitignore"),g(t,".gitignore")),e==="small")for(let r of["vpc","cluster"])await O(g(n,"components/terraform",r),g(t,"components/terraform",r),{recursive:!0});for(let[r,o]of Object.entries(e==="small"?_e():Oe()))await ve(D(g(t,r)),{recursive:!0}),await $e(g(t,r),o)}var H={labels:{retention:30},zone:{ttl:300},bucket:{days:90}},E=["dev","staging","prod"].flatMap(e=>Array.from({length:10},(t,n)=>{let r=`r${n}`;return["labels",...n<9&&!(n===8&&e==="dev")?["zone"]:[],...xe(n,e)].map(a=>({component:a,stack:`acme-${r}-${e}`,vars:{tenant:"acme",environment:r,stage:e,...H[a]}}))}).flat());function xe(e,t){return e===0||e===1&&t==="prod"?["bucket"]:[]}function W({component:e,stack:t}){return e==="zone"&&t==="acme-r7-prod"}var B=`terraform {
  required_providers {
    folder = {
      source  = "airlock.dev/demo/folder"
      version = "1.0.0"
    }
  }
}
`;function _e(){let e=(n,r,o)=>`import:
  - catalog/defaults
  - catalog/cluster

vars:
  tenant: plat
  stage: dev
  environment: ${n}
  region: us-east-${r}

components:
  terraform:
    vpc:
      vars:
        address_range: 10.16.0.0/12
        region_number: ${r}
    cluster:
      metadata:
        inherits:
          - cluster/defaults
      vars:
        size: 3
${o}`;return{"stacks/catalog/defaults.yaml":`terraform:
  backend_type: local
`,"stacks/catalog/cluster.yaml":`components:
  terraform:
    cluster/defaults:
      metadata:
        type: abstract
      vars:
        cluster_version: "1.31"
        network_cidr: !terraform.state vpc cidr
`,"stacks/orgs/plat/dev/ue1.yaml":e("ue1",1,`    jobs:
      vars:
        image: jobs:1.0.0
`),"stacks/orgs/plat/dev/ue2.yaml":e("ue2",2,""),"components/terraform/jobs/main.tf":`${B}
${P("image","string")}
variable "region" {
  type = string
}

resource "folder_file" "queue" {
  name    = "queue-\${var.environment}"
  content = { image = var.image }
}

resource "folder_file" "worker" {
  name    = "worker-\${var.environment}"
  content = { image = var.image, queue = folder_file.queue.id }
}

resource "folder_file" "schedule" {
  name    = "schedule-\${var.environment}"
  content = { image = var.image, worker = folder_file.worker.id }
}
`}}function Oe(){let e=new Map;for(let t of E)e.set(t.stack,[...e.get(t.stack)??[],t]);return{"stacks/catalog/defaults.yaml":`terraform:
  backend_type: local
  backend:
    local: {}
`,...Object.fromEntries(Object.entries(H).map(([t,n])=>[`stacks/catalog/${t}.yaml`,`components:
  terraform:
    ${t}/defaults:
      metadata:
        type: abstract
      vars:
${Object.entries(n).map(([r,o])=>`        ${r}: ${o}
`).join("")}`])),...Object.fromEntries([...e].map(([t,n])=>{let[r,o,a]=t.split("-"),s=`vars:
  tenant: ${r}
  environment: ${o}
  stage: ${a}
`,c=["defaults",...n.map(({component:l})=>l)],i=n.map(({component:l})=>`    ${l}:
      metadata:
        component: ${l}
        inherits:
          - ${l}/defaults
`);return[`stacks/orgs/${r}/${a}/${o}.yaml`,`import:
${c.map(l=>`  - catalog/${l}
`).join("")}
${s}
components:
  terraform:
${i.join("")}`]})),"components/terraform/bucket/main.tf":`${B}
${P("days","number")}
resource "folder_file" "bucket" {
  name    = "bucket-\${var.environment}-\${var.stage}"
  content = { owner = var.tenant, days = var.days }
}
`,"components/terraform/labels/main.tf":`${P("retention","number")}
resource "terraform_data" "labels" {
  input = {
    name      = "\${var.tenant}-\${var.environment}-\${var.stage}"
    retention = var.retention
  }
}
`,"components/terraform/zone/main.tf":`${P("ttl","number")}
resource "terraform_data" "zone" {
  input = {
    zone = "\${var.environment}.\${var.stage}.\${var.tenant}.example"
    ttl  = var.ttl
  }
}
`}}function P(e,t){return["tenant","environment","stage"].map(n=>`variable "${n}" {
  type = string
}

`).concat(`variable "${e}" {
  type = ${t}
}
`).join("")}async function Pe(){let e=D(be(import.meta.url));for(let t of["..","../../..","../.."]){let n=g(e,t,"examples","quickstart");if(await ke(g(n,"atmos.yaml")).catch(()=>{}))return n}throw new Error(`examples/quickstart is not in this installation (looked from ${e})`)}async function X({repo:e,run:t}){let n=JSON.stringify({terraform:{backend:{local:{}}}});for(let s of new Set(E.map(c=>c.component))){let c=`components/terraform/${s}`;await z(U(e,c,"backend.tf.json"),n),await t("terraform",["init","-input=false"],c)}let r=E.filter(s=>!W(s)),o=async()=>{for(let s=r.shift();s!==void 0;s=r.shift())await a(s)},a=async({component:s,stack:c,vars:i})=>{let l=`components/terraform/${s}`,m=`${c}-${s}.terraform.tfvars.json`;await z(U(e,l,m),JSON.stringify(i)),await t("terraform",["apply","-auto-approve","-input=false",`-var-file=${m}`],l,{TF_WORKSPACE:c})};await Promise.all([o(),o(),o()])}import{execFile as le}from"node:child_process";import{cp as Fe,mkdir as Le,mkdtemp as Me,readFile as Ke,rm as ie,writeFile as se}from"node:fs/promises";import{tmpdir as De}from"node:os";import{join as f}from"node:path";import{promisify as de}from"node:util";import{existsSync as ee}from"node:fs";import{chmod as Ee,copyFile as Se,mkdir as V,writeFile as Y}from"node:fs/promises";import{delimiter as Q,dirname as j,join as h}from"node:path";import{fileURLToPath as Te}from"node:url";var I="airlock.dev/demo/folder",te="1.0.0",Z=`terraform-provider-folder_v${te}`;function je(e,t){return`${e==="win32"?"windows":e}_${t==="x64"?"amd64":t==="ia32"?"386":t}`}function Ie(e){return`provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(e)}
    include = ["${I}"]
  }
  direct {
    exclude = ["${I}"]
  }
}
`}async function Ne(e){let t=j(Te(import.meta.url)),n=[t,j(t)].map(a=>h(a,"terraform-provider-folder.cjs")).find(ee);if(n!==void 0)return Se(n,e);let r="./bundle.ts",{bundleProvider:o}=await import(r);await o(e)}async function ne(e,t,n){let r=h(e,"mirror"),o=je(process.platform,process.arch),a=h(r,I,te,o);await V(a,{recursive:!0}),await V(t,{recursive:!0}),await Ne(h(a,Z)),await Ee(h(a,Z),493),await Y(h(a,"package.json"),`{ "type": "commonjs" }
`);let s=h(e,"terraform.rc");await Y(s,Ie(r));let c=n.PATH??"",i=c.split(Q).some(l=>l!==""&&ee(h(l,"node")));return{TF_CLI_CONFIG_FILE:s,CHECKPOINT_DISABLE:"1",TF_IN_AUTOMATION:"1",FOLDER_CLOUD:t,...i?{}:{PATH:[j(process.execPath),c].filter(l=>l!=="").join(Q)}}}import{spawn as Re}from"node:child_process";import{existsSync as Ae}from"node:fs";import{dirname as re,join as oe}from"node:path";import{setTimeout as Ce}from"node:timers/promises";import{fileURLToPath as qe}from"node:url";async function ae(e,{cwd:t,env:n},r){let o=Re(process.execPath,[...Ge(),...e],{cwd:t,env:n,detached:!0,stdio:"ignore"}),a=new Promise(c=>o.once("exit",()=>c())),s=Date.now()+12e4;for(;!await r();){if(o.exitCode!==null)throw new Error(`airlock ${e.join(" ")} ended before it could be killed`);if(Date.now()>s)throw new Error(`airlock ${e.join(" ")} did not come as far as it was to be killed`);await Ce(10)}process.kill(-o.pid,"SIGKILL"),await a}function Ge(){let e=re(qe(import.meta.url)),t=[e,re(e)].map(n=>oe(n,"start.cjs")).find(Ae);return t===void 0?["--import","tsx",oe(e,"../../cli/main.ts")]:[t]}async function me(e,t){let n=await Me(f(De(),"airlock-demo-")),[r,o]=[f(n,"infra"),f(n,"cloud")],a=_(e.color),s=await ne(f(n,"terraform"),o,e.env),c={...Je(e.env),...s,XDG_CONFIG_HOME:f(n,"config"),AIRLOCK_WORK:f(n,"work"),GIT_CONFIG_GLOBAL:f(n,"gitconfig"),GIT_CONFIG_NOSYSTEM:"1"};await se(c.GIT_CONFIG_GLOBAL,`[user]
	name = Ann Example
	email = ann@example.test
[init]
	defaultBranch = main
`),await J(t,r),await Le(c.AIRLOCK_WORK,{recursive:!0});let i=de(le),l=async(d,p,u,w={})=>(await i(d,p,{cwd:u,env:{...c,...w},maxBuffer:1<<26})).stdout,m=(...d)=>l("git",d,r),$=async(d,p)=>{let u="",w=v=>{u+=v.endsWith(`
`)?v:`${v}
`},b={...e,cwd:r,env:c,print:w,note:w,progress:e.progress==="live"?"live":"none",width:Math.max(60,e.width-4)},A=await q(d,G,({json:v})=>({...b,...v&&{note:()=>{}}}));if(A===p)return u;throw new Error(`airlock ${d.join(" ")} ended with ${A}; the story expects ${p}:
${u}`)},S=await We(e.env,n);return await m("init","-q"),await m("add","-A"),await m("commit","-qm","Describe the estate"),{folder:n,repo:r,cloud:o,env:c,look:a,tool:S.name,say:d=>e.print(`
${d}`),async airlock(d,p){e.print(`
  ${a.bold(`$ airlock ${d.map(R).join(" ")}`)}`);let u=await $(d,p);return e.print(He(u)),p!==0&&!u.includes(`(exit ${p}`)&&e.print(a.dim(`    exit ${p}`)),u},quietly:$,async killed(d,p){e.print(`
  ${a.bold(`$ airlock ${d.map(R).join(" ")}`)}`),await ae(d,{cwd:r,env:c},p),e.print(a.dim("    killed (SIGKILL)"))},keep:()=>ce(n,N,f(n,"kept")),async restore(){for(let d of N)await ie(f(n,d),{recursive:!0,force:!0});await ce(f(n,"kept"),N,n)},git:m,run:(d,p,u,w)=>l(d,p,f(r,u),w),async edit(d,p,u){let w=f(r,d),b=await Ke(w,"utf8");if(!b.includes(p))throw new Error(`${d} does not hold ${p}`);await se(w,b.replace(p,u)),e.print(`
  ${a.dim(d)}
    ${a.red(`- ${p}`)}
    ${a.green(`+ ${u}`)}`)},tryNext:()=>Be(n,r,{...s,XDG_CONFIG_HOME:c.XDG_CONFIG_HOME,AIRLOCK_WORK:c.AIRLOCK_WORK,GIT_CONFIG_GLOBAL:c.GIT_CONFIG_GLOBAL}),close:()=>ie(n,{recursive:!0,force:!0})}}var N=["infra","cloud","work","config"];async function ce(e,t,n){for(let r of t)await Fe(f(e,r),f(n,r),{recursive:!0,force:!0,verbatimSymlinks:!0}).catch(o=>{if(o.code!=="ENOENT")throw o})}function Je(e){return Object.fromEntries(Object.entries(e).filter(([t])=>!t.startsWith("GIT_")))}function R(e){return/^[\w@./:=-]+$/.test(e)?e:`'${e}'`}function He(e){return e.trimEnd().split(`
`).map(t=>t===""?"":`    ${t}`).join(`
`)}async function We(e,t){for(let n of["terraform","tofu"]){let r=await de(le)(n,["version"],{cwd:t,env:e}).catch(()=>{}),[,o,a]=/^(Terraform|OpenTofu) v(\S+)/m.exec(r?.stdout??"")??[];if(o)return{name:`${o} ${a}`,command:n}}throw new x({code:"terraform-missing",message:"neither terraform nor tofu is on the PATH, and the demo runs real plans",fix:"install one of them: https://opentofu.org/docs/intro/install or https://developer.hashicorp.com/terraform/install",exit:2})}function Be(e,t,n){let r=Object.entries(n).map(([o,a])=>`  export ${o}=${R(a)}`);return["","The folder is kept. To go on by hand:",`  cd ${t}`,...r,"  airlock status                 what is still in flight","  airlock plan                   plan it again, then approve and apply","  airlock explain vpc -s plat-ue2-prod vars",`Change a mixin, or a file in ${f(e,"cloud")}, and look. Remove the folder when you are done.`].join(`
`)}function pe(e){let t=y.find(r=>r.name===e);if(t)return t;let n=C(e,y.map(r=>r.name));throw new x({code:"scene-unknown",message:`the demo has no scene ${e}`,fix:n?`did you mean ${n}?`:`scenes: ${y.map(r=>r.name).join(", ")}`,exit:2})}function fe(e){let t=!1,n={...e,print:i=>t?void 0:e.print(i)},r=new Map,o=new Set,a,s=async i=>{t=!0;try{await i()}finally{t=!1}},c=async i=>{let l=r.get(i);if(l)return i!=="quickstart"&&await l.restore(),l;let m=await me(n,i);r.set(i,m);let{look:$,repo:S,tool:d}=m;return n.print($.dim(`  ${ze[i]}; real ${d}; the repository is ${S}`)),i==="small"&&await s(()=>Ue(m)),i==="plain"&&await X(m),i!=="quickstart"&&await m.keep(),m};return{async play(i){let l=await c(i.on);if(a=l,i.on==="quickstart")for(let m of y){if(m===i)break;m.on===i.on&&!o.has(m.name)&&(o.add(m.name),await s(()=>m.play(l)))}o.add(i.name),await i.play(l)},tryNext:()=>a?.tryNext()??"",async close(){for(let i of r.values())await i.close()}}}var ze={quickstart:"An estate of 18 instances, nothing applied yet",small:"An estate of 5 instances, all applied: each of the next scenes begins with it",plain:"An estate of 60 instances, applied by plain Terraform"};async function Ue({quietly:e}){await e(["plan"],0),await e(["approve","--all"],0),await e(["apply"],0)}var Ht={name:"demo",summary:"See a change go from a branch to applied, with real Git and Terraform",usage:"airlock demo [--scene NAME] [--step] [--keep]",description:`Makes a Git repository in a temporary folder, with a cloud that is a folder too, and plays the main job on it with the
commands that you would run. Every plan and every refusal is made while you watch. Needs Git, and Terraform or OpenTofu;
no account, no network.`,examples:[{command:"airlock demo",does:"the whole story, in under two minutes"},{command:"airlock demo --scene killed",does:"one scene, with what it needs"},{command:"airlock demo --step",does:"wait for Enter between the scenes"},{command:"airlock demo --keep",does:"keep the folder to try things yourself"}],flags:[{name:"scene",type:"string",value:"NAME",help:`Play one scene: ${y.map(({name:e})=>e).join(", ")}`},{name:"step",type:"boolean",help:"Wait for Enter between the scenes"},{name:"keep",type:"boolean",help:"Keep the folder, and say what to try in it"}],positional:[],async run({flags:e},t){let n=performance.now(),r=_(t.color),{scene:o}=e,a=o===void 0?y:[pe(o)],s=fe(t);t.print(`${r.bold("Airlock: from a change to an applied, recorded plan, and what goes wrong on the way")}
Real Git repositories, real Terraform, a cloud that is a folder; all of it in temporary folders.`);try{for(let[c,i]of a.entries()){t.print(`
${r.bold(`${y.indexOf(i)}  ${i.title}`)} ${r.dim(`(${i.name})`)}`);let l=performance.now();await s.play(i),t.print(r.dim(`  ${T(performance.now()-l)}`)),e.step&&c<a.length-1&&await t.ask("  Enter for the next scene")}t.print(`
${r.bold("That is the story.")} ${T(performance.now()-n)} in all.`),e.keep&&t.print(s.tryNext())}finally{e.keep||await s.close()}return 0}};export{Ht as command};
