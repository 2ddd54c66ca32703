import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as Y,b as Q,c as Z}from"./chunk-KMAV4ZF2.js";import{a as ee,b as te}from"./chunk-NO6BCXVX.js";import"./chunk-VJ63X3CA.js";import{g as V}from"./chunk-3JCS35PF.js";import"./chunk-MVRHJU7I.js";import"./chunk-3U6ZG2KV.js";import"./chunk-7ELPZ6LQ.js";import"./chunk-W6LDNQ4G.js";import"./chunk-AIJ343VO.js";import"./chunk-FHINJHT7.js";import"./chunk-JMP2LFPC.js";import"./chunk-6IHZUADG.js";import"./chunk-2ZPLBVEE.js";import"./chunk-PSZ4LGDB.js";import"./chunk-YCDGKI5G.js";import"./chunk-QD4T67NF.js";import"./chunk-5A43DJQ3.js";import"./chunk-YX75ZRIG.js";import"./chunk-ZG5GPUXS.js";import"./chunk-SJPTOLBY.js";import{c as C}from"./chunk-DJ5GSM7H.js";import"./chunk-FVCHWLT5.js";import{h as I}from"./chunk-5IFPR3ZJ.js";import"./chunk-VTNFWIH4.js";import"./chunk-I2B2NOJE.js";import{T as X}from"./chunk-MGEQGF2U.js";import{a as T}from"./chunk-EJNUVDAK.js";import"./chunk-Q3R43ULQ.js";import{a as U}from"./chunk-ZMGS4JRB.js";import{b as _}from"./chunk-MW5POIHZ.js";import{rm as et,writeFile as tt}from"node:fs/promises";import{join as ae}from"node:path";var oe={name:"adoption",title:"Adoption: sixty instances that plain Terraform applied",on:"plain",async play({airlock:e,cloud:t,say:a}){a(`  Their states lie where Atmos keeps them. Since then somebody set the days of one bucket by hand and removed another;
  and one zone was merged, and never applied.`),await tt(ae(t,"file","bucket-r0-prod.json"),JSON.stringify({name:"bucket-r0-prod",content:{owner:"acme",days:"7"},id:"fil-by-hand",version:2})),await et(ae(t,"file","bucket-r1-prod.json")),await e(["adopt"],0),await e(["status"],0)}};function j({repo:e,env:t,git:a,say:o,look:n}){let i=()=>X({cwd:e,env:t,signal:new AbortController().signal}),s=async r=>{let c=(await V(await i())).find(m=>m.number===r);if(c===void 0)throw new Error(`nobody opened #${r}`);return c},l=(r,c,m)=>o(`  ${n.bold(`#${r}`)} ${m}: ${c}`);return{async open(r,c){let m=await i(),{subject:w}=await m.repo.info(await I(m,c)),h=await m.repo.config("user.name")??"somebody",x=await Y(m,{number:r,branch:c,title:w,author:h});return l(r,w,"is opened"),x},async close(r){let{title:c,branch:m}=await Q(await i(),r);await a("switch","-q","main"),await a("branch","-qD",m),l(r,c,"is closed")},async merge(r){let{title:c,branch:m}=await s(r);await a("switch","-q","main"),await a("merge","-q","--squash",m),await a("commit","-qm",`${c} (#${r})`);let w=await i(),h=await Z(w,r,await I(w,"main"));return await a("branch","-qD",m),l(r,c,"is merged"),h}}}var R=["cluster","-s","plat-ue1-dev"],re=[{name:"collision",title:"Collision: two branches touch one instance",on:"small",async play(e){let{git:t,airlock:a,quietly:o,say:n}=e,i=j(e);await ne(e),n("  #51 merges first. Both change cluster in plat-ue1-dev, so #52 must wait for it:"),await i.merge(51),await a(["gate","newer-clusters"],3),await o(["approve","--all"],0),await a(["apply"],0),n("  The plan of #52 for cluster in plat-ue2-dev is kept; only the other one was made on a state that moved."),await t("switch","-q","newer-clusters"),await t("merge","-q","-m","Merge main","main"),await o(["plan",...R],0),await a(["gate"],0),await t("switch","-q","main")}},{name:"coalesced",title:"Two merges before an apply: one plan that names both",on:"small",async play(e){let{airlock:t,quietly:a,say:o}=e,n=j(e);await ne(e,async()=>{await a(["approve","--all"],0)}),await n.merge(51),o("  Nobody waits for the gate: #52 is merged past it."),await n.merge(52),await a(["plan",...R],0),await t(["show",...R],0),o("  Both were approved, each with its own plan. The plan at the tip is another, so it is asked for once more:"),await t(["apply"],3),await a(["approve",...R],0),await t(["apply"],0)}}];async function ne({git:e,edit:t,quietly:a,...o},n=async()=>{}){let i=j({git:e,edit:t,quietly:a,...o}),s=async(l,r,c,[m,w,h])=>{await e("switch","-qc",r,"main"),await t(m,w,h),await e("commit","-qam",c),await a(["plan"],0),await n(),await i.open(l,r)};await s(51,"larger-cluster","Enlarge a cluster",["stacks/orgs/plat/dev/ue1.yaml","size: 3","size: 5"]),await s(52,"newer-clusters","Take a newer version",["stacks/catalog/cluster.yaml",'"1.31"','"1.32"'])}import{readFile as ie,writeFile as at}from"node:fs/promises";import{join as se}from"node:path";var ot="stacks/orgs/plat/dev/ue1.yaml",ce={name:"dashboard",title:"A dashboard: one page of all the records, without a server",on:"small",async play({airlock:e,quietly:t,cloud:a,edit:o,git:n,folder:i,say:s,look:l}){await o(ot,"size: 3","size: 4"),await n("commit","-qam","Add a node in ue1 (#72)"),await t(["plan"],0);let r=se(a,"network","plat-ue2-dev.json"),c=JSON.parse(await ie(r,"utf8"));await at(r,JSON.stringify({...c,cidr:"10.99.0.0/16"})),await t(["drift","vpc","-s","plat-ue2-dev"],3);let m=se(i,"dashboard.html");if(await e(["dashboard","--out",m],0),((await ie(m,"utf8")).match(/waits for approval|was changed outside/g)??[]).length<2)throw new Error(`${m} does not tell what needs a person`);s(`  ${l.bold(m)} opens from disk; it asks the network for nothing. (--keep keeps it.)`)}};import{readFile as nt,writeFile as le}from"node:fs/promises";import{join as me}from"node:path";var pe={name:"drift",title:"Drift: changed outside, other data, not applied yet, or noise",on:"small",async play({airlock:e,cloud:t,edit:a,git:o,say:n}){let i=async(s,l)=>{let r=me(t,s);await le(r,JSON.stringify({...JSON.parse(await nt(r,"utf8")),...l}))};n(`  By hand, in the cloud: the network of ue2 gets another range, somebody leaves a notice that a data source reads, and a
  counter of a cluster moves. And a change is merged, and not applied.`),await i("network/plat-ue2-dev.json",{cidr:"10.99.0.0/16"}),await i("cluster/plat-ue2-dev.json",{revision:7}),await le(me(t,"file","notice.json"),JSON.stringify({name:"notice",content:{text:"moving"}})),await a("stacks/orgs/plat/dev/ue1.yaml","size: 3","size: 4"),await o("commit","-qam","Add a node in ue1 (#71)"),await e(["drift"],3),await e(["drift","vpc","-s","plat-ue2-dev","--issues"],3),await e(["drift","vpc","-s","plat-ue2-dev","--webhook"],3),n("  It is put back as everything is applied: planned, sealed, approved."),await e(["drift","vpc","-s","plat-ue2-dev","--remediate"],3),await e(["approve","vpc","-s","plat-ue2-dev"],0),await e(["drift","vpc","-s","plat-ue2-dev","--remediate"],0)}};import{mkdir as rt,readdir as it,readFile as de,rm as fe,writeFile as st}from"node:fs/promises";import{join as $}from"node:path";var F="stacks/orgs/plat/dev/ue1.yaml",we={name:"fix-and-revert",title:"An apply fails half-way: neither a fix nor a revert has to wait for it",on:"small",async play(e){let{airlock:t,quietly:a,git:o,edit:n,say:i,cloud:s}=e,l=j(e);await G(e,"jobs:1.0.0","jobs:2.0.0","Run jobs 2.0.0",61),await a(["plan"],0),await a(["approve","--all"],0),await he(s,".fail","worker-ue1","update"),await t(["apply"],1),i("  The queue has the new image, the worker has not. Two branches begin: one goes forward, one goes back."),await o("switch","-qc","forward"),await n(F,"jobs:2.0.0","jobs:2.0.1"),await o("commit","-qam","Run jobs 2.0.1, which start again"),await a(["plan"],0),await l.open(62,"forward"),await o("switch","-q","main"),await o("switch","-qc","back"),await n(F,"jobs:2.0.0","jobs:1.0.0"),await o("commit","-qam","Go back to jobs 1.0.0"),await a(["plan"],0),await l.open(63,"back"),await t(["gate","#62"],0),await t(["gate","#63"],0),await l.merge(63),i("  The tip asks for what the ledger says was applied, and yet nothing is called clean before reality is:"),await t(["status"],3),await fe($(s,".fail"),{recursive:!0}),await a(["plan"],0),await a(["approve","--all"],0),await t(["apply"],0),i("  And the answer no: what is rejected waits for nobody, and nobody waits for it."),await G(e,"size: 3","size: 30","Make the cluster ten times as large",64),await a(["plan"],0),await t(["reject","cluster","-s","plat-ue1-dev","--reason","ten times the costs"],0),await t(["status"],3)}},ue={name:"killed",title:"Killed half-way (SIGKILL): what was done is found out, what is left is finished",on:"small",async play(e){let{airlock:t,quietly:a,killed:o,say:n,cloud:i,repo:s}=e;await G(e,"jobs:1.0.0","jobs:2.0.0","Run jobs 2.0.0",65),await a(["plan"],0),await a(["approve","--all"],0),await he(i,".slow","worker-ue1","20000"),await o(["apply"],async()=>(await de($(i,"file","queue-ue1.json"),"utf8")).includes("jobs:2.0.0")&&await ct(s)),n("  The queue has the new image; whether the worker has, nobody knows. Terraform had no time to save its state."),await t(["status"],3),await t(["apply"],3),n("  The lease protects whoever may still be at work. A person who knows that nobody is frees it:"),await t(["unlock","jobs","-s","plat-ue1-dev","--reason","the machine was switched off"],0),await fe($(i,".slow"),{recursive:!0}),await t(["apply"],0),await t(["status"],0)}};async function G(e,t,a,o,n){await e.edit(F,t,a),await e.git("commit","-qam",`${o} (#${n})`)}async function ct(e){let t=$(e,".git","airlock","documents");return(await Promise.all((await it(t)).map(o=>de($(t,o),"utf8")))).some(o=>o.includes('"lock": "'))}async function he(e,t,a,o){await rt($(e,t),{recursive:!0}),await st($(e,t,a),o)}var E="stacks/orgs/plat/dev",ye=[{name:"removed",title:"Removed by name: destroyed, in reverse order. Vanished: nothing happens",on:"small",async play(e){await lt(e),await mt(e),await pt(e),await dt(e)}}];async function lt({say:e,git:t,edit:a,airlock:o}){e("  A slip in atmos.yaml, and a whole stack is gone from sight. Nobody removed anything by name:"),await a("atmos.yaml","orgs/**/*","orgs/**/ue2*"),await t("commit","-qam","Tidy up"),await o(["status"],3),await t("reset","-q","--hard","HEAD~1")}async function mt({say:e,git:t,edit:a,airlock:o,quietly:n}){e(`  A whole stack is removed: its manifest is deleted. Its plans come with the branch. More than one removal at once
  needs its number here:`),await a("atmos.yaml","stacks:",`integrations: { airlock: { destroy: { max: 1 } } }

stacks:`),await t("commit","-qam","Ask for the number of removals"),await t("switch","-qc","retire"),await t("rm","-q",`${E}/ue2.yaml`),await t("commit","-qam","Retire dev in ue2"),await o(["plan"],0),await o(["approve","--all"],3),await o(["approve","--all","--destroy","3"],0),await t("switch","-q","main"),await t("merge","-q","--squash","retire"),await t("commit","-qm","Retire dev in ue2 (#51)"),await o(["apply"],0),e("  A network is removed, and the cluster still reads it:"),await a(`${E}/ue1.yaml`,`    vpc:
      vars:
        address_range: 10.16.0.0/12
        region_number: 1
`,""),await t("commit","-qam","Remove the network"),await o(["status"],3),await t("reset","-q","--hard","HEAD~1"),await n(["status"],0)}async function pt({say:e,git:t,edit:a,airlock:o}){e("  The component jobs is called queue from now on, with the state that it has:"),await a(`${E}/ue1.yaml`,`    jobs:
`,`    queue:
      metadata:
        component: jobs
        terraform_workspace: plat-ue1-dev
`),await t("commit","-qam","Call it what it is"),await o(["affected","--base","HEAD~1"],0),await o(["apply"],0)}async function dt({say:e,git:t,edit:a,airlock:o}){e("  A branch changes where the state of the network is. Terraform would make all of it a second time:"),await t("switch","-qc","rekey"),await a(`${E}/ue1.yaml`,`    vpc:
`,`    vpc:
      metadata:
        terraform_workspace: network
`),await t("commit","-qam","Give the network a workspace of its own"),await o(["plan","vpc","-s","plat-ue1-dev"],3)}import{readFile as ft,writeFile as ge}from"node:fs/promises";import{join as L}from"node:path";var M="stacks/orgs/plat/dev",wt=`workflows:
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
`,ve={name:"whole-stack",title:"A whole stack: one component after another; and a workflow, resumed",on:"small",async play({airlock:e,cloud:t,git:a,repo:o,run:n,say:i}){let s=(r,c)=>ge(L(o,r),c),l=await ft(L(o,M,"ue2.yaml"),"utf8");await s(`${M}/ue3.yaml`,l.replaceAll("ue2","ue3").replace("us-east-2","us-east-3").replace("region_number: 2","region_number: 3")),await a("add","-A"),await a("commit","-qm","Open the region ue3 (#51)"),i("  A stack was merged of which nothing is there yet."),await e(["up","-s","plat-ue3-dev","--dry-run"],0),await e(["up","-s","plat-ue3-dev","--approve"],0),i(`  The cluster was planned once the network was applied, with its real values. Now a workflow file of Atmos: its Terraform
  steps go the same way, and a shell step between them fails.`),await s(`${M}/ue2.yaml`,`${l}    jobs:
      vars:
        image: jobs:2.0.0
`),await n("mkdir",["-p","stacks/workflows"],"."),await s("stacks/workflows/jobs.yaml",wt),await a("add","-A"),await a("commit","-qm","Run jobs in ue2, once the old ones are quiet (#52)"),await e(["run","jobs","--dry-run"],0),await e(["run","jobs"],1),i("  Somebody stops the old jobs, and the run goes on from there."),await ge(L(t,"quiet"),""),await e(["run","jobs","jobs","--approve","--from-step","quiet"],0),await e(["status"],0)}};var ke=[...re,we,ue,...ye,oe,pe,ce,ve];import{readdir as ut,readFile as ht,writeFile as yt}from"node:fs/promises";import{join as $e}from"node:path";var be="stacks/mixins/stage",je=[{name:"estate",title:"An estate to begin with: 3 components in 6 stacks",on:"quickstart",async play({quietly:e,say:t,look:a}){let o=JSON.parse(await e(["plan","--json"],0));t(`  Nothing was ever applied, so everything is in flight. ${q(o,"planned")} instances are planned at once: vpc, and
  cluster, which reads an output that the plan of vpc knows already. ${q(o,"deferred")} are ${a.bold("deferred")}: app reads what
  only an applied cluster can tell.`),await e(["approve","--all"],0);let n=JSON.parse(await e(["apply","--json"],3));await e(["approve","--all"],0);let i=JSON.parse(await e(["apply","--json"],0));t(`  Approved; ${q(n,"applied")} applied, each after what it reads. The ${q(n,"waits")} deferred ones were planned on the way;
  approved too; ${q(i,"applied")} applied. 18 of 18, nothing in flight.`)}},{name:"affected",title:"A branch changes one setting. What does it touch, and why?",on:"quickstart",async play({git:e,edit:t,airlock:a}){await e("switch","-qc","wider-dev"),await t(`${be}/dev.yaml`,"address_range: 10.16.0.0/12","address_range: 10.64.0.0/12"),await e("commit","-qam","Move dev to its own address range"),await a(["affected"],0)}},{name:"plan",title:"Plans, sealed and stored; the comment that reviewers read",on:"quickstart",async play({airlock:e,say:t}){await e(["plan"],0),t(`  cluster was planned with the cidr that the plan of vpc already knows. app reads an endpoint that is known only after
  cluster is applied: it is planned with the value of now, and marked provisional. (--markdown prints the source.)`)}},{name:"merge",title:"Squash-merged: in flight until it is applied",on:"quickstart",async play({git:e,airlock:t}){await e("switch","-q","main"),await e("merge","-q","--squash","wider-dev"),await e("commit","-qm","Move dev to its own address range (#41)"),await e("branch","-qD","wider-dev"),await t(["status"],3)}},{name:"apply",title:"Approved, then applied: exactly that, in order, once",on:"quickstart",async play({airlock:e,say:t}){await e(["approve","--all"],0),t(`  The merge made another commit; the plans are found by fingerprint. Each planfile is opened and compared with the tip
  before its exact bytes are applied.`),await e(["apply"],3),t(`  In ue1 the endpoint stayed what it was: the plan of app came out as approved, and went on alone. In ue2 the endpoint is
  another now: a plan that nobody approved, so it waits.`),await e(["approve","app","-s","plat-ue2-dev"],0),await e(["apply"],0),await e(["show","cluster","-s","plat-ue2-dev"],0),await e(["status"],0)}},{name:"tampered",title:"Tampered with: refused, and the refusals explain themselves",on:"quickstart",async play(e){let{git:t,edit:a,airlock:o,quietly:n,say:i,look:s}=e;await a(`${be}/staging.yaml`,"address_range: 10.32.0.0/12","address_range: 10.80.0.0/12"),await t("commit","-qam","Move staging to its own address range (#42)"),await n(["plan"],0),await n(["approve","--all"],0),i(`  ${s.bold("One byte")} of the sealed plan of vpc in plat-ue1-staging is changed on disk:`),await gt(e,"vpc@plat-ue1-staging"),await o(["apply","vpc","-s","plat-ue1-staging"],3),i(`  Somebody runs Terraform by hand, so that the ${s.bold("state")} of vpc in plat-ue2-staging moves behind Airlock's back:`),await vt(e,"plat-ue2-staging"),await o(["apply","vpc","-s","plat-ue2-staging"],3),await o(["status"],3)}}];function q({items:e},t){return e.filter(a=>a.kind===t).length}async function gt({repo:e,quietly:t},a){let n=JSON.parse(await t(["status","--json"],3)).items.find(r=>r.id===a)?.plan?.blob;if(n===void 0)throw new Error(`no sealed plan of ${a}`);let i=$e(e,".git","airlock",n),s=await ht(i),l=Math.floor(s.length/2);s[l]=s[l]^1,await yt(i,s)}async function vt({run:e,repo:t},a){let o="components/terraform/vpc";await e("terraform",["init","-input=false"],o),await e("terraform",["workspace","select",a],o);let n=$e(t,o,"terraform.tfstate.d",a);if(!(await ut(n)).includes("terraform.tfstate"))throw new Error(`no state in ${n}`);await e("terraform",["taint","folder_network.this"],o)}var k=[...je,...ke];import{writeFile as Oe}from"node:fs/promises";import{join as _e}from"node:path";import{cp as A,mkdir as kt,readFile as bt,writeFile as $t}from"node:fs/promises";import{dirname as xe,join as y}from"node:path";import{fileURLToPath as jt}from"node:url";async function Se(e,t){let a=await Pt();if(e==="quickstart")return A(a,t,{recursive:!0});if(await A(y(a,"atmos.yaml"),y(t,"atmos.yaml")),await A(y(a,".gitignore"),y(t,".gitignore")),e==="small")for(let o of["vpc","cluster"])await A(y(a,"components/terraform",o),y(t,"components/terraform",o),{recursive:!0});for(let[o,n]of Object.entries(e==="small"?St():qt()))await kt(xe(y(t,o)),{recursive:!0}),await $t(y(t,o),n)}var qe={labels:{retention:30},zone:{ttl:300},bucket:{days:90}},N=["dev","staging","prod"].flatMap(e=>Array.from({length:10},(t,a)=>{let o=`r${a}`;return["labels",...a<9&&!(a===8&&e==="dev")?["zone"]:[],...xt(a,e)].map(i=>({component:i,stack:`acme-${o}-${e}`,vars:{tenant:"acme",environment:o,stage:e,...qe[i]}}))}).flat());function xt(e,t){return e===0||e===1&&t==="prod"?["bucket"]:[]}function Pe({component:e,stack:t}){return e==="zone"&&t==="acme-r7-prod"}var D=`terraform {
  required_providers {
    folder = {
      source  = "airlock.dev/demo/folder"
      version = "1.0.0"
    }
  }
}
`;function St(){let e=(o,n,i)=>`import:
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
`}}function qt(){let e=new Map;for(let t of N)e.set(t.stack,[...e.get(t.stack)??[],t]);return{"stacks/catalog/defaults.yaml":`terraform:
  backend_type: local
  backend:
    local: {}
`,...Object.fromEntries(Object.entries(qe).map(([t,a])=>[`stacks/catalog/${t}.yaml`,`components:
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
`).join("")}async function Pt(){let e=xe(jt(import.meta.url));for(let t of["..","../../..","../.."]){let a=y(e,t,"examples","quickstart");if(await bt(y(a,"atmos.yaml")).catch(()=>{}))return a}throw new Error(`examples/quickstart is not in this installation (looked from ${e})`)}async function Te({repo:e,run:t}){let a=JSON.stringify({terraform:{backend:{local:{}}}});for(let s of new Set(N.map(l=>l.component))){let l=`components/terraform/${s}`;await Oe(_e(e,l,"backend.tf.json"),a),await t("terraform",["init","-input=false"],l)}let o=N.filter(s=>!Pe(s)),n=async()=>{for(let s=o.shift();s!==void 0;s=o.shift())await i(s)},i=async({component:s,stack:l,vars:r})=>{let c=`components/terraform/${s}`,m=`${l}-${s}.terraform.tfvars.json`;await Oe(_e(e,c,m),JSON.stringify(r)),await t("terraform",["apply","-auto-approve","-input=false",`-var-file=${m}`],c,{TF_WORKSPACE:l})};await Promise.all([n(),n(),n()])}import{execFile as Be}from"node:child_process";import{cp as zt,mkdir as Ht,mkdtemp as Kt,readFile as Bt,rm as ze,writeFile as He}from"node:fs/promises";import{tmpdir as Wt}from"node:os";import{join as f}from"node:path";import{promisify as We}from"node:util";import{spawn as Ot}from"node:child_process";import{once as Re}from"node:events";import{existsSync as Ie}from"node:fs";import{chmod as _t,copyFile as Tt,mkdir as Ee,writeFile as Ae}from"node:fs/promises";import{delimiter as Ne,dirname as J,join as g}from"node:path";import{fileURLToPath as Rt}from"node:url";var z="airlock.dev/demo/folder",Ce="1.0.0",H=`terraform-provider-folder_v${Ce}`;function Et(e,t){return`${e==="win32"?"windows":e}_${t==="x64"?"amd64":t==="ia32"?"386":t}`}function At(e){return`provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(e)}
    include = ["${z}"]
  }
  direct {
    exclude = ["${z}"]
  }
}
`}async function Nt(e){let t=J(Rt(import.meta.url)),a=[t,J(t)].map(i=>g(i,"terraform-provider-folder.cjs")).find(Ie);if(a!==void 0)return Tt(a,e);let o="./bundle.ts",{bundleProvider:n}=await import(o);await n(e)}async function Fe(e,t,a){let o=g(e,"mirror"),n=Ge(e);await Ee(n,{recursive:!0}),await Ee(t,{recursive:!0}),await Nt(g(n,H)),await _t(g(n,H),493),await Ae(g(n,"package.json"),`{ "type": "commonjs" }
`);let i=g(e,"terraform.rc");await Ae(i,At(o));let s=a.PATH??"",l=s.split(Ne).some(r=>r!==""&&Ie(g(r,"node")));return{TF_CLI_CONFIG_FILE:i,CHECKPOINT_DISABLE:"1",TF_IN_AUTOMATION:"1",FOLDER_CLOUD:t,...l?{}:{PATH:[J(process.execPath),s].filter(r=>r!=="").join(Ne)}}}function Ge(e){let t=Et(process.platform,process.arch);return g(e,"mirror",z,Ce,t)}async function Le(e){let t=g(e,"host"),a=Ot(process.execPath,[g(Ge(e),H),"host",t],{stdio:["pipe","pipe","ignore"],env:{...process.env,NODE_OPTIONS:void 0,NODE_EXTRA_CA_CERTS:void 0}}),o=Re(a,"close"),n=await Promise.race([Re(a.stdout,"data").then(()=>!0),o.then(()=>!1)]);return a.stdout.destroy(),a.stdin.unref(),a.unref(),{env:n?{FOLDER_HOST:t}:{},async close(){a.ref(),a.stdin.end(),await o}}}import{execFile as It,spawn as Ct}from"node:child_process";import{existsSync as Ft}from"node:fs";import{dirname as Me,join as De}from"node:path";import{setTimeout as Gt}from"node:timers/promises";import{fileURLToPath as Lt}from"node:url";import{promisify as Mt}from"node:util";async function Je(e,{cwd:t,env:a},o){let n=Ct(process.execPath,[...Jt(),...e],{cwd:t,env:a,detached:!0,stdio:["ignore","pipe","pipe"]}),i="";for(let r of[n.stdout,n.stderr])r.on("data",c=>i+=c.toString());let s=new Promise(r=>n.once("exit",()=>r())),l=Date.now()+12e4;for(;!await o();){if(n.exitCode!==null)throw new Error(`airlock ${e.join(" ")} ended before it could be killed:
${i}`);if(Date.now()>l)throw new Error(`airlock ${e.join(" ")} did not come as far as it was to be killed`);await Gt(10)}for(let r of await Dt(n.pid))try{process.kill(r,"SIGKILL")}catch(c){if(c.code!=="ESRCH")throw c}await s}async function Dt(e){let{stdout:t}=await Mt(It)("ps",["-A","-o","pid=,ppid="]),a=t.trim().split(`
`).map(n=>n.trim().split(/\s+/).map(Number)),o=[e];for(let n of o)o.push(...a.flatMap(([i,s])=>s===n?[i]:[]));return o}function Jt(){let e=Me(Lt(import.meta.url)),t=[e,Me(e)].map(a=>De(a,"start.cjs")).find(Ft);return t===void 0?["--import",import.meta.resolve("tsx"),De(e,"../../cli/main.ts")]:[t]}async function Ue(e,t){let a=await Kt(f(Wt(),"airlock-demo-")),[o,n]=[f(a,"infra"),f(a,"cloud")],i=T(e.color),s=await Fe(f(a,"terraform"),n,e.env),l=await Le(f(a,"terraform")),r={...Ut(e.env),...s,...l.env,XDG_CONFIG_HOME:f(a,"config"),AIRLOCK_WORK:f(a,"work"),GIT_CONFIG_GLOBAL:f(a,"gitconfig"),GIT_CONFIG_NOSYSTEM:"1"};await He(r.GIT_CONFIG_GLOBAL,`[user]
	name = Ann Example
	email = ann@example.test
[init]
	defaultBranch = main
`),await Se(t,o),await Ht(r.AIRLOCK_WORK,{recursive:!0});let c=We(Be),m=async(p,d,u,v={})=>(await c(p,d,{cwd:u,env:{...r,...v},maxBuffer:1<<26})).stdout,w=(...p)=>m("git",p,o),h=async(p,d)=>{let u="",v=b=>{u+=b.endsWith(`
`)?b:`${b}
`},O={...e,cwd:o,env:r,print:v,note:v,progress:e.progress==="live"?"live":"none",width:Math.max(60,e.width-4)},S=await ee(p,te,({json:b})=>({...O,...b&&{note:()=>{}}}));if(S===d)return u;throw new Error(`airlock ${p.join(" ")} ended with ${S}; the story expects ${d}:
${u}`)},x=await Vt(e.env,a);return await w("init","-q"),await w("add","-A"),await w("commit","-qm","Describe the estate"),{folder:a,repo:o,cloud:n,env:r,look:i,tool:x.name,say:p=>e.print(`
${p}`),async airlock(p,d){e.print(`
  ${i.bold(`$ airlock ${p.map(B).join(" ")}`)}`);let u=await h(p,d);return e.print(Xt(u)),d!==0&&!u.includes(`(exit ${d}`)&&e.print(i.dim(`    exit ${d}`)),u},quietly:h,async killed(p,d){e.print(`
  ${i.bold(`$ airlock ${p.map(B).join(" ")}`)}`),await Je(p,{cwd:o,env:r},d),e.print(i.dim("    killed (SIGKILL)"))},keep:()=>Ke(a,K,f(a,"kept")),async restore(){for(let p of K)await ze(f(a,p),{recursive:!0,force:!0});await Ke(f(a,"kept"),K,a)},git:w,run:(p,d,u,v)=>m(p,d,f(o,u),v),async edit(p,d,u){let v=f(o,p),O=await Bt(v,"utf8");if(!O.includes(d))throw new Error(`${p} does not hold ${d}`);await He(v,O.replace(d,u));let S=(W,Ye,Qe)=>W===""?[]:W.trimEnd().split(`
`).map(Ze=>`    ${Qe(`${Ye} ${Ze}`)}`),b=[...S(d,"-",i.red),...S(u,"+",i.green)];e.print([`
  ${i.dim(p)}`,...b].join(`
`))},tryNext:()=>Yt(a,o,{...s,XDG_CONFIG_HOME:r.XDG_CONFIG_HOME,AIRLOCK_WORK:r.AIRLOCK_WORK,GIT_CONFIG_GLOBAL:r.GIT_CONFIG_GLOBAL}),async close(){await l.close(),await ze(a,{recursive:!0,force:!0})}}}var K=["infra","cloud","work","config"];async function Ke(e,t,a){for(let o of t)await zt(f(e,o),f(a,o),{recursive:!0,force:!0,verbatimSymlinks:!0}).catch(n=>{if(n.code!=="ENOENT")throw n})}function Ut(e){return Object.fromEntries(Object.entries(e).filter(([t])=>!t.startsWith("GIT_")))}function B(e){return/^[\w@./:=-]+$/.test(e)?e:`'${e}'`}function Xt(e){return e.trimEnd().split(`
`).map(t=>t===""?"":`    ${t}`).join(`
`)}async function Vt(e,t){for(let a of["terraform","tofu"]){let o=await We(Be)(a,["version"],{cwd:t,env:e}).catch(()=>{}),[,n,i]=/^(Terraform|OpenTofu) v(\S+)/m.exec(o?.stdout??"")??[];if(n)return{name:`${n} ${i}`,command:a}}throw new _({code:"terraform-missing",message:"neither terraform nor tofu is on the PATH, and the demo runs real plans",fix:"install one of them: https://opentofu.org/docs/intro/install or https://developer.hashicorp.com/terraform/install",exit:2})}function Yt(e,t,a){let o=Object.entries(a).map(([n,i])=>`  export ${n}=${B(i)}`);return["","The folder is kept. To go on by hand:",`  cd ${t}`,...o,"  airlock status                 what is still in flight","  airlock plan                   plan it again, then approve and apply","  airlock explain vpc -s plat-ue2-prod vars",`Change a mixin, or a file in ${f(e,"cloud")}, and look. Remove the folder when you are done.`].join(`
`)}function Xe(e){let t=k.find(o=>o.name===e);if(t)return t;let a=U(e,k.map(o=>o.name));throw new _({code:"scene-unknown",message:`the demo has no scene ${e}`,fix:a?`did you mean ${a}?`:`scenes: ${k.map(o=>o.name).join(", ")}`,exit:2})}function Ve(e){let t=!1,a={...e,print:r=>t?void 0:e.print(r)},o=new Map,n=new Set,i,s=async r=>{t=!0;try{await r()}finally{t=!1}},l=async r=>{let c=o.get(r);if(c)return r!=="quickstart"&&await c.restore(),c;let m=await Ue(a,r);o.set(r,m);let{look:w,repo:h,tool:x}=m;return a.print(w.dim(`  ${Qt[r]}; real ${x}; the repository is ${h}`)),r==="small"&&await s(()=>Zt(m)),r==="plain"&&await Te(m),r!=="quickstart"&&await m.keep(),m};return{async play(r){let c=await l(r.on);if(i=c,r.on==="quickstart")for(let m of k){if(m===r)break;m.on===r.on&&!n.has(m.name)&&(n.add(m.name),await s(()=>m.play(c)))}n.add(r.name),await r.play(c)},tryNext:()=>i?.tryNext()??"",async close(){for(let r of o.values())await r.close()}}}var Qt={quickstart:"An estate of 18 instances, nothing applied yet",small:"An estate of 6 instances, all applied: each of the next scenes begins with it",plain:"An estate of 60 instances, applied by plain Terraform"};async function Zt({quietly:e}){await e(["plan"],0),await e(["approve","--all"],0),await e(["apply"],0)}var To={name:"demo",summary:"See a change go from a branch to applied, with real Git and Terraform",usage:"airlock demo [--scene NAME] [--step] [--keep]",description:`Makes a Git repository in a temporary folder, with a cloud that is a folder too, and plays the main job on it with the
commands that you would run. Every plan and every refusal is made while you watch. Needs Git, and Terraform or OpenTofu;
no account, no network.`,examples:[{command:"airlock demo",does:"the whole story, in under two minutes"},{command:"airlock demo --scene killed",does:"one scene, with what it needs"},{command:"airlock demo --step",does:"wait for Enter between the scenes"},{command:"airlock demo --keep",does:"keep the folder to try things yourself"}],flags:[{name:"scene",type:"string",value:"NAME",help:`Play one scene: ${k.map(({name:e})=>e).join(", ")}`},{name:"step",type:"boolean",help:"Wait for Enter between the scenes"},{name:"keep",type:"boolean",help:"Keep the folder, and say what to try in it"}],positional:[],async run({flags:e},t){let a=performance.now(),o=T(t.color),{scene:n}=e,i=n===void 0?k:[Xe(n)],s=Ve(t);t.print(`${o.bold("Airlock: from a change to an applied, recorded plan, and what goes wrong on the way")}
Real Git repositories, real Terraform, a cloud that is a folder; all of it in temporary folders.`);try{for(let[l,r]of i.entries()){t.print(`
${o.bold(`${k.indexOf(r)}  ${r.title}`)} ${o.dim(`(${r.name})`)}`);let c=performance.now();await s.play(r),t.print(o.dim(`  ${C(performance.now()-c)}`)),e.step&&l<i.length-1&&await t.ask("  Enter for the next scene")}t.print(`
${o.bold("That is the story.")} ${C(performance.now()-a)} in all.`),e.keep&&t.print(s.tryNext())}finally{e.keep||await s.close()}return 0}};export{To as command};
