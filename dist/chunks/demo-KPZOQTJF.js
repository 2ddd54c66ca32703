import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as I,b as A}from"./chunk-F2IMTEVX.js";import{c as T}from"./chunk-H6WNBLEW.js";import{a as _}from"./chunk-EJNUVDAK.js";import"./chunk-2LGLW6MH.js";import"./chunk-D7KTQWZA.js";import{a as C}from"./chunk-ZMGS4JRB.js";import{b as x}from"./chunk-MW5POIHZ.js";var G=[];import{readdir as se,readFile as ce,writeFile as de}from"node:fs/promises";import{join as L}from"node:path";var q="stacks/mixins/stage",F=[{name:"estate",title:"An estate to begin with: 3 components in 6 stacks",on:"quickstart",async play({quietly:e,say:t,look:r}){let n=JSON.parse(await e(["plan","--json"],0));t(`  Nothing was ever applied, so everything is in flight. ${k(n,"planned")} instances are planned at once: vpc, and
  cluster, which reads an output that the plan of vpc knows already. ${k(n,"deferred")} are ${r.bold("deferred")}: app reads what
  only an applied cluster can tell.`),await e(["approve","--all"],0);let o=JSON.parse(await e(["apply","--json"],3));await e(["approve","--all"],0);let a=JSON.parse(await e(["apply","--json"],0));t(`  Approved; ${k(o,"applied")} applied, each after what it reads. The ${k(o,"waits")} deferred ones were planned on the way;
  approved too; ${k(a,"applied")} applied. 18 of 18, nothing in flight.`)}},{name:"affected",title:"A branch changes one setting. What does it touch, and why?",on:"quickstart",async play({git:e,edit:t,airlock:r}){await e("switch","-qc","wider-dev"),await t(`${q}/dev.yaml`,"address_range: 10.16.0.0/12","address_range: 10.64.0.0/12"),await e("commit","-qam","Move dev to its own address range"),await r(["affected"],0)}},{name:"plan",title:"Plans, sealed and stored; the comment that reviewers read",on:"quickstart",async play({airlock:e,say:t}){await e(["plan"],0),t(`  cluster was planned with the cidr that the plan of vpc already knows. app reads an endpoint that is known only after
  cluster is applied: it is planned with the value of now, and marked provisional. (--markdown prints the source.)`)}},{name:"merge",title:"Squash-merged: in flight until it is applied",on:"quickstart",async play({git:e,airlock:t}){await e("switch","-q","main"),await e("merge","-q","--squash","wider-dev"),await e("commit","-qm","Move dev to its own address range (#41)"),await e("branch","-qD","wider-dev"),await t(["status"],3)}},{name:"apply",title:"Approved, then applied: exactly that, in order, once",on:"quickstart",async play({airlock:e,say:t}){await e(["approve","--all"],0),t(`  The merge made another commit; the plans are found by fingerprint. Each planfile is opened and compared with the tip
  before its exact bytes are applied.`),await e(["apply"],3),t(`  In ue1 the endpoint stayed what it was: the plan of app came out as approved, and went on alone. In ue2 the endpoint is
  another now: a plan that nobody approved, so it waits.`),await e(["approve","app","-s","plat-ue2-dev"],0),await e(["apply"],0),await e(["show","cluster","-s","plat-ue2-dev"],0),await e(["status"],0)}},{name:"tampered",title:"Tampered with: refused, and the refusals explain themselves",on:"quickstart",async play(e){let{git:t,edit:r,airlock:n,quietly:o,say:a,look:c}=e;await r(`${q}/staging.yaml`,"address_range: 10.32.0.0/12","address_range: 10.80.0.0/12"),await t("commit","-qam","Move staging to its own address range (#42)"),await o(["plan"],0),await o(["approve","--all"],0),a(`  ${c.bold("One byte")} of the sealed plan of vpc in plat-ue1-staging is changed on disk:`),await le(e,"vpc@plat-ue1-staging"),await n(["apply","vpc","-s","plat-ue1-staging"],3),a(`  Somebody runs Terraform by hand, so that the ${c.bold("state")} of vpc in plat-ue2-staging moves behind Airlock's back:`),await pe(e,"plat-ue2-staging"),await n(["apply","vpc","-s","plat-ue2-staging"],3),await n(["status"],3)}}];function k({items:e},t){return e.filter(r=>r.kind===t).length}async function le({repo:e,quietly:t},r){let o=JSON.parse(await t(["status","--json"],3)).items.find(i=>i.id===r)?.plan?.blob;if(o===void 0)throw new Error(`no sealed plan of ${r}`);let a=L(e,".git","airlock",o),c=await ce(a),d=Math.floor(c.length/2);c[d]=c[d]^1,await de(a,c)}async function pe({run:e,repo:t},r){let n="components/terraform/vpc";await e("terraform",["init","-input=false"],n),await e("terraform",["workspace","select",r],n);let o=L(t,n,"terraform.tfstate.d",r);if(!(await se(o)).includes("terraform.tfstate"))throw new Error(`no state in ${o}`);await e("terraform",["taint","folder_network.this"],n)}var w=[...F,...G];async function M(e){}import{execFile as re}from"node:child_process";import{cp as Re,mkdir as Ce,mkdtemp as Ie,readFile as Ae,rm as Z,writeFile as ee}from"node:fs/promises";import{tmpdir as Ge}from"node:os";import{join as f}from"node:path";import{promisify as ne}from"node:util";import{existsSync as J}from"node:fs";import{chmod as me,copyFile as fe,mkdir as K,writeFile as D}from"node:fs/promises";import{delimiter as H,dirname as P,join as y}from"node:path";import{fileURLToPath as ue}from"node:url";var S="airlock.dev/demo/folder",W="1.0.0",B=`terraform-provider-folder_v${W}`;function ge(e,t){return`${e==="win32"?"windows":e}_${t==="x64"?"amd64":t==="ia32"?"386":t}`}function we(e){return`provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(e)}
    include = ["${S}"]
  }
  direct {
    exclude = ["${S}"]
  }
}
`}async function ye(e){let t=P(ue(import.meta.url)),r=[t,P(t)].map(a=>y(a,"terraform-provider-folder.cjs")).find(J);if(r!==void 0)return fe(r,e);let n="./bundle.ts",{bundleProvider:o}=await import(n);await o(e)}async function U(e,t,r){let n=y(e,"mirror"),o=ge(process.platform,process.arch),a=y(n,S,W,o);await K(a,{recursive:!0}),await K(t,{recursive:!0}),await ye(y(a,B)),await me(y(a,B),493),await D(y(a,"package.json"),`{ "type": "commonjs" }
`);let c=y(e,"terraform.rc");await D(c,we(n));let d=r.PATH??"",i=d.split(H).some(p=>p!==""&&J(y(p,"node")));return{TF_CLI_CONFIG_FILE:c,CHECKPOINT_DISABLE:"1",TF_IN_AUTOMATION:"1",FOLDER_CLOUD:t,...i?{}:{PATH:[P(process.execPath),d].filter(p=>p!=="").join(H)}}}import{cp as E,mkdir as he,readFile as ve,writeFile as ke}from"node:fs/promises";import{dirname as z,join as g}from"node:path";import{fileURLToPath as $e}from"node:url";async function X(e,t){let r=await Oe();if(e==="quickstart")return E(r,t,{recursive:!0});if(await E(g(r,"atmos.yaml"),g(t,"atmos.yaml")),await E(g(r,".gitignore"),g(t,".gitignore")),e==="small")for(let n of["vpc","cluster"])await E(g(r,"components/terraform",n),g(t,"components/terraform",n),{recursive:!0});for(let[n,o]of Object.entries(e==="small"?_e():Ee()))await he(z(g(t,n)),{recursive:!0}),await ke(g(t,n),o)}var be=["dev","staging","prod"].flatMap(e=>Array.from({length:10},(t,r)=>`acme-r${r}-${e}`)),xe=`terraform {
  required_providers {
    folder = {
      source  = "airlock.dev/demo/folder"
      version = "1.0.0"
    }
  }
}
`;function _e(){let e=(r,n,o)=>`import:
  - catalog/defaults

vars:
  tenant: plat
  stage: dev
  environment: ${r}
  region: us-east-${n}

components:
  terraform:
    vpc:
      vars:
        address_range: 10.16.0.0/12
        region_number: ${n}
    cluster:
      vars:
        cluster_version: "1.31"
        size: 3
        network_cidr: !terraform.state vpc cidr
${o}`;return{"stacks/catalog/defaults.yaml":`terraform:
  backend_type: local
`,"stacks/orgs/plat/dev/ue1.yaml":e("ue1",1,`    jobs:
      vars:
        image: jobs:1.0.0
`),"stacks/orgs/plat/dev/ue2.yaml":e("ue2",2,""),"components/terraform/jobs/main.tf":`${xe}
variable "image" {
  type = string
}

variable "tenant" {
  type = string
}

variable "environment" {
  type = string
}

variable "stage" {
  type = string
}

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
`}}function Ee(){return{"stacks/catalog/defaults.yaml":`terraform:
  backend_type: local
components:
  terraform:
    labels:
      vars:
        retention: 30
    zone:
      vars:
        ttl: 300
`,...Object.fromEntries(be.map(e=>{let[t,r,n]=e.split("-"),o=`vars:
  tenant: ${t}
  environment: ${r}
  stage: ${n}
`;return[`stacks/orgs/${t}/${n}/${r}.yaml`,`import:
  - catalog/defaults

${o}
components:
  terraform:
    labels: {}
    zone: {}
`]})),"components/terraform/labels/main.tf":`variable "tenant" {
  type = string
}

variable "environment" {
  type = string
}

variable "stage" {
  type = string
}

variable "retention" {
  type = number
}

resource "terraform_data" "labels" {
  input = {
    name      = "\${var.tenant}-\${var.environment}-\${var.stage}"
    retention = var.retention
  }
}
`,"components/terraform/zone/main.tf":`variable "tenant" {
  type = string
}

variable "environment" {
  type = string
}

variable "stage" {
  type = string
}

variable "ttl" {
  type = number
}

resource "terraform_data" "zone" {
  input = {
    zone = "\${var.environment}.\${var.stage}.\${var.tenant}.example"
    ttl  = var.ttl
  }
}
`}}async function Oe(){let e=z($e(import.meta.url));for(let t of["..","../../..","../.."]){let r=g(e,t,"examples","quickstart");if(await ve(g(r,"atmos.yaml")).catch(()=>{}))return r}throw new Error(`examples/quickstart is not in this installation (looked from ${e})`)}import{spawn as Te}from"node:child_process";import{existsSync as Pe}from"node:fs";import{dirname as V,join as Y}from"node:path";import{setTimeout as Se}from"node:timers/promises";import{fileURLToPath as je}from"node:url";async function Q(e,{cwd:t,env:r},n){let o=Te(process.execPath,[...Ne(),...e],{cwd:t,env:r,detached:!0,stdio:"ignore"}),a=new Promise(d=>o.once("exit",()=>d())),c=Date.now()+12e4;for(;!await n();){if(o.exitCode!==null)throw new Error(`airlock ${e.join(" ")} ended before it could be killed`);if(Date.now()>c)throw new Error(`airlock ${e.join(" ")} did not come as far as it was to be killed`);await Se(10)}process.kill(-o.pid,"SIGKILL"),await a}function Ne(){let e=V(je(import.meta.url)),t=[e,V(e)].map(r=>Y(r,"start.cjs")).find(Pe);return t===void 0?["--import","tsx",Y(e,"../../cli/main.ts")]:[t]}async function oe(e,t){let r=await Ie(f(Ge(),"airlock-demo-")),[n,o]=[f(r,"infra"),f(r,"cloud")],a=_(e.color),c=await U(f(r,"terraform"),o,e.env),d={...qe(e.env),...c,XDG_CONFIG_HOME:f(r,"config"),AIRLOCK_WORK:f(r,"work"),GIT_CONFIG_GLOBAL:f(r,"gitconfig"),GIT_CONFIG_NOSYSTEM:"1"};await ee(d.GIT_CONFIG_GLOBAL,`[user]
	name = Ann Example
	email = ann@example.test
[init]
	defaultBranch = main
`),await X(t,n),await Ce(d.AIRLOCK_WORK,{recursive:!0});let i=ne(re),p=async(s,l,u)=>(await i(s,l,{cwd:u,env:d,maxBuffer:1<<26})).stdout,m=(...s)=>p("git",s,n),$=async(s,l)=>{let u="",h=v=>{u+=v.endsWith(`
`)?v:`${v}
`},b={...e,cwd:n,env:d,print:h,note:h,progress:e.progress==="live"?"live":"none",width:Math.max(60,e.width-4)},R=await I(s,A,({json:v})=>({...b,...v&&{note:()=>{}}}));if(R===l)return u;throw new Error(`airlock ${s.join(" ")} ended with ${R}; the story expects ${l}:
${u}`)},O=await Fe(e.env,r);return await m("init","-q"),await m("add","-A"),await m("commit","-qm","Describe the estate"),{folder:r,repo:n,cloud:o,env:d,look:a,tool:O.name,say:s=>e.print(`
${s}`),async airlock(s,l){e.print(`
  ${a.bold(`$ airlock ${s.map(N).join(" ")}`)}`);let u=await $(s,l);return e.print(Le(u)),l!==0&&!u.includes(`(exit ${l}`)&&e.print(a.dim(`    exit ${l}`)),u},quietly:$,async killed(s,l){e.print(`
  ${a.bold(`$ airlock ${s.map(N).join(" ")}`)}`),await Q(s,{cwd:n,env:d},l),e.print(a.dim("    killed (SIGKILL)"))},keep:()=>te(r,j,f(r,"kept")),async restore(){for(let s of j)await Z(f(r,s),{recursive:!0,force:!0});await te(f(r,"kept"),j,r)},git:m,run:(s,l,u)=>p(s,l,f(n,u)),async edit(s,l,u){let h=f(n,s),b=await Ae(h,"utf8");if(!b.includes(l))throw new Error(`${s} does not hold ${l}`);await ee(h,b.replace(l,u)),e.print(`
  ${a.dim(s)}
    ${a.red(`- ${l}`)}
    ${a.green(`+ ${u}`)}`)},tryNext:()=>Me(r,n,{...c,XDG_CONFIG_HOME:d.XDG_CONFIG_HOME,AIRLOCK_WORK:d.AIRLOCK_WORK,GIT_CONFIG_GLOBAL:d.GIT_CONFIG_GLOBAL}),close:()=>Z(r,{recursive:!0,force:!0})}}var j=["infra","cloud","work","config"];async function te(e,t,r){for(let n of t)await Re(f(e,n),f(r,n),{recursive:!0,force:!0,verbatimSymlinks:!0}).catch(o=>{if(o.code!=="ENOENT")throw o})}function qe(e){return Object.fromEntries(Object.entries(e).filter(([t])=>!t.startsWith("GIT_")))}function N(e){return/^[\w@./:=-]+$/.test(e)?e:`'${e}'`}function Le(e){return e.trimEnd().split(`
`).map(t=>t===""?"":`    ${t}`).join(`
`)}async function Fe(e,t){for(let r of["terraform","tofu"]){let n=await ne(re)(r,["version"],{cwd:t,env:e}).catch(()=>{}),[,o,a]=/^(Terraform|OpenTofu) v(\S+)/m.exec(n?.stdout??"")??[];if(o)return{name:`${o} ${a}`,command:r}}throw new x({code:"terraform-missing",message:"neither terraform nor tofu is on the PATH, and the demo runs real plans",fix:"install one of them: https://opentofu.org/docs/intro/install or https://developer.hashicorp.com/terraform/install",exit:2})}function Me(e,t,r){let n=Object.entries(r).map(([o,a])=>`  export ${o}=${N(a)}`);return["","The folder is kept. To go on by hand:",`  cd ${t}`,...n,"  airlock status                 what is still in flight","  airlock plan                   plan it again, then approve and apply","  airlock explain vpc -s plat-ue2-prod vars",`Change a mixin, or a file in ${f(e,"cloud")}, and look. Remove the folder when you are done.`].join(`
`)}function ae(e){let t=w.find(n=>n.name===e);if(t)return t;let r=C(e,w.map(n=>n.name));throw new x({code:"scene-unknown",message:`the demo has no scene ${e}`,fix:r?`did you mean ${r}?`:`scenes: ${w.map(n=>n.name).join(", ")}`,exit:2})}function ie(e){let t=!1,r={...e,print:i=>t?void 0:e.print(i)},n=new Map,o=new Set,a,c=async i=>{t=!0;try{await i()}finally{t=!1}},d=async i=>{let p=n.get(i);if(p)return i!=="quickstart"&&await p.restore(),p;let m=await oe(r,i);n.set(i,m);let{look:$,repo:O,tool:s}=m;return r.print($.dim(`  ${Ke[i]}; real ${s}; the repository is ${O}`)),i==="small"&&await c(()=>De(m)),i==="plain"&&await M(m),i!=="quickstart"&&await m.keep(),m};return{async play(i){let p=await d(i.on);if(a=p,i.on==="quickstart")for(let m of w){if(m===i)break;m.on===i.on&&!o.has(m.name)&&(o.add(m.name),await c(()=>m.play(p)))}o.add(i.name),await i.play(p)},tryNext:()=>a?.tryNext()??"",async close(){for(let i of n.values())await i.close()}}}var Ke={quickstart:"An estate of 18 instances, nothing applied yet",small:"An estate of 5 instances, all applied: each of the next scenes begins with it",plain:"An estate of 60 instances, applied by plain Terraform"};async function De({quietly:e}){await e(["plan"],0),await e(["approve","--all"],0),await e(["apply"],0)}var At={name:"demo",summary:"See a change go from a branch to applied, with real Git and Terraform",usage:"airlock demo [--scene NAME] [--step] [--keep]",description:`Makes a Git repository in a temporary folder, with a cloud that is a folder too, and plays the main job on it with the
commands that you would run. Every plan and every refusal is made while you watch. Needs Git, and Terraform or OpenTofu;
no account, no network.`,examples:[{command:"airlock demo",does:"the whole story, in under two minutes"},{command:"airlock demo --scene killed",does:"one scene, with what it needs"},{command:"airlock demo --step",does:"wait for Enter between the scenes"},{command:"airlock demo --keep",does:"keep the folder to try things yourself"}],flags:[{name:"scene",type:"string",value:"NAME",help:`Play one scene: ${w.map(({name:e})=>e).join(", ")}`},{name:"step",type:"boolean",help:"Wait for Enter between the scenes"},{name:"keep",type:"boolean",help:"Keep the folder, and say what to try in it"}],positional:[],async run({flags:e},t){let r=performance.now(),n=_(t.color),{scene:o}=e,a=o===void 0?w:[ae(o)],c=ie(t);t.print(`${n.bold("Airlock: from a change to an applied, recorded plan, and what goes wrong on the way")}
Real Git repositories, real Terraform, a cloud that is a folder; all of it in temporary folders.`);try{for(let[d,i]of a.entries()){t.print(`
${n.bold(`${w.indexOf(i)}  ${i.title}`)} ${n.dim(`(${i.name})`)}`);let p=performance.now();await c.play(i),t.print(n.dim(`  ${T(performance.now()-p)}`)),e.step&&d<a.length-1&&await t.ask("  Enter for the next scene")}t.print(`
${n.bold("That is the story.")} ${T(performance.now()-r)} in all.`),e.keep&&t.print(c.tryNext())}finally{e.keep||await c.close()}return 0}};export{At as command};
