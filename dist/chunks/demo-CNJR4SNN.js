import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as Y,b as Q,c as Z}from"./chunk-U7L4O2NJ.js";import{a as ee,b as te}from"./chunk-5TKKNO2E.js";import"./chunk-DKW3UPZS.js";import{b as V}from"./chunk-AYLLEGAF.js";import"./chunk-TYSZLAL7.js";import"./chunk-3U6ZG2KV.js";import"./chunk-VWH5TZ77.js";import"./chunk-DWOQ7PDC.js";import"./chunk-KES5D6FF.js";import"./chunk-W47R7XWI.js";import"./chunk-475YIIPL.js";import"./chunk-COTJN6EZ.js";import"./chunk-2NHG7MW6.js";import"./chunk-2JPI4W4C.js";import"./chunk-TS4ZBHBE.js";import"./chunk-O2L3NVPJ.js";import"./chunk-432R3JEU.js";import"./chunk-BXBEG65E.js";import"./chunk-BCU57LFB.js";import{c as C}from"./chunk-DJ5GSM7H.js";import"./chunk-I4WW3UIE.js";import{h as I}from"./chunk-H4FS64VS.js";import"./chunk-VTNFWIH4.js";import"./chunk-I2B2NOJE.js";import{T as X}from"./chunk-5VYRGJS5.js";import{a as O}from"./chunk-EJNUVDAK.js";import"./chunk-Q3R43ULQ.js";import{a as U}from"./chunk-ZMGS4JRB.js";import{b as T}from"./chunk-MW5POIHZ.js";import{rm as We,writeFile as Ue}from"node:fs/promises";import{join as ae}from"node:path";var oe={name:"adoption",title:"Adoption: sixty instances that plain Terraform applied",on:"plain",async play({airlock:e,cloud:t,say:a}){a(`  Their states lie where Atmos keeps them. Since then somebody set the days of one bucket by hand and removed another;
  and one zone was merged, and never applied.`),await Ue(ae(t,"file","bucket-r0-prod.json"),JSON.stringify({name:"bucket-r0-prod",content:{owner:"acme",days:"7"},id:"fil-by-hand",version:2})),await We(ae(t,"file","bucket-r1-prod.json")),await e(["adopt"],0),await e(["status"],0)}};function $({repo:e,env:t,git:a,say:o,look:n}){let i=()=>X({cwd:e,env:t,signal:new AbortController().signal}),s=async r=>{let c=(await V(await i())).find(m=>m.number===r);if(c===void 0)throw new Error(`nobody opened #${r}`);return c},l=(r,c,m)=>o(`  ${n.bold(`#${r}`)} ${m}: ${c}`);return{async open(r,c){let m=await i(),{subject:w}=await m.repo.info(await I(m,c)),h=await m.repo.config("user.name")??"somebody",q=await Y(m,{number:r,branch:c,title:w,author:h});return l(r,w,"is opened"),q},async close(r){let{title:c,branch:m}=await Q(await i(),r);await a("switch","-q","main"),await a("branch","-qD",m),l(r,c,"is closed")},async merge(r){let{title:c,branch:m}=await s(r);await a("switch","-q","main"),await a("merge","-q","--squash",m),await a("commit","-qm",`${c} (#${r})`);let w=await i(),h=await Z(w,r,await I(w,"main"));return await a("branch","-qD",m),l(r,c,"is merged"),h}}}var E=["cluster","-s","plat-ue1-dev"],re=[{name:"collision",title:"Collision: two branches touch one instance",on:"small",async play(e){let{git:t,airlock:a,quietly:o,say:n}=e,i=$(e);await ne(e),n("  #51 merges first. Both change cluster in plat-ue1-dev, so #52 must wait for it:"),await i.merge(51),await a(["gate","newer-clusters"],3),await o(["approve","--all"],0),await a(["apply"],0),n("  The plan of #52 for cluster in plat-ue2-dev is kept; only the other one was made on a state that moved."),await t("switch","-q","newer-clusters"),await t("merge","-q","-m","Merge main","main"),await o(["plan",...E],0),await a(["gate"],0),await t("switch","-q","main")}},{name:"coalesced",title:"Two merges before an apply: one plan that names both",on:"small",async play(e){let{airlock:t,quietly:a,say:o}=e,n=$(e);await ne(e,async()=>{await a(["approve","--all"],0)}),await n.merge(51),o("  Nobody waits for the gate: #52 is merged past it."),await n.merge(52),await a(["plan",...E],0),await t(["show",...E],0),o("  Both were approved, each with its own plan. The plan at the tip is another, so it is asked for once more:"),await t(["apply"],3),await a(["approve",...E],0),await t(["apply"],0)}}];async function ne({git:e,edit:t,quietly:a,...o},n=async()=>{}){let i=$({git:e,edit:t,quietly:a,...o}),s=async(l,r,c,[m,w,h])=>{await e("switch","-qc",r,"main"),await t(m,w,h),await e("commit","-qam",c),await a(["plan"],0),await n(),await i.open(l,r)};await s(51,"larger-cluster","Enlarge a cluster",["stacks/orgs/plat/dev/ue1.yaml","size: 3","size: 5"]),await s(52,"newer-clusters","Take a newer version",["stacks/catalog/cluster.yaml",'"1.31"','"1.32"'])}import{mkdir as Xe,readFile as Ve,rm as ie,writeFile as Ye}from"node:fs/promises";import{join as j}from"node:path";var F="stacks/orgs/plat/dev/ue1.yaml",se={name:"fix-and-revert",title:"An apply fails half-way: neither a fix nor a revert has to wait for it",on:"small",async play(e){let{airlock:t,quietly:a,git:o,edit:n,say:i,cloud:s}=e,l=$(e);await G(e,"jobs:1.0.0","jobs:2.0.0","Run jobs 2.0.0",61),await a(["plan"],0),await a(["approve","--all"],0),await le(s,".fail","worker-ue1","update"),await t(["apply"],1),i("  The queue has the new image, the worker has not. Two branches begin: one goes forward, one goes back."),await o("switch","-qc","forward"),await n(F,"jobs:2.0.0","jobs:2.0.1"),await o("commit","-qam","Run jobs 2.0.1, which start again"),await a(["plan"],0),await l.open(62,"forward"),await o("switch","-q","main"),await o("switch","-qc","back"),await n(F,"jobs:2.0.0","jobs:1.0.0"),await o("commit","-qam","Go back to jobs 1.0.0"),await a(["plan"],0),await l.open(63,"back"),await t(["gate","#62"],0),await t(["gate","#63"],0),await l.merge(63),i("  The tip asks for what the ledger says was applied, and yet nothing is called clean before reality is:"),await t(["status"],3),await ie(j(s,".fail"),{recursive:!0}),await a(["plan"],0),await a(["approve","--all"],0),await t(["apply"],0),i("  And the answer no: what is rejected waits for nobody, and nobody waits for it."),await G(e,"size: 3","size: 30","Make the cluster ten times as large",64),await a(["plan"],0),await t(["reject","cluster","-s","plat-ue1-dev","--reason","ten times the costs"],0),await t(["status"],3)}},ce={name:"killed",title:"Killed half-way (SIGKILL): what was done is found out, what is left is finished",on:"small",async play(e){let{airlock:t,quietly:a,killed:o,say:n,cloud:i}=e;await G(e,"jobs:1.0.0","jobs:2.0.0","Run jobs 2.0.0",65),await a(["plan"],0),await a(["approve","--all"],0),await le(i,".slow","worker-ue1","20000"),await o(["apply"],async()=>(await Ve(j(i,"file","queue-ue1.json"),"utf8")).includes("jobs:2.0.0")),n("  The queue has the new image; whether the worker has, nobody knows. Terraform had no time to save its state."),await t(["status"],3),await t(["apply"],3),n("  The lease protects whoever may still be at work. A person who knows that nobody is frees it:"),await t(["unlock","jobs","-s","plat-ue1-dev","--reason","the machine was switched off"],0),await ie(j(i,".slow"),{recursive:!0}),await t(["apply"],0),await t(["status"],0)}};async function G(e,t,a,o,n){await e.edit(F,t,a),await e.git("commit","-qam",`${o} (#${n})`)}async function le(e,t,a,o){await Xe(j(e,t),{recursive:!0}),await Ye(j(e,t,a),o)}var R="stacks/orgs/plat/dev",me=[{name:"removed",title:"Removed by name: destroyed, in reverse order. Vanished: nothing happens",on:"small",async play(e){await Qe(e),await Ze(e),await et(e),await tt(e)}}];async function Qe({say:e,git:t,edit:a,airlock:o}){e("  A slip in atmos.yaml, and a whole stack is gone from sight. Nobody removed anything by name:"),await a("atmos.yaml","orgs/**/*","orgs/**/ue2*"),await t("commit","-qam","Tidy up"),await o(["status"],3),await t("reset","-q","--hard","HEAD~1")}async function Ze({say:e,git:t,edit:a,airlock:o,quietly:n}){e(`  A whole stack is removed: its manifest is deleted. Its plans come with the branch. More than one removal at once
  needs its number here:`),await a("atmos.yaml","stacks:",`integrations: { airlock: { destroy: { max: 1 } } }

stacks:`),await t("commit","-qam","Ask for the number of removals"),await t("switch","-qc","retire"),await t("rm","-q",`${R}/ue2.yaml`),await t("commit","-qam","Retire dev in ue2"),await o(["plan"],0),await o(["approve","--all"],3),await o(["approve","--all","--destroy","3"],0),await t("switch","-q","main"),await t("merge","-q","--squash","retire"),await t("commit","-qm","Retire dev in ue2 (#51)"),await o(["apply"],0),e("  A network is removed, and the cluster still reads it:"),await a(`${R}/ue1.yaml`,`    vpc:
      vars:
        address_range: 10.16.0.0/12
        region_number: 1
`,""),await t("commit","-qam","Remove the network"),await o(["status"],3),await t("reset","-q","--hard","HEAD~1"),await n(["status"],0)}async function et({say:e,git:t,edit:a,airlock:o}){e("  The component jobs is called queue from now on, with the state that it has:"),await a(`${R}/ue1.yaml`,`    jobs:
`,`    queue:
      metadata:
        component: jobs
        terraform_workspace: plat-ue1-dev
`),await t("commit","-qam","Call it what it is"),await o(["affected","--base","HEAD~1"],0),await o(["apply"],0)}async function tt({say:e,git:t,edit:a,airlock:o}){e("  A branch changes where the state of the network is. Terraform would make all of it a second time:"),await t("switch","-qc","rekey"),await a(`${R}/ue1.yaml`,`    vpc:
`,`    vpc:
      metadata:
        terraform_workspace: network
`),await t("commit","-qam","Give the network a workspace of its own"),await o(["plan","vpc","-s","plat-ue1-dev"],3)}import{readFile as at,writeFile as pe}from"node:fs/promises";import{join as L}from"node:path";var M="stacks/orgs/plat/dev",ot=`workflows:
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
`,de={name:"whole-stack",title:"A whole stack: one component after another; and a workflow, resumed",on:"small",async play({airlock:e,cloud:t,git:a,repo:o,run:n,say:i}){let s=(r,c)=>pe(L(o,r),c),l=await at(L(o,M,"ue2.yaml"),"utf8");await s(`${M}/ue3.yaml`,l.replaceAll("ue2","ue3").replace("us-east-2","us-east-3").replace("region_number: 2","region_number: 3")),await a("add","-A"),await a("commit","-qm","Open the region ue3 (#51)"),i("  A stack was merged of which nothing is there yet."),await e(["up","-s","plat-ue3-dev","--dry-run"],0),await e(["up","-s","plat-ue3-dev","--approve"],0),i(`  The cluster was planned once the network was applied, with its real values. Now a workflow file of Atmos: its Terraform
  steps go the same way, and a shell step between them fails.`),await s(`${M}/ue2.yaml`,`${l}    jobs:
      vars:
        image: jobs:2.0.0
`),await n("mkdir",["-p","stacks/workflows"],"."),await s("stacks/workflows/jobs.yaml",ot),await a("add","-A"),await a("commit","-qm","Run jobs in ue2, once the old ones are quiet (#52)"),await e(["run","jobs","--dry-run"],0),await e(["run","jobs"],1),i("  Somebody stops the old jobs, and the run goes on from there."),await pe(L(t,"quiet"),""),await e(["run","jobs","jobs","--approve","--from-step","quiet"],0),await e(["status"],0)}};var fe=[...re,se,ce,...me,oe,de];import{readdir as nt,readFile as rt,writeFile as it}from"node:fs/promises";import{join as ue}from"node:path";var we="stacks/mixins/stage",he=[{name:"estate",title:"An estate to begin with: 3 components in 6 stacks",on:"quickstart",async play({quietly:e,say:t,look:a}){let o=JSON.parse(await e(["plan","--json"],0));t(`  Nothing was ever applied, so everything is in flight. ${S(o,"planned")} instances are planned at once: vpc, and
  cluster, which reads an output that the plan of vpc knows already. ${S(o,"deferred")} are ${a.bold("deferred")}: app reads what
  only an applied cluster can tell.`),await e(["approve","--all"],0);let n=JSON.parse(await e(["apply","--json"],3));await e(["approve","--all"],0);let i=JSON.parse(await e(["apply","--json"],0));t(`  Approved; ${S(n,"applied")} applied, each after what it reads. The ${S(n,"waits")} deferred ones were planned on the way;
  approved too; ${S(i,"applied")} applied. 18 of 18, nothing in flight.`)}},{name:"affected",title:"A branch changes one setting. What does it touch, and why?",on:"quickstart",async play({git:e,edit:t,airlock:a}){await e("switch","-qc","wider-dev"),await t(`${we}/dev.yaml`,"address_range: 10.16.0.0/12","address_range: 10.64.0.0/12"),await e("commit","-qam","Move dev to its own address range"),await a(["affected"],0)}},{name:"plan",title:"Plans, sealed and stored; the comment that reviewers read",on:"quickstart",async play({airlock:e,say:t}){await e(["plan"],0),t(`  cluster was planned with the cidr that the plan of vpc already knows. app reads an endpoint that is known only after
  cluster is applied: it is planned with the value of now, and marked provisional. (--markdown prints the source.)`)}},{name:"merge",title:"Squash-merged: in flight until it is applied",on:"quickstart",async play({git:e,airlock:t}){await e("switch","-q","main"),await e("merge","-q","--squash","wider-dev"),await e("commit","-qm","Move dev to its own address range (#41)"),await e("branch","-qD","wider-dev"),await t(["status"],3)}},{name:"apply",title:"Approved, then applied: exactly that, in order, once",on:"quickstart",async play({airlock:e,say:t}){await e(["approve","--all"],0),t(`  The merge made another commit; the plans are found by fingerprint. Each planfile is opened and compared with the tip
  before its exact bytes are applied.`),await e(["apply"],3),t(`  In ue1 the endpoint stayed what it was: the plan of app came out as approved, and went on alone. In ue2 the endpoint is
  another now: a plan that nobody approved, so it waits.`),await e(["approve","app","-s","plat-ue2-dev"],0),await e(["apply"],0),await e(["show","cluster","-s","plat-ue2-dev"],0),await e(["status"],0)}},{name:"tampered",title:"Tampered with: refused, and the refusals explain themselves",on:"quickstart",async play(e){let{git:t,edit:a,airlock:o,quietly:n,say:i,look:s}=e;await a(`${we}/staging.yaml`,"address_range: 10.32.0.0/12","address_range: 10.80.0.0/12"),await t("commit","-qam","Move staging to its own address range (#42)"),await n(["plan"],0),await n(["approve","--all"],0),i(`  ${s.bold("One byte")} of the sealed plan of vpc in plat-ue1-staging is changed on disk:`),await st(e,"vpc@plat-ue1-staging"),await o(["apply","vpc","-s","plat-ue1-staging"],3),i(`  Somebody runs Terraform by hand, so that the ${s.bold("state")} of vpc in plat-ue2-staging moves behind Airlock's back:`),await ct(e,"plat-ue2-staging"),await o(["apply","vpc","-s","plat-ue2-staging"],3),await o(["status"],3)}}];function S({items:e},t){return e.filter(a=>a.kind===t).length}async function st({repo:e,quietly:t},a){let n=JSON.parse(await t(["status","--json"],3)).items.find(r=>r.id===a)?.plan?.blob;if(n===void 0)throw new Error(`no sealed plan of ${a}`);let i=ue(e,".git","airlock",n),s=await rt(i),l=Math.floor(s.length/2);s[l]=s[l]^1,await it(i,s)}async function ct({run:e,repo:t},a){let o="components/terraform/vpc";await e("terraform",["init","-input=false"],o),await e("terraform",["workspace","select",a],o);let n=ue(t,o,"terraform.tfstate.d",a);if(!(await nt(n)).includes("terraform.tfstate"))throw new Error(`no state in ${n}`);await e("terraform",["taint","folder_network.this"],o)}var k=[...he,...fe];import{writeFile as be}from"node:fs/promises";import{join as $e}from"node:path";import{cp as A,mkdir as lt,readFile as mt,writeFile as pt}from"node:fs/promises";import{dirname as ye,join as y}from"node:path";import{fileURLToPath as dt}from"node:url";async function ge(e,t){let a=await ht();if(e==="quickstart")return A(a,t,{recursive:!0});if(await A(y(a,"atmos.yaml"),y(t,"atmos.yaml")),await A(y(a,".gitignore"),y(t,".gitignore")),e==="small")for(let o of["vpc","cluster"])await A(y(a,"components/terraform",o),y(t,"components/terraform",o),{recursive:!0});for(let[o,n]of Object.entries(e==="small"?wt():ut()))await lt(ye(y(t,o)),{recursive:!0}),await pt(y(t,o),n)}var ve={labels:{retention:30},zone:{ttl:300},bucket:{days:90}},N=["dev","staging","prod"].flatMap(e=>Array.from({length:10},(t,a)=>{let o=`r${a}`;return["labels",...a<9&&!(a===8&&e==="dev")?["zone"]:[],...ft(a,e)].map(i=>({component:i,stack:`acme-${o}-${e}`,vars:{tenant:"acme",environment:o,stage:e,...ve[i]}}))}).flat());function ft(e,t){return e===0||e===1&&t==="prod"?["bucket"]:[]}function ke({component:e,stack:t}){return e==="zone"&&t==="acme-r7-prod"}var D=`terraform {
  required_providers {
    folder = {
      source  = "airlock.dev/demo/folder"
      version = "1.0.0"
    }
  }
}
`;function wt(){let e=(o,n,i)=>`import:
  - catalog/defaults
  - catalog/cluster

vars:
  tenant: plat
  stage: dev
  environment: ${o}
  region: us-east-${n}

components:
  terraform:
    vpc:
      vars:
        address_range: 10.16.0.0/12
        region_number: ${n}
    cluster:
      metadata:
        inherits:
          - cluster/defaults
      vars:
        size: 3
${i}`;return{"stacks/catalog/defaults.yaml":`terraform:
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
`),"stacks/orgs/plat/dev/ue2.yaml":e("ue2",2,`    report:
      vars:
        notice: notice
`),"components/terraform/report/main.tf":`${D}
${P("notice","string")}
variable "region" {
  type = string
}

data "folder_lookup" "notice" {
  kind = "file"
  name = var.notice
}

output "notice" {
  value = data.folder_lookup.notice.json
}
`,"components/terraform/jobs/main.tf":`${D}
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
`}}function ut(){let e=new Map;for(let t of N)e.set(t.stack,[...e.get(t.stack)??[],t]);return{"stacks/catalog/defaults.yaml":`terraform:
  backend_type: local
  backend:
    local: {}
`,...Object.fromEntries(Object.entries(ve).map(([t,a])=>[`stacks/catalog/${t}.yaml`,`components:
  terraform:
    ${t}/defaults:
      metadata:
        type: abstract
      vars:
${Object.entries(a).map(([o,n])=>`        ${o}: ${n}
`).join("")}`])),...Object.fromEntries([...e].map(([t,a])=>{let[o,n,i]=t.split("-"),s=`vars:
  tenant: ${o}
  environment: ${n}
  stage: ${i}
`,l=["defaults",...a.map(({component:c})=>c)],r=a.map(({component:c})=>`    ${c}:
      metadata:
        component: ${c}
        inherits:
          - ${c}/defaults
`);return[`stacks/orgs/${o}/${i}/${n}.yaml`,`import:
${l.map(c=>`  - catalog/${c}
`).join("")}
${s}
components:
  terraform:
${r.join("")}`]})),"components/terraform/bucket/main.tf":`${D}
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
`}}function P(e,t){return["tenant","environment","stage"].map(a=>`variable "${a}" {
  type = string
}

`).concat(`variable "${e}" {
  type = ${t}
}
`).join("")}async function ht(){let e=ye(dt(import.meta.url));for(let t of["..","../../..","../.."]){let a=y(e,t,"examples","quickstart");if(await mt(y(a,"atmos.yaml")).catch(()=>{}))return a}throw new Error(`examples/quickstart is not in this installation (looked from ${e})`)}async function qe({repo:e,run:t}){let a=JSON.stringify({terraform:{backend:{local:{}}}});for(let s of new Set(N.map(l=>l.component))){let l=`components/terraform/${s}`;await be($e(e,l,"backend.tf.json"),a),await t("terraform",["init","-input=false"],l)}let o=N.filter(s=>!ke(s)),n=async()=>{for(let s=o.shift();s!==void 0;s=o.shift())await i(s)},i=async({component:s,stack:l,vars:r})=>{let c=`components/terraform/${s}`,m=`${l}-${s}.terraform.tfvars.json`;await be($e(e,c,m),JSON.stringify(r)),await t("terraform",["apply","-auto-approve","-input=false",`-var-file=${m}`],c,{TF_WORKSPACE:l})};await Promise.all([n(),n(),n()])}import{execFile as Le}from"node:child_process";import{cp as Rt,mkdir as At,mkdtemp as Nt,readFile as It,rm as Ce,writeFile as Fe}from"node:fs/promises";import{tmpdir as Ct}from"node:os";import{join as f}from"node:path";import{promisify as Me}from"node:util";import{spawn as yt}from"node:child_process";import{once as xe}from"node:events";import{existsSync as _e}from"node:fs";import{chmod as gt,copyFile as vt,mkdir as je,writeFile as Se}from"node:fs/promises";import{delimiter as Pe,dirname as H,join as g}from"node:path";import{fileURLToPath as kt}from"node:url";var J="airlock.dev/demo/folder",Te="1.0.0",K=`terraform-provider-folder_v${Te}`;function bt(e,t){return`${e==="win32"?"windows":e}_${t==="x64"?"amd64":t==="ia32"?"386":t}`}function $t(e){return`provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(e)}
    include = ["${J}"]
  }
  direct {
    exclude = ["${J}"]
  }
}
`}async function qt(e){let t=H(kt(import.meta.url)),a=[t,H(t)].map(i=>g(i,"terraform-provider-folder.cjs")).find(_e);if(a!==void 0)return vt(a,e);let o="./bundle.ts",{bundleProvider:n}=await import(o);await n(e)}async function Oe(e,t,a){let o=g(e,"mirror"),n=Ee(e);await je(n,{recursive:!0}),await je(t,{recursive:!0}),await qt(g(n,K)),await gt(g(n,K),493),await Se(g(n,"package.json"),`{ "type": "commonjs" }
`);let i=g(e,"terraform.rc");await Se(i,$t(o));let s=a.PATH??"",l=s.split(Pe).some(r=>r!==""&&_e(g(r,"node")));return{TF_CLI_CONFIG_FILE:i,CHECKPOINT_DISABLE:"1",TF_IN_AUTOMATION:"1",FOLDER_CLOUD:t,...l?{}:{PATH:[H(process.execPath),s].filter(r=>r!=="").join(Pe)}}}function Ee(e){let t=bt(process.platform,process.arch);return g(e,"mirror",J,Te,t)}async function Re(e){let t=g(e,"host"),a=yt(process.execPath,[g(Ee(e),K),"host",t],{stdio:["pipe","pipe","ignore"],env:{...process.env,NODE_OPTIONS:void 0,NODE_EXTRA_CA_CERTS:void 0}}),o=xe(a,"close"),n=await Promise.race([xe(a.stdout,"data").then(()=>!0),o.then(()=>!1)]);return a.stdout.destroy(),a.stdin.unref(),a.unref(),{env:n?{FOLDER_HOST:t}:{},async close(){a.ref(),a.stdin.end(),await o}}}import{execFile as xt,spawn as jt}from"node:child_process";import{existsSync as St}from"node:fs";import{dirname as Ae,join as Ne}from"node:path";import{setTimeout as Pt}from"node:timers/promises";import{fileURLToPath as _t}from"node:url";import{promisify as Tt}from"node:util";async function Ie(e,{cwd:t,env:a},o){let n=jt(process.execPath,[...Et(),...e],{cwd:t,env:a,detached:!0,stdio:["ignore","pipe","pipe"]}),i="";for(let r of[n.stdout,n.stderr])r.on("data",c=>i+=c.toString());let s=new Promise(r=>n.once("exit",()=>r())),l=Date.now()+12e4;for(;!await o();){if(n.exitCode!==null)throw new Error(`airlock ${e.join(" ")} ended before it could be killed:
${i}`);if(Date.now()>l)throw new Error(`airlock ${e.join(" ")} did not come as far as it was to be killed`);await Pt(10)}for(let r of await Ot(n.pid))try{process.kill(r,"SIGKILL")}catch(c){if(c.code!=="ESRCH")throw c}await s}async function Ot(e){let{stdout:t}=await Tt(xt)("ps",["-A","-o","pid=,ppid="]),a=t.trim().split(`
`).map(n=>n.trim().split(/\s+/).map(Number)),o=[e];for(let n of o)o.push(...a.flatMap(([i,s])=>s===n?[i]:[]));return o}function Et(){let e=Ae(_t(import.meta.url)),t=[e,Ae(e)].map(a=>Ne(a,"start.cjs")).find(St);return t===void 0?["--import",import.meta.resolve("tsx"),Ne(e,"../../cli/main.ts")]:[t]}async function De(e,t){let a=await Nt(f(Ct(),"airlock-demo-")),[o,n]=[f(a,"infra"),f(a,"cloud")],i=O(e.color),s=await Oe(f(a,"terraform"),n,e.env),l=await Re(f(a,"terraform")),r={...Ft(e.env),...s,...l.env,XDG_CONFIG_HOME:f(a,"config"),AIRLOCK_WORK:f(a,"work"),GIT_CONFIG_GLOBAL:f(a,"gitconfig"),GIT_CONFIG_NOSYSTEM:"1"};await Fe(r.GIT_CONFIG_GLOBAL,`[user]
	name = Ann Example
	email = ann@example.test
[init]
	defaultBranch = main
`),await ge(t,o),await At(r.AIRLOCK_WORK,{recursive:!0});let c=Me(Le),m=async(p,d,u,v={})=>(await c(p,d,{cwd:u,env:{...r,...v},maxBuffer:1<<26})).stdout,w=(...p)=>m("git",p,o),h=async(p,d)=>{let u="",v=b=>{u+=b.endsWith(`
`)?b:`${b}
`},_={...e,cwd:o,env:r,print:v,note:v,progress:e.progress==="live"?"live":"none",width:Math.max(60,e.width-4)},x=await ee(p,te,({json:b})=>({..._,...b&&{note:()=>{}}}));if(x===d)return u;throw new Error(`airlock ${p.join(" ")} ended with ${x}; the story expects ${d}:
${u}`)},q=await Lt(e.env,a);return await w("init","-q"),await w("add","-A"),await w("commit","-qm","Describe the estate"),{folder:a,repo:o,cloud:n,env:r,look:i,tool:q.name,say:p=>e.print(`
${p}`),async airlock(p,d){e.print(`
  ${i.bold(`$ airlock ${p.map(B).join(" ")}`)}`);let u=await h(p,d);return e.print(Gt(u)),d!==0&&!u.includes(`(exit ${d}`)&&e.print(i.dim(`    exit ${d}`)),u},quietly:h,async killed(p,d){e.print(`
  ${i.bold(`$ airlock ${p.map(B).join(" ")}`)}`),await Ie(p,{cwd:o,env:r},d),e.print(i.dim("    killed (SIGKILL)"))},keep:()=>Ge(a,z,f(a,"kept")),async restore(){for(let p of z)await Ce(f(a,p),{recursive:!0,force:!0});await Ge(f(a,"kept"),z,a)},git:w,run:(p,d,u,v)=>m(p,d,f(o,u),v),async edit(p,d,u){let v=f(o,p),_=await It(v,"utf8");if(!_.includes(d))throw new Error(`${p} does not hold ${d}`);await Fe(v,_.replace(d,u));let x=(W,Ke,ze)=>W===""?[]:W.trimEnd().split(`
`).map(Be=>`    ${ze(`${Ke} ${Be}`)}`),b=[...x(d,"-",i.red),...x(u,"+",i.green)];e.print([`
  ${i.dim(p)}`,...b].join(`
`))},tryNext:()=>Mt(a,o,{...s,XDG_CONFIG_HOME:r.XDG_CONFIG_HOME,AIRLOCK_WORK:r.AIRLOCK_WORK,GIT_CONFIG_GLOBAL:r.GIT_CONFIG_GLOBAL}),async close(){await l.close(),await Ce(a,{recursive:!0,force:!0})}}}var z=["infra","cloud","work","config"];async function Ge(e,t,a){for(let o of t)await Rt(f(e,o),f(a,o),{recursive:!0,force:!0,verbatimSymlinks:!0}).catch(n=>{if(n.code!=="ENOENT")throw n})}function Ft(e){return Object.fromEntries(Object.entries(e).filter(([t])=>!t.startsWith("GIT_")))}function B(e){return/^[\w@./:=-]+$/.test(e)?e:`'${e}'`}function Gt(e){return e.trimEnd().split(`
`).map(t=>t===""?"":`    ${t}`).join(`
`)}async function Lt(e,t){for(let a of["terraform","tofu"]){let o=await Me(Le)(a,["version"],{cwd:t,env:e}).catch(()=>{}),[,n,i]=/^(Terraform|OpenTofu) v(\S+)/m.exec(o?.stdout??"")??[];if(n)return{name:`${n} ${i}`,command:a}}throw new T({code:"terraform-missing",message:"neither terraform nor tofu is on the PATH, and the demo runs real plans",fix:"install one of them: https://opentofu.org/docs/intro/install or https://developer.hashicorp.com/terraform/install",exit:2})}function Mt(e,t,a){let o=Object.entries(a).map(([n,i])=>`  export ${n}=${B(i)}`);return["","The folder is kept. To go on by hand:",`  cd ${t}`,...o,"  airlock status                 what is still in flight","  airlock plan                   plan it again, then approve and apply","  airlock explain vpc -s plat-ue2-prod vars",`Change a mixin, or a file in ${f(e,"cloud")}, and look. Remove the folder when you are done.`].join(`
`)}function He(e){let t=k.find(o=>o.name===e);if(t)return t;let a=U(e,k.map(o=>o.name));throw new T({code:"scene-unknown",message:`the demo has no scene ${e}`,fix:a?`did you mean ${a}?`:`scenes: ${k.map(o=>o.name).join(", ")}`,exit:2})}function Je(e){let t=!1,a={...e,print:r=>t?void 0:e.print(r)},o=new Map,n=new Set,i,s=async r=>{t=!0;try{await r()}finally{t=!1}},l=async r=>{let c=o.get(r);if(c)return r!=="quickstart"&&await c.restore(),c;let m=await De(a,r);o.set(r,m);let{look:w,repo:h,tool:q}=m;return a.print(w.dim(`  ${Dt[r]}; real ${q}; the repository is ${h}`)),r==="small"&&await s(()=>Ht(m)),r==="plain"&&await qe(m),r!=="quickstart"&&await m.keep(),m};return{async play(r){let c=await l(r.on);if(i=c,r.on==="quickstart")for(let m of k){if(m===r)break;m.on===r.on&&!n.has(m.name)&&(n.add(m.name),await s(()=>m.play(c)))}n.add(r.name),await r.play(c)},tryNext:()=>i?.tryNext()??"",async close(){for(let r of o.values())await r.close()}}}var Dt={quickstart:"An estate of 18 instances, nothing applied yet",small:"An estate of 6 instances, all applied: each of the next scenes begins with it",plain:"An estate of 60 instances, applied by plain Terraform"};async function Ht({quietly:e}){await e(["plan"],0),await e(["approve","--all"],0),await e(["apply"],0)}var mo={name:"demo",summary:"See a change go from a branch to applied, with real Git and Terraform",usage:"airlock demo [--scene NAME] [--step] [--keep]",description:`Makes a Git repository in a temporary folder, with a cloud that is a folder too, and plays the main job on it with the
commands that you would run. Every plan and every refusal is made while you watch. Needs Git, and Terraform or OpenTofu;
no account, no network.`,examples:[{command:"airlock demo",does:"the whole story, in under two minutes"},{command:"airlock demo --scene killed",does:"one scene, with what it needs"},{command:"airlock demo --step",does:"wait for Enter between the scenes"},{command:"airlock demo --keep",does:"keep the folder to try things yourself"}],flags:[{name:"scene",type:"string",value:"NAME",help:`Play one scene: ${k.map(({name:e})=>e).join(", ")}`},{name:"step",type:"boolean",help:"Wait for Enter between the scenes"},{name:"keep",type:"boolean",help:"Keep the folder, and say what to try in it"}],positional:[],async run({flags:e},t){let a=performance.now(),o=O(t.color),{scene:n}=e,i=n===void 0?k:[He(n)],s=Je(t);t.print(`${o.bold("Airlock: from a change to an applied, recorded plan, and what goes wrong on the way")}
Real Git repositories, real Terraform, a cloud that is a folder; all of it in temporary folders.`);try{for(let[l,r]of i.entries()){t.print(`
${o.bold(`${k.indexOf(r)}  ${r.title}`)} ${o.dim(`(${r.name})`)}`);let c=performance.now();await s.play(r),t.print(o.dim(`  ${C(performance.now()-c)}`)),e.step&&l<i.length-1&&await t.ask("  Enter for the next scene")}t.print(`
${o.bold("That is the story.")} ${C(performance.now()-a)} in all.`),e.keep&&t.print(s.tryNext())}finally{e.keep||await s.close()}return 0}};export{mo as command};
