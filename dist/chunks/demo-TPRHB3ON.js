import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as M,b as D}from"./chunk-E4DRCGTH.js";import"./chunk-3U6ZG2KV.js";import{c as E}from"./chunk-DJ5GSM7H.js";import{a as P}from"./chunk-EJNUVDAK.js";import"./chunk-2LGLW6MH.js";import"./chunk-D7KTQWZA.js";import{a as L}from"./chunk-ZMGS4JRB.js";import{b as j}from"./chunk-MW5POIHZ.js";import{rm as xe,writeFile as je}from"node:fs/promises";import{join as K}from"node:path";var H=[{name:"adoption",title:"Adoption: sixty instances that plain Terraform applied",on:"plain",async play({airlock:e,cloud:t,say:n}){n(`  Their states lie where Atmos keeps them. Since then somebody set the retention of one bucket by hand and removed
  another; and one zone was merged, and never applied.`),await je(K(t,"file","bucket-r0-prod.json"),JSON.stringify({name:"bucket-r0-prod",content:{owner:"acme",days:"7"},id:"fil-by-hand",version:2})),await xe(K(t,"file","bucket-r1-prod.json")),await e(["adopt"],0),await e(["status"],0)}}];import{readdir as Pe,readFile as _e,writeFile as Oe}from"node:fs/promises";import{join as W}from"node:path";var J="stacks/mixins/stage",z=[{name:"estate",title:"An estate to begin with: 3 components in 6 stacks",on:"quickstart",async play({quietly:e,say:t,look:n}){let r=JSON.parse(await e(["plan","--json"],0));t(`  Nothing was ever applied, so everything is in flight. ${b(r,"planned")} instances are planned at once: vpc, and
  cluster, which reads an output that the plan of vpc knows already. ${b(r,"deferred")} are ${n.bold("deferred")}: app reads what
  only an applied cluster can tell.`),await e(["approve","--all"],0);let o=JSON.parse(await e(["apply","--json"],3));await e(["approve","--all"],0);let i=JSON.parse(await e(["apply","--json"],0));t(`  Approved; ${b(o,"applied")} applied, each after what it reads. The ${b(o,"waits")} deferred ones were planned on the way;
  approved too; ${b(i,"applied")} applied. 18 of 18, nothing in flight.`)}},{name:"affected",title:"A branch changes one setting. What does it touch, and why?",on:"quickstart",async play({git:e,edit:t,airlock:n}){await e("switch","-qc","wider-dev"),await t(`${J}/dev.yaml`,"address_range: 10.16.0.0/12","address_range: 10.64.0.0/12"),await e("commit","-qam","Move dev to its own address range"),await n(["affected"],0)}},{name:"plan",title:"Plans, sealed and stored; the comment that reviewers read",on:"quickstart",async play({airlock:e,say:t}){await e(["plan"],0),t(`  cluster was planned with the cidr that the plan of vpc already knows. app reads an endpoint that is known only after
  cluster is applied: it is planned with the value of now, and marked provisional. (--markdown prints the source.)`)}},{name:"merge",title:"Squash-merged: in flight until it is applied",on:"quickstart",async play({git:e,airlock:t}){await e("switch","-q","main"),await e("merge","-q","--squash","wider-dev"),await e("commit","-qm","Move dev to its own address range (#41)"),await e("branch","-qD","wider-dev"),await t(["status"],3)}},{name:"apply",title:"Approved, then applied: exactly that, in order, once",on:"quickstart",async play({airlock:e,say:t}){await e(["approve","--all"],0),t(`  The merge made another commit; the plans are found by fingerprint. Each planfile is opened and compared with the tip
  before its exact bytes are applied.`),await e(["apply"],3),t(`  In ue1 the endpoint stayed what it was: the plan of app came out as approved, and went on alone. In ue2 the endpoint is
  another now: a plan that nobody approved, so it waits.`),await e(["approve","app","-s","plat-ue2-dev"],0),await e(["apply"],0),await e(["show","cluster","-s","plat-ue2-dev"],0),await e(["status"],0)}},{name:"tampered",title:"Tampered with: refused, and the refusals explain themselves",on:"quickstart",async play(e){let{git:t,edit:n,airlock:r,quietly:o,say:i,look:s}=e;await n(`${J}/staging.yaml`,"address_range: 10.32.0.0/12","address_range: 10.80.0.0/12"),await t("commit","-qam","Move staging to its own address range (#42)"),await o(["plan"],0),await o(["approve","--all"],0),i(`  ${s.bold("One byte")} of the sealed plan of vpc in plat-ue1-staging is changed on disk:`),await Se(e,"vpc@plat-ue1-staging"),await r(["apply","vpc","-s","plat-ue1-staging"],3),i(`  Somebody runs Terraform by hand, so that the ${s.bold("state")} of vpc in plat-ue2-staging moves behind Airlock's back:`),await Te(e,"plat-ue2-staging"),await r(["apply","vpc","-s","plat-ue2-staging"],3),await r(["status"],3)}}];function b({items:e},t){return e.filter(n=>n.kind===t).length}async function Se({repo:e,quietly:t},n){let o=JSON.parse(await t(["status","--json"],3)).items.find(a=>a.id===n)?.plan?.blob;if(o===void 0)throw new Error(`no sealed plan of ${n}`);let i=W(e,".git","airlock",o),s=await _e(i),c=Math.floor(s.length/2);s[c]=s[c]^1,await Oe(i,s)}async function Te({run:e,repo:t},n){let r="components/terraform/vpc";await e("terraform",["init","-input=false"],r),await e("terraform",["workspace","select",n],r);let o=W(t,r,"terraform.tfstate.d",n);if(!(await Pe(o)).includes("terraform.tfstate"))throw new Error(`no state in ${o}`);await e("terraform",["taint","folder_network.this"],r)}import{readFile as Ee,writeFile as B}from"node:fs/promises";import{join as R}from"node:path";var A="stacks/orgs/plat/dev",Re=`workflows:
  jobs:
    stack: plat-ue2-dev
    steps:
      - name: network
        command: terraform apply vpc
      - name: quiet
        type: shell
        command: test -e "$FOLDER_CLOUD/quiet" || { echo "the old jobs still run"; exit 1; }
      - name: jobs
        command: terraform deploy jobs
`,U={name:"whole-stack",title:"A whole stack: one component after another; and a workflow, resumed",on:"small",async play({airlock:e,cloud:t,git:n,repo:r,run:o,say:i}){let s=(a,d)=>B(R(r,a),d),c=await Ee(R(r,A,"ue2.yaml"),"utf8");await s(`${A}/ue3.yaml`,c.replaceAll("ue2","ue3").replace("us-east-2","us-east-3").replace("region_number: 2","region_number: 3")),await n("add","-A"),await n("commit","-qm","Open the region ue3 (#51)"),i("  A stack was merged of which nothing is there yet."),await e(["up","-s","plat-ue3-dev","--dry-run"],0),await e(["up","-s","plat-ue3-dev","--approve"],0),i(`  The cluster was planned once the network was applied, with its real values. Now a workflow file of Atmos: its Terraform
  steps go the same way, and a shell step between them fails.`),await s(`${A}/ue2.yaml`,`${c}    jobs:
      vars:
        image: jobs:2.0.0
`),await o("mkdir",["-p","stacks/workflows"],"."),await s("stacks/workflows/jobs.yaml",Re),await n("add","-A"),await n("commit","-qm","Run jobs in ue2, once the old ones are quiet (#52)"),await e(["run","jobs","--dry-run"],0),await e(["run","jobs"],1),i("  Somebody stops the old jobs, and the run goes on from there."),await B(R(t,"quiet"),""),await e(["run","jobs","jobs","--approve","--from-step","quiet"],0),await e(["status"],0)}};var h=[...z,...H,U];import{writeFile as ee}from"node:fs/promises";import{join as te}from"node:path";import{cp as _,mkdir as Ae,readFile as Ne,writeFile as Ie}from"node:fs/promises";import{dirname as X,join as w}from"node:path";import{fileURLToPath as qe}from"node:url";async function V(e,t){let n=await Le();if(e==="quickstart")return _(n,t,{recursive:!0});if(await _(w(n,"atmos.yaml"),w(t,"atmos.yaml")),await _(w(n,".gitignore"),w(t,".gitignore")),e==="small")for(let r of["vpc","cluster"])await _(w(n,"components/terraform",r),w(t,"components/terraform",r),{recursive:!0});for(let[r,o]of Object.entries(e==="small"?Fe():Ge()))await Ae(X(w(t,r)),{recursive:!0}),await Ie(w(t,r),o)}var Y={labels:{retention:30},zone:{ttl:300},bucket:{days:90}},S=["dev","staging","prod"].flatMap(e=>Array.from({length:10},(t,n)=>{let r=`r${n}`;return["labels",...n<9&&!(n===8&&e==="dev")?["zone"]:[],...Ce(n,e)].map(i=>({component:i,stack:`acme-${r}-${e}`,vars:{tenant:"acme",environment:r,stage:e,...Y[i]}}))}).flat());function Ce(e,t){return e===0||e===1&&t==="prod"?["bucket"]:[]}function Q({component:e,stack:t}){return e==="zone"&&t==="acme-r7-prod"}var Z=`terraform {
  required_providers {
    folder = {
      source  = "airlock.dev/demo/folder"
      version = "1.0.0"
    }
  }
}
`;function Fe(){let e=(n,r,o)=>`import:
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
`),"stacks/orgs/plat/dev/ue2.yaml":e("ue2",2,""),"components/terraform/jobs/main.tf":`${Z}
${O("image","string")}
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
`}}function Ge(){let e=new Map;for(let t of S)e.set(t.stack,[...e.get(t.stack)??[],t]);return{"stacks/catalog/defaults.yaml":`terraform:
  backend_type: local
  backend:
    local: {}
`,...Object.fromEntries(Object.entries(Y).map(([t,n])=>[`stacks/catalog/${t}.yaml`,`components:
  terraform:
    ${t}/defaults:
      metadata:
        type: abstract
      vars:
${Object.entries(n).map(([r,o])=>`        ${r}: ${o}
`).join("")}`])),...Object.fromEntries([...e].map(([t,n])=>{let[r,o,i]=t.split("-"),s=`vars:
  tenant: ${r}
  environment: ${o}
  stage: ${i}
`,c=["defaults",...n.map(({component:d})=>d)],a=n.map(({component:d})=>`    ${d}:
      metadata:
        component: ${d}
        inherits:
          - ${d}/defaults
`);return[`stacks/orgs/${r}/${i}/${o}.yaml`,`import:
${c.map(d=>`  - catalog/${d}
`).join("")}
${s}
components:
  terraform:
${a.join("")}`]})),"components/terraform/bucket/main.tf":`${Z}
${O("days","number")}
resource "folder_file" "bucket" {
  name    = "bucket-\${var.environment}-\${var.stage}"
  content = { owner = var.tenant, days = var.days }
}
`,"components/terraform/labels/main.tf":`${O("retention","number")}
resource "terraform_data" "labels" {
  input = {
    name      = "\${var.tenant}-\${var.environment}-\${var.stage}"
    retention = var.retention
  }
}
`,"components/terraform/zone/main.tf":`${O("ttl","number")}
resource "terraform_data" "zone" {
  input = {
    zone = "\${var.environment}.\${var.stage}.\${var.tenant}.example"
    ttl  = var.ttl
  }
}
`}}function O(e,t){return["tenant","environment","stage"].map(n=>`variable "${n}" {
  type = string
}

`).concat(`variable "${e}" {
  type = ${t}
}
`).join("")}async function Le(){let e=X(qe(import.meta.url));for(let t of["..","../../..","../.."]){let n=w(e,t,"examples","quickstart");if(await Ne(w(n,"atmos.yaml")).catch(()=>{}))return n}throw new Error(`examples/quickstart is not in this installation (looked from ${e})`)}async function ne({repo:e,run:t}){let n=JSON.stringify({terraform:{backend:{local:{}}}});for(let s of new Set(S.map(c=>c.component))){let c=`components/terraform/${s}`;await ee(te(e,c,"backend.tf.json"),n),await t("terraform",["init","-input=false"],c)}let r=S.filter(s=>!Q(s)),o=async()=>{for(let s=r.shift();s!==void 0;s=r.shift())await i(s)},i=async({component:s,stack:c,vars:a})=>{let d=`components/terraform/${s}`,m=`${c}-${s}.terraform.tfvars.json`;await ee(te(e,d,m),JSON.stringify(a)),await t("terraform",["apply","-auto-approve","-input=false",`-var-file=${m}`],d,{TF_WORKSPACE:c})};await Promise.all([o(),o(),o()])}import{execFile as he}from"node:child_process";import{cp as Qe,mkdir as Ze,mkdtemp as et,readFile as tt,rm as we,writeFile as ge}from"node:fs/promises";import{tmpdir as nt}from"node:os";import{join as f}from"node:path";import{promisify as ve}from"node:util";import{spawn as Me}from"node:child_process";import{once as re}from"node:events";import{existsSync as se}from"node:fs";import{chmod as De,copyFile as Ke,mkdir as oe,writeFile as ae}from"node:fs/promises";import{delimiter as ie,dirname as N,join as g}from"node:path";import{fileURLToPath as He}from"node:url";var I="airlock.dev/demo/folder",ce="1.0.0",q=`terraform-provider-folder_v${ce}`;function Je(e,t){return`${e==="win32"?"windows":e}_${t==="x64"?"amd64":t==="ia32"?"386":t}`}function We(e){return`provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(e)}
    include = ["${I}"]
  }
  direct {
    exclude = ["${I}"]
  }
}
`}async function ze(e){let t=N(He(import.meta.url)),n=[t,N(t)].map(i=>g(i,"terraform-provider-folder.cjs")).find(se);if(n!==void 0)return Ke(n,e);let r="./bundle.ts",{bundleProvider:o}=await import(r);await o(e)}async function de(e,t,n){let r=g(e,"mirror"),o=le(e);await oe(o,{recursive:!0}),await oe(t,{recursive:!0}),await ze(g(o,q)),await De(g(o,q),493),await ae(g(o,"package.json"),`{ "type": "commonjs" }
`);let i=g(e,"terraform.rc");await ae(i,We(r));let s=n.PATH??"",c=s.split(ie).some(a=>a!==""&&se(g(a,"node")));return{TF_CLI_CONFIG_FILE:i,CHECKPOINT_DISABLE:"1",TF_IN_AUTOMATION:"1",FOLDER_CLOUD:t,...c?{}:{PATH:[N(process.execPath),s].filter(a=>a!=="").join(ie)}}}function le(e){let t=Je(process.platform,process.arch);return g(e,"mirror",I,ce,t)}async function me(e){let t=g(e,"host"),n=Me(process.execPath,[g(le(e),q),"host",t],{stdio:["pipe","pipe","ignore"]}),r=re(n,"close"),o=await Promise.race([re(n.stdout,"data").then(()=>!0),r.then(()=>!1)]);return n.stdout.destroy(),n.stdin.unref(),n.unref(),{env:o?{FOLDER_HOST:t}:{},async close(){n.ref(),n.stdin.end(),await r}}}import{spawn as Be}from"node:child_process";import{existsSync as Ue}from"node:fs";import{dirname as pe,join as fe}from"node:path";import{setTimeout as Xe}from"node:timers/promises";import{fileURLToPath as Ve}from"node:url";async function ue(e,{cwd:t,env:n},r){let o=Be(process.execPath,[...Ye(),...e],{cwd:t,env:n,detached:!0,stdio:"ignore"}),i=new Promise(c=>o.once("exit",()=>c())),s=Date.now()+12e4;for(;!await r();){if(o.exitCode!==null)throw new Error(`airlock ${e.join(" ")} ended before it could be killed`);if(Date.now()>s)throw new Error(`airlock ${e.join(" ")} did not come as far as it was to be killed`);await Xe(10)}process.kill(-o.pid,"SIGKILL"),await i}function Ye(){let e=pe(Ve(import.meta.url)),t=[e,pe(e)].map(n=>fe(n,"start.cjs")).find(Ue);return t===void 0?["--import","tsx",fe(e,"../../cli/main.ts")]:[t]}async function ke(e,t){let n=await et(f(nt(),"airlock-demo-")),[r,o]=[f(n,"infra"),f(n,"cloud")],i=P(e.color),s=await de(f(n,"terraform"),o,e.env),c=await me(f(n,"terraform")),a={...rt(e.env),...s,...c.env,XDG_CONFIG_HOME:f(n,"config"),AIRLOCK_WORK:f(n,"work"),GIT_CONFIG_GLOBAL:f(n,"gitconfig"),GIT_CONFIG_NOSYSTEM:"1"};await ge(a.GIT_CONFIG_GLOBAL,`[user]
	name = Ann Example
	email = ann@example.test
[init]
	defaultBranch = main
`),await V(t,r),await Ze(a.AIRLOCK_WORK,{recursive:!0});let d=ve(he),m=async(l,p,u,y={})=>(await d(l,p,{cwd:u,env:{...a,...y},maxBuffer:1<<26})).stdout,v=(...l)=>m("git",l,r),$=async(l,p)=>{let u="",y=k=>{u+=k.endsWith(`
`)?k:`${k}
`},x={...e,cwd:r,env:a,print:y,note:y,progress:e.progress==="live"?"live":"none",width:Math.max(60,e.width-4)},G=await M(l,D,({json:k})=>({...x,...k&&{note:()=>{}}}));if(G===p)return u;throw new Error(`airlock ${l.join(" ")} ended with ${G}; the story expects ${p}:
${u}`)},T=await at(e.env,n);return await v("init","-q"),await v("add","-A"),await v("commit","-qm","Describe the estate"),{folder:n,repo:r,cloud:o,env:a,look:i,tool:T.name,say:l=>e.print(`
${l}`),async airlock(l,p){e.print(`
  ${i.bold(`$ airlock ${l.map(F).join(" ")}`)}`);let u=await $(l,p);return e.print(ot(u)),p!==0&&!u.includes(`(exit ${p}`)&&e.print(i.dim(`    exit ${p}`)),u},quietly:$,async killed(l,p){e.print(`
  ${i.bold(`$ airlock ${l.map(F).join(" ")}`)}`),await ue(l,{cwd:r,env:a},p),e.print(i.dim("    killed (SIGKILL)"))},keep:()=>ye(n,C,f(n,"kept")),async restore(){for(let l of C)await we(f(n,l),{recursive:!0,force:!0});await ye(f(n,"kept"),C,n)},git:v,run:(l,p,u,y)=>m(l,p,f(r,u),y),async edit(l,p,u){let y=f(r,l),x=await tt(y,"utf8");if(!x.includes(p))throw new Error(`${l} does not hold ${p}`);await ge(y,x.replace(p,u)),e.print(`
  ${i.dim(l)}
    ${i.red(`- ${p}`)}
    ${i.green(`+ ${u}`)}`)},tryNext:()=>it(n,r,{...s,XDG_CONFIG_HOME:a.XDG_CONFIG_HOME,AIRLOCK_WORK:a.AIRLOCK_WORK,GIT_CONFIG_GLOBAL:a.GIT_CONFIG_GLOBAL}),async close(){await c.close(),await we(n,{recursive:!0,force:!0})}}}var C=["infra","cloud","work","config"];async function ye(e,t,n){for(let r of t)await Qe(f(e,r),f(n,r),{recursive:!0,force:!0,verbatimSymlinks:!0}).catch(o=>{if(o.code!=="ENOENT")throw o})}function rt(e){return Object.fromEntries(Object.entries(e).filter(([t])=>!t.startsWith("GIT_")))}function F(e){return/^[\w@./:=-]+$/.test(e)?e:`'${e}'`}function ot(e){return e.trimEnd().split(`
`).map(t=>t===""?"":`    ${t}`).join(`
`)}async function at(e,t){for(let n of["terraform","tofu"]){let r=await ve(he)(n,["version"],{cwd:t,env:e}).catch(()=>{}),[,o,i]=/^(Terraform|OpenTofu) v(\S+)/m.exec(r?.stdout??"")??[];if(o)return{name:`${o} ${i}`,command:n}}throw new j({code:"terraform-missing",message:"neither terraform nor tofu is on the PATH, and the demo runs real plans",fix:"install one of them: https://opentofu.org/docs/intro/install or https://developer.hashicorp.com/terraform/install",exit:2})}function it(e,t,n){let r=Object.entries(n).map(([o,i])=>`  export ${o}=${F(i)}`);return["","The folder is kept. To go on by hand:",`  cd ${t}`,...r,"  airlock status                 what is still in flight","  airlock plan                   plan it again, then approve and apply","  airlock explain vpc -s plat-ue2-prod vars",`Change a mixin, or a file in ${f(e,"cloud")}, and look. Remove the folder when you are done.`].join(`
`)}function be(e){let t=h.find(r=>r.name===e);if(t)return t;let n=L(e,h.map(r=>r.name));throw new j({code:"scene-unknown",message:`the demo has no scene ${e}`,fix:n?`did you mean ${n}?`:`scenes: ${h.map(r=>r.name).join(", ")}`,exit:2})}function $e(e){let t=!1,n={...e,print:a=>t?void 0:e.print(a)},r=new Map,o=new Set,i,s=async a=>{t=!0;try{await a()}finally{t=!1}},c=async a=>{let d=r.get(a);if(d)return a!=="quickstart"&&await d.restore(),d;let m=await ke(n,a);r.set(a,m);let{look:v,repo:$,tool:T}=m;return n.print(v.dim(`  ${st[a]}; real ${T}; the repository is ${$}`)),a==="small"&&await s(()=>ct(m)),a==="plain"&&await ne(m),a!=="quickstart"&&await m.keep(),m};return{async play(a){let d=await c(a.on);if(i=d,a.on==="quickstart")for(let m of h){if(m===a)break;m.on===a.on&&!o.has(m.name)&&(o.add(m.name),await s(()=>m.play(d)))}o.add(a.name),await a.play(d)},tryNext:()=>i?.tryNext()??"",async close(){for(let a of r.values())await a.close()}}}var st={quickstart:"An estate of 18 instances, nothing applied yet",small:"An estate of 5 instances, all applied: each of the next scenes begins with it",plain:"An estate of 60 instances, applied by plain Terraform"};async function ct({quietly:e}){await e(["plan"],0),await e(["approve","--all"],0),await e(["apply"],0)}var fn={name:"demo",summary:"See a change go from a branch to applied, with real Git and Terraform",usage:"airlock demo [--scene NAME] [--step] [--keep]",description:`Makes a Git repository in a temporary folder, with a cloud that is a folder too, and plays the main job on it with the
commands that you would run. Every plan and every refusal is made while you watch. Needs Git, and Terraform or OpenTofu;
no account, no network.`,examples:[{command:"airlock demo",does:"the whole story, in under two minutes"},{command:"airlock demo --scene killed",does:"one scene, with what it needs"},{command:"airlock demo --step",does:"wait for Enter between the scenes"},{command:"airlock demo --keep",does:"keep the folder to try things yourself"}],flags:[{name:"scene",type:"string",value:"NAME",help:`Play one scene: ${h.map(({name:e})=>e).join(", ")}`},{name:"step",type:"boolean",help:"Wait for Enter between the scenes"},{name:"keep",type:"boolean",help:"Keep the folder, and say what to try in it"}],positional:[],async run({flags:e},t){let n=performance.now(),r=P(t.color),{scene:o}=e,i=o===void 0?h:[be(o)],s=$e(t);t.print(`${r.bold("Airlock: from a change to an applied, recorded plan, and what goes wrong on the way")}
Real Git repositories, real Terraform, a cloud that is a folder; all of it in temporary folders.`);try{for(let[c,a]of i.entries()){t.print(`
${r.bold(`${h.indexOf(a)}  ${a.title}`)} ${r.dim(`(${a.name})`)}`);let d=performance.now();await s.play(a),t.print(r.dim(`  ${E(performance.now()-d)}`)),e.step&&c<i.length-1&&await t.ask("  Enter for the next scene")}t.print(`
${r.bold("That is the story.")} ${E(performance.now()-n)} in all.`),e.keep&&t.print(s.tryNext())}finally{e.keep||await s.close()}return 0}};export{fn as command};
