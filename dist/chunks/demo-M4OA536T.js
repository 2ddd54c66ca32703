import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as Y,c as Q,d as Z}from"./chunk-QA2LBSXO.js";import"./chunk-3Z54JVSF.js";import"./chunk-D3B6YFP5.js";import"./chunk-IEN4DJ3F.js";import"./chunk-PFVFQEJV.js";import"./chunk-VE2EGXUF.js";import{a as V}from"./chunk-J3KUEYNT.js";import"./chunk-LNUEZSYB.js";import"./chunk-UVUNGMY4.js";import"./chunk-PO7HXWI5.js";import"./chunk-LJLYJ57O.js";import"./chunk-6TD2SOLX.js";import"./chunk-TASYGUBF.js";import"./chunk-VE2BS6KV.js";import"./chunk-ZT27ROHI.js";import"./chunk-4AXJPDCL.js";import"./chunk-EYC5RQHB.js";import"./chunk-TVYK4XRI.js";import"./chunk-I5LRQDRH.js";import"./chunk-FIGXZUYX.js";import"./chunk-3WJ4GXOV.js";import"./chunk-KGCSZNGP.js";import"./chunk-NOXZ2DKZ.js";import"./chunk-GVFIX52Z.js";import"./chunk-VGBAHZX7.js";import"./chunk-DRGCMBP4.js";import"./chunk-MHFAORUN.js";import{c as X}from"./chunk-LHP7ESQJ.js";import{Da as I}from"./chunk-5YF7WOLA.js";import{c as C}from"./chunk-DJ5GSM7H.js";import"./chunk-4XKXB4AO.js";import{a as ee,b as te}from"./chunk-NM7XSLXX.js";import"./chunk-SYJAQ66M.js";import{a as _}from"./chunk-EJNUVDAK.js";import"./chunk-VMMGBFTO.js";import{a as U}from"./chunk-ZMGS4JRB.js";import"./chunk-YDJPGV2T.js";import{a as O}from"./chunk-U2RXU2W6.js";import"./chunk-DHBVPPNR.js";import{rm as Ze,writeFile as et}from"node:fs/promises";import{join as ae}from"node:path";var oe={name:"adoption",title:"Adoption: sixty instances that plain Terraform applied",on:"plain",async play({airlock:e,cloud:t,say:a}){a(`  Their states lie where Atmos keeps them. Since then somebody set the days of one bucket by hand and removed another;
  and one zone was merged, and never applied.`),await et(ae(t,"file","bucket-r0-prod.json"),JSON.stringify({name:"bucket-r0-prod",content:{owner:"acme",days:"7"},id:"fil-by-hand",version:2})),await Ze(ae(t,"file","bucket-r1-prod.json")),await e(["adopt"],0),await e(["status"],0)}};function x({repo:e,env:t,git:a,say:o,look:n}){let r=()=>X({cwd:e,env:t,signal:new AbortController().signal}),s=async i=>{let c=(await V(await r())).find(m=>m.number===i);if(c===void 0)throw new Error(`nobody opened #${i}`);return c},l=(i,c,m)=>o(`  ${n.bold(`#${i}`)} ${m}: ${c}`);return{async open(i,c){let m=await r(),{subject:p}=await m.repo.info(await I(m,c)),g=await m.repo.config("user.name")??"somebody",N=await Y(m,{number:i,branch:c,title:p,author:g});return l(i,p,"is opened"),N},async close(i){let{title:c,branch:m}=await Q(await r(),i);await a("switch","-q","main"),await a("branch","-qD",m),l(i,c,"is closed")},async merge(i){let{title:c,branch:m}=await s(i);await a("switch","-q","main"),await a("merge","-q","--squash",m),await a("commit","-qm",`${c} (#${i})`);let p=await r(),g=await Z(p,i,await I(p,"main"));return await a("branch","-qD",m),l(i,c,"is merged"),g}}}var T=["cluster","-s","plat-ue1-dev"],re=[{name:"collision",title:"Collision: two branches touch one instance",on:"small",async play(e){let{git:t,airlock:a,quietly:o,say:n}=e,r=x(e);await ne(e),n("  #51 merges first. Both change cluster in plat-ue1-dev, so #52 must wait for it:"),await r.merge(51),await a(["gate","newer-clusters"],3),await o(["approve","--all"],0),await a(["apply"],0),n("  The plan of #52 for cluster in plat-ue2-dev is kept; only the other one was made on a state that moved."),await t("switch","-q","newer-clusters"),await t("merge","-q","-m","Merge main","main"),await o(["plan",...T],0),await a(["gate"],0),await t("switch","-q","main")}},{name:"coalesced",title:"Two merges before an apply: one plan that names both",on:"small",async play(e){let{airlock:t,quietly:a,say:o}=e,n=x(e);await ne(e,async()=>{await a(["approve","--all"],0)}),await n.merge(51),o("  Nobody waits for the gate: #52 is merged past it."),await n.merge(52),await a(["plan",...T],0),await t(["show",...T],0),o("  Both were approved, each with its own plan. The plan at the tip is another, so it is asked for once more:"),await t(["apply"],3),await a(["approve",...T],0),await t(["apply"],0)}}];async function ne({git:e,edit:t,quietly:a,...o},n=async()=>{}){let r=x({git:e,edit:t,quietly:a,...o}),s=async(l,i,c,[m,p,g])=>{await e("switch","-qc",i,"main"),await t(m,p,g),await e("commit","-qam",c),await a(["plan"],0),await n(),await r.open(l,i)};await s(51,"larger-cluster","Enlarge a cluster",["stacks/orgs/plat/dev/ue1.yaml","size: 3","size: 5"]),await s(52,"newer-clusters","Take a newer version",["stacks/catalog/cluster.yaml",'"1.31"','"1.32"'])}import{readFile as ie,writeFile as tt}from"node:fs/promises";import{join as se}from"node:path";var at="stacks/orgs/plat/dev/ue1.yaml",ce={name:"dashboard",title:"A dashboard: one page of all the records, without a server",on:"small",async play({airlock:e,quietly:t,cloud:a,edit:o,git:n,folder:r,say:s,look:l}){await o(at,"size: 3","size: 4"),await n("commit","-qam","Add a node in ue1 (#72)"),await t(["plan"],0);let i=se(a,"network","plat-ue2-dev.json"),c=JSON.parse(await ie(i,"utf8"));await tt(i,JSON.stringify({...c,cidr:"10.99.0.0/16"})),await t(["drift","vpc","-s","plat-ue2-dev"],3);let m=se(r,"dashboard.html");if(await e(["dashboard","--out",m],0),((await ie(m,"utf8")).match(/waits for approval|was changed outside/g)??[]).length<2)throw new Error(`${m} does not tell what needs a person`);s(`  ${l.bold(m)} opens from disk; it asks the network for nothing. (--keep keeps it.)`)}};import{readFile as ot,writeFile as le}from"node:fs/promises";import{join as me}from"node:path";var de={name:"drift",title:"Drift: changed outside, other data, not applied yet, or noise",on:"small",async play({airlock:e,cloud:t,edit:a,git:o,say:n}){let r=async(s,l)=>{let i=me(t,s);await le(i,JSON.stringify({...JSON.parse(await ot(i,"utf8")),...l}))};n(`  By hand, in the cloud: the network of ue2 gets another range, somebody leaves a notice that a data source reads, and a
  counter of a cluster moves. And a change is merged, and not applied.`),await r("network/plat-ue2-dev.json",{cidr:"10.99.0.0/16"}),await r("cluster/plat-ue2-dev.json",{revision:7}),await le(me(t,"file","notice.json"),JSON.stringify({name:"notice",content:{text:"moving"}})),await a("stacks/orgs/plat/dev/ue1.yaml","size: 3","size: 4"),await o("commit","-qam","Add a node in ue1 (#71)"),await e(["drift"],3),await e(["drift","vpc","-s","plat-ue2-dev","--issues","--webhook"],3),n("  It is put back as everything is applied: planned, sealed, approved."),await e(["drift","vpc","-s","plat-ue2-dev","--remediate"],3),await e(["approve","vpc","-s","plat-ue2-dev"],0),await e(["drift","vpc","-s","plat-ue2-dev","--remediate"],0)}};import{mkdir as nt,readdir as rt,readFile as pe,rm as fe,writeFile as it}from"node:fs/promises";import{join as $}from"node:path";var F="stacks/orgs/plat/dev/ue1.yaml",we={name:"fix-and-revert",title:"An apply fails half-way: neither a fix nor a revert has to wait for it",on:"small",async play(e){let{airlock:t,quietly:a,git:o,edit:n,say:r,cloud:s}=e,l=x(e);await G(e,"jobs:1.0.0","jobs:2.0.0","Run jobs 2.0.0",61),await a(["plan"],0),await a(["approve","--all"],0),await he(s,".fail","worker-ue1","update"),await t(["apply"],1),r("  The queue has the new image, the worker has not. Two branches begin: one goes forward, one goes back."),await o("switch","-qc","forward"),await n(F,"jobs:2.0.0","jobs:2.0.1"),await o("commit","-qam","Run jobs 2.0.1, which start again"),await a(["plan"],0),await l.open(62,"forward"),await o("switch","-q","main"),await o("switch","-qc","back"),await n(F,"jobs:2.0.0","jobs:1.0.0"),await o("commit","-qam","Go back to jobs 1.0.0"),await a(["plan"],0),await l.open(63,"back"),await t(["gate","#62"],0),await t(["gate","#63"],0),await l.merge(63),r("  The tip asks for what the ledger says was applied, and yet nothing is called clean before reality is:"),await t(["status"],3),r("  The plan that #63 brought is of that very state: approved, it puts the queue back."),await fe($(s,".fail"),{recursive:!0}),await a(["approve","--all"],0),await t(["apply"],0),r("  And the answer no: what is rejected waits for nobody, and nobody waits for it."),await G(e,"size: 3","size: 30","Make the cluster ten times as large",64),await a(["plan"],0),await t(["reject","cluster","-s","plat-ue1-dev","--reason","ten times the costs"],0),await t(["status"],3)}},ue={name:"killed",title:"Killed half-way (SIGKILL): what was done is found out, what is left is finished",on:"small",async play(e){let{airlock:t,quietly:a,killed:o,say:n,cloud:r,repo:s}=e;await G(e,"jobs:1.0.0","jobs:2.0.0","Run jobs 2.0.0",65),await a(["plan"],0),await a(["approve","--all"],0),await he(r,".slow","worker-ue1","20000"),await o(["apply"],async()=>(await pe($(r,"file","queue-ue1.json"),"utf8")).includes("jobs:2.0.0")&&await st(s)),n("  The queue has the new image; whether the worker has, nobody knows. Terraform had no time to save its state."),await t(["status"],3),await t(["apply"],3),n("  The lease protects whoever may still be at work. A person who knows that nobody is frees it:"),await t(["unlock","jobs","-s","plat-ue1-dev","--reason","the machine was switched off"],0),await fe($(r,".slow"),{recursive:!0}),await t(["apply"],0),await t(["status"],0)}};async function G(e,t,a,o,n){await e.edit(F,t,a),await e.git("commit","-qam",`${o} (#${n})`)}async function st(e){let t=$(e,".git","airlock","documents");return(await Promise.all((await rt(t)).map(o=>pe($(t,o),"utf8")))).some(o=>o.includes('"lock": "'))}async function he(e,t,a,o){await nt($(e,t),{recursive:!0}),await it($(e,t,a),o)}var R="stacks/orgs/plat/dev",ye=[{name:"removed",title:"Removed by name: destroyed, in reverse order. Vanished: nothing happens",on:"small",async play(e){await ct(e),await lt(e),await mt(e),await dt(e)}}];async function ct({say:e,git:t,edit:a,airlock:o}){e("  A slip in atmos.yaml, and a whole stack is gone from sight. Nobody removed anything by name:"),await a("atmos.yaml","orgs/**/*","orgs/**/ue2*"),await t("commit","-qam","Tidy up"),await o(["status"],3),await t("reset","-q","--hard","HEAD~1")}async function lt({say:e,git:t,edit:a,airlock:o}){e(`  A whole stack is removed: its manifest is deleted. Its plans come with the branch. More than one removal at once
  needs its number here:`),await a("atmos.yaml","stacks:",`integrations: { airlock: { destroy: { max: 1 } } }

stacks:`),await t("commit","-qam","Ask for the number of removals"),await t("switch","-qc","retire"),await t("rm","-q",`${R}/ue2.yaml`),await t("commit","-qam","Retire dev in ue2"),await o(["plan"],0),await o(["approve","--all"],3),await o(["approve","--all","--destroy","3"],0),await t("switch","-q","main"),await t("merge","-q","--squash","retire"),await t("commit","-qm","Retire dev in ue2 (#51)"),await o(["apply"],0),e("  A network is removed, and the cluster still reads it:"),await a(`${R}/ue1.yaml`,`    vpc:
      vars:
        address_range: 10.16.0.0/12
        region_number: 1
`,""),await t("commit","-qam","Remove the network"),await o(["status"],3),await t("reset","-q","--hard","HEAD~1")}async function mt({say:e,git:t,edit:a,airlock:o}){e("  The component jobs is called queue from now on, with the state that it has:"),await a(`${R}/ue1.yaml`,`    jobs:
`,`    queue:
      metadata:
        component: jobs
        terraform_workspace: plat-ue1-dev
`),await t("commit","-qam","Call it what it is"),await o(["affected","--base","HEAD~1"],0),await o(["apply"],0)}async function dt({say:e,git:t,edit:a,airlock:o}){e("  A branch changes where the state of the network is. Terraform would make all of it a second time:"),await t("switch","-qc","rekey"),await a(`${R}/ue1.yaml`,`    vpc:
`,`    vpc:
      metadata:
        terraform_workspace: network
`),await t("commit","-qam","Give the network a workspace of its own"),await o(["plan","vpc","-s","plat-ue1-dev"],3)}import{readFile as pt,writeFile as ge}from"node:fs/promises";import{join as L}from"node:path";var M="stacks/orgs/plat/dev",ft=`workflows:
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
`,ve={name:"whole-stack",title:"A whole stack: one component after another; and a workflow, resumed",on:"small",async play({airlock:e,cloud:t,git:a,repo:o,run:n,say:r}){let s=(i,c)=>ge(L(o,i),c),l=await pt(L(o,M,"ue2.yaml"),"utf8");await s(`${M}/ue3.yaml`,l.replaceAll("ue2","ue3").replace("us-east-2","us-east-3").replace("region_number: 2","region_number: 3")),await a("add","-A"),await a("commit","-qm","Open the region ue3 (#51)"),r("  A stack was merged of which nothing is there yet."),await e(["up","-s","plat-ue3-dev","--dry-run"],0),await e(["up","-s","plat-ue3-dev","--approve"],0),r(`  The cluster was planned once the network was applied, with its real values. Now a workflow file of Atmos: its Terraform
  steps go the same way, and a shell step between them fails.`),await s(`${M}/ue2.yaml`,`${l}    jobs:
      vars:
        image: jobs:2.0.0
`),await n("mkdir",["-p","stacks/workflows"],"."),await s("stacks/workflows/jobs.yaml",ft),await a("add","-A"),await a("commit","-qm","Run jobs in ue2, once the old ones are quiet (#52)"),await e(["run","jobs","--dry-run"],0),await e(["run","jobs"],1),r("  Somebody stops the old jobs, and the run goes on from there."),await ge(L(t,"quiet"),""),await e(["run","jobs","jobs","--approve","--from-step","quiet"],0),await e(["status"],0)}};var ke=[...re,we,ue,...ye,oe,de,ce,ve];import{readdir as wt,readFile as ut,writeFile as ht}from"node:fs/promises";import{join as $e}from"node:path";var be="stacks/mixins/stage",xe=[{name:"estate",title:"An estate to begin with: 3 components in 6 stacks",on:"quickstart",async play({quietly:e,say:t,look:a}){let o=JSON.parse(await e(["plan","--json"],0));t(`  Nothing was ever applied, so everything is in flight. ${j(o,"planned")} instances are planned at once: vpc, and
  cluster, which reads an output that the plan of vpc knows already. ${j(o,"deferred")} are ${a.bold("deferred")}: app reads what
  only an applied cluster can tell.`),await e(["approve","--all"],0);let n=JSON.parse(await e(["apply","--json"],3));await e(["approve","--all"],0);let r=JSON.parse(await e(["apply","--json"],0));t(`  Approved; ${j(n,"applied")} applied, each after what it reads. The ${j(n,"waits")} deferred ones were planned on the way;
  approved too; ${j(r,"applied")} applied. 18 of 18, nothing in flight.`)}},{name:"affected",title:"A branch changes one setting. What does it touch, and why?",on:"quickstart",async play({git:e,edit:t,airlock:a}){await e("switch","-qc","wider-dev"),await t(`${be}/dev.yaml`,"address_range: 10.16.0.0/12","address_range: 10.64.0.0/12"),await e("commit","-qam","Move dev to its own address range"),await a(["affected"],0)}},{name:"plan",title:"Plans, sealed and stored; the comment that reviewers read",on:"quickstart",async play({airlock:e,say:t}){await e(["plan"],0),t(`  cluster was planned with the cidr that the plan of vpc already knows. app reads an endpoint that is known only after
  cluster is applied: it is planned with the value of now, and marked provisional. (--markdown prints the source.)`)}},{name:"merge",title:"Squash-merged: in flight until it is applied",on:"quickstart",async play({git:e,airlock:t}){await e("switch","-q","main"),await e("merge","-q","--squash","wider-dev"),await e("commit","-qm","Move dev to its own address range (#41)"),await e("branch","-qD","wider-dev"),await t(["status"],3)}},{name:"apply",title:"Approved, then applied: exactly that, in order, once",on:"quickstart",async play({airlock:e,say:t}){await e(["approve","--all"],0),t(`  The merge made another commit; the plans are found by fingerprint. Each planfile is opened and compared with the tip
  before its exact bytes are applied.`),await e(["apply"],3),t(`  In ue1 the endpoint stayed what it was: the plan of app came out as approved, and went on alone. In ue2 the endpoint is
  another now: a plan that nobody approved, so it waits.`),await e(["approve","app","-s","plat-ue2-dev"],0),await e(["apply"],0),await e(["show","cluster","-s","plat-ue2-dev"],0),await e(["status"],0)}},{name:"tampered",title:"Tampered with: refused, and the refusals explain themselves",on:"quickstart",async play(e){let{git:t,edit:a,airlock:o,quietly:n,say:r,look:s}=e;await a(`${be}/staging.yaml`,"address_range: 10.32.0.0/12","address_range: 10.80.0.0/12"),await t("commit","-qam","Move staging to its own address range (#42)"),await n(["plan"],0),await n(["approve","--all"],0),r(`  ${s.bold("One byte")} of the sealed plan of vpc in plat-ue1-staging is changed on disk:`),await yt(e,"vpc@plat-ue1-staging"),await o(["apply","vpc","-s","plat-ue1-staging"],3),r(`  Somebody runs Terraform by hand, so that the ${s.bold("state")} of vpc in plat-ue2-staging moves behind Airlock's back:`),await gt(e,"plat-ue2-staging"),await o(["apply","vpc","-s","plat-ue2-staging"],3),await o(["status"],3)}}];function j({items:e},t){return e.filter(a=>a.kind===t).length}async function yt({repo:e,quietly:t},a){let n=JSON.parse(await t(["status","--json"],3)).items.find(i=>i.id===a)?.plan?.blob;if(n===void 0)throw new Error(`no sealed plan of ${a}`);let r=$e(e,".git","airlock",n),s=await ut(r),l=Math.floor(s.length/2);s[l]=s[l]^1,await ht(r,s)}async function gt({run:e,repo:t},a){let o="components/terraform/vpc";await e("terraform",["init","-input=false"],o),await e("terraform",["workspace","select",a],o);let n=$e(t,o,"terraform.tfstate.d",a);if(!(await wt(n)).includes("terraform.tfstate"))throw new Error(`no state in ${n}`);await e("terraform",["taint","folder_network.this"],o)}var k=[...xe,...ke];import{writeFile as Oe}from"node:fs/promises";import{join as _e}from"node:path";import{cp as E,mkdir as vt,readFile as kt,writeFile as bt}from"node:fs/promises";import{dirname as Se,join as h}from"node:path";import{fileURLToPath as $t}from"node:url";async function je(e,t){let a=await qt();if(e==="quickstart")return E(a,t,{recursive:!0});if(await E(h(a,"atmos.yaml"),h(t,"atmos.yaml")),await E(h(a,".gitignore"),h(t,".gitignore")),e==="small")for(let o of["vpc","cluster"])await E(h(a,"components/terraform",o),h(t,"components/terraform",o),{recursive:!0});for(let[o,n]of Object.entries(e==="small"?St():jt()))await vt(Se(h(t,o)),{recursive:!0}),await bt(h(t,o),n)}var qe={labels:{retention:30},zone:{ttl:300},bucket:{days:90}},A=["dev","staging","prod"].flatMap(e=>Array.from({length:10},(t,a)=>{let o=`r${a}`;return["labels",...a<9&&!(a===8&&e==="dev")?["zone"]:[],...xt(a,e)].map(r=>({component:r,stack:`acme-${o}-${e}`,vars:{tenant:"acme",environment:o,stage:e,...qe[r]}}))}).flat());function xt(e,t){return e===0||e===1&&t==="prod"?["bucket"]:[]}function Pe({component:e,stack:t}){return e==="zone"&&t==="acme-r7-prod"}var D=`terraform {
  required_providers {
    folder = {
      source  = "airlock.dev/demo/folder"
      version = "1.0.0"
    }
  }
}
`;function St(){let e=(o,n,r)=>`import:
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
${r}`;return{"stacks/catalog/defaults.yaml":`terraform:
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
${q("notice","string")}
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
${q("image","string")}
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
`}}function jt(){let e=new Map;for(let t of A)e.set(t.stack,[...e.get(t.stack)??[],t]);return{"stacks/catalog/defaults.yaml":`terraform:
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
`).join("")}`])),...Object.fromEntries([...e].map(([t,a])=>{let[o,n,r]=t.split("-"),s=`vars:
  tenant: ${o}
  environment: ${n}
  stage: ${r}
`,l=["defaults",...a.map(({component:c})=>c)],i=a.map(({component:c})=>`    ${c}:
      metadata:
        component: ${c}
        inherits:
          - ${c}/defaults
`);return[`stacks/orgs/${o}/${r}/${n}.yaml`,`import:
${l.map(c=>`  - catalog/${c}
`).join("")}
${s}
components:
  terraform:
${i.join("")}`]})),"components/terraform/bucket/main.tf":`${D}
${q("days","number")}
resource "folder_file" "bucket" {
  name    = "bucket-\${var.environment}-\${var.stage}"
  content = { owner = var.tenant, days = var.days }
}
`,"components/terraform/labels/main.tf":`${q("retention","number")}
resource "terraform_data" "labels" {
  input = {
    name      = "\${var.tenant}-\${var.environment}-\${var.stage}"
    retention = var.retention
  }
}
`,"components/terraform/zone/main.tf":`${q("ttl","number")}
resource "terraform_data" "zone" {
  input = {
    zone = "\${var.environment}.\${var.stage}.\${var.tenant}.example"
    ttl  = var.ttl
  }
}
`}}function q(e,t){return["tenant","environment","stage"].map(a=>`variable "${a}" {
  type = string
}

`).concat(`variable "${e}" {
  type = ${t}
}
`).join("")}async function qt(){let e=Se($t(import.meta.url));for(let t of["..","../../..","../.."]){let a=h(e,t,"examples","quickstart");if(await kt(h(a,"atmos.yaml")).catch(()=>{}))return a}throw new Error(`examples/quickstart is not in this installation (looked from ${e})`)}async function Te({repo:e,run:t}){let a=JSON.stringify({terraform:{backend:{local:{}}}});for(let s of new Set(A.map(l=>l.component))){let l=`components/terraform/${s}`;await Oe(_e(e,l,"backend.tf.json"),a),await t("terraform",["init","-input=false"],l)}let o=A.filter(s=>!Pe(s)),n=async()=>{for(let s=o.shift();s!==void 0;s=o.shift())await r(s)},r=async({component:s,stack:l,vars:i})=>{let c=`components/terraform/${s}`,m=`${l}-${s}.terraform.tfvars.json`;await Oe(_e(e,c,m),JSON.stringify(i)),await t("terraform",["apply","-auto-approve","-input=false",`-var-file=${m}`],c,{TF_WORKSPACE:l})};await Promise.all([n(),n(),n()])}import{execFile as Ke}from"node:child_process";import{cpSync as Jt,existsSync as zt,rmSync as Ht}from"node:fs";import{mkdir as Kt,mkdtemp as Bt,readFile as Wt,rm as Ut,writeFile as ze}from"node:fs/promises";import{tmpdir as Xt}from"node:os";import{join as w}from"node:path";import{promisify as Be}from"node:util";import{spawn as Pt}from"node:child_process";import{once as Re}from"node:events";import{existsSync as Ie}from"node:fs";import{chmod as Ot,copyFile as _t,mkdir as Ee,writeFile as Ae}from"node:fs/promises";import{delimiter as Ne,dirname as J,join as y}from"node:path";import{fileURLToPath as Tt}from"node:url";var z="airlock.dev/demo/folder",Ce="1.0.0",H=`terraform-provider-folder_v${Ce}`;function Rt(e,t){return`${e==="win32"?"windows":e}_${t==="x64"?"amd64":t==="ia32"?"386":t}`}function Et(e){return`provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(e)}
    include = ["${z}"]
  }
  direct {
    exclude = ["${z}"]
  }
}
`}async function At(e){let t=J(Tt(import.meta.url)),a=[t,J(t)].map(r=>y(r,"terraform-provider-folder.cjs")).find(Ie);if(a!==void 0)return _t(a,e);let o="./bundle.ts",{bundleProvider:n}=await import(o);await n(e)}async function Fe(e,t,a){let o=y(e,"mirror"),n=Ge(e);await Ee(n,{recursive:!0}),await Ee(t,{recursive:!0}),await At(y(n,H)),await Ot(y(n,H),493),await Ae(y(n,"package.json"),`{ "type": "commonjs" }
`);let r=y(e,"terraform.rc");await Ae(r,Et(o));let s=a.PATH??"",l=s.split(Ne).some(i=>i!==""&&Ie(y(i,"node")));return{TF_CLI_CONFIG_FILE:r,CHECKPOINT_DISABLE:"1",TF_IN_AUTOMATION:"1",FOLDER_CLOUD:t,...l?{}:{PATH:[J(process.execPath),s].filter(i=>i!=="").join(Ne)}}}function Ge(e){let t=Rt(process.platform,process.arch);return y(e,"mirror",z,Ce,t)}async function Le(e){let t=y(e,"host"),a=Pt(process.execPath,[y(Ge(e),H),"host",t],{stdio:["pipe","pipe","ignore"],env:{...process.env,NODE_OPTIONS:void 0,NODE_EXTRA_CA_CERTS:void 0}}),o=Re(a,"close"),n=await Promise.race([Re(a.stdout,"data").then(()=>!0),o.then(()=>!1)]);return a.stdout.destroy(),a.stdin.unref(),a.unref(),{env:n?{FOLDER_HOST:t}:{},async close(){a.ref(),a.stdin.end(),await o}}}import{execFile as Nt,spawn as It}from"node:child_process";import{existsSync as Ct}from"node:fs";import{dirname as Me,join as De}from"node:path";import{setTimeout as Ft}from"node:timers/promises";import{fileURLToPath as Gt}from"node:url";import{promisify as Lt}from"node:util";async function Je(e,{cwd:t,env:a},o){let n=It(process.execPath,[...Dt(),...e],{cwd:t,env:a,detached:!0,stdio:["ignore","pipe","pipe"]}),r="";for(let i of[n.stdout,n.stderr])i.on("data",c=>r+=c.toString());let s=new Promise(i=>n.once("exit",()=>i())),l=Date.now()+12e4;for(;!await o();){if(n.exitCode!==null)throw new Error(`airlock ${e.join(" ")} ended before it could be killed:
${r}`);if(Date.now()>l)throw new Error(`airlock ${e.join(" ")} did not come as far as it was to be killed`);await Ft(10)}for(let i of await Mt(n.pid))try{process.kill(i,"SIGKILL")}catch(c){if(c.code!=="ESRCH")throw c}await s}async function Mt(e){let{stdout:t}=await Lt(Nt)("ps",["-A","-o","pid=,ppid="]),a=t.trim().split(`
`).map(n=>n.trim().split(/\s+/).map(Number)),o=[e];for(let n of o)o.push(...a.flatMap(([r,s])=>s===n?[r]:[]));return o}function Dt(){let e=Me(Gt(import.meta.url)),t=[e,Me(e)].map(a=>De(a,"start.cjs")).find(Ct);return t===void 0?["--import",import.meta.resolve("tsx"),De(e,"../../cli/main.ts")]:[t]}async function We(e,t){let a=await Bt(w(Xt(),"airlock-demo-")),[o,n]=[w(a,"infra"),w(a,"cloud")],r=_(e.color),s=await Fe(w(a,"terraform"),n,e.env),l=await Le(w(a,"terraform")),i={...Vt(e.env),...s,...l.env,XDG_CONFIG_HOME:w(a,"config"),AIRLOCK_WORK:w(a,"work"),GIT_CONFIG_GLOBAL:w(a,"gitconfig"),GIT_CONFIG_NOSYSTEM:"1"};await ze(i.GIT_CONFIG_GLOBAL,`[user]
	name = Ann Example
	email = ann@example.test
[init]
	defaultBranch = main
`),await je(t,o),await Kt(i.AIRLOCK_WORK,{recursive:!0});let c=Be(Ke),m=async(d,f,u,v={})=>(await c(d,f,{cwd:u,env:{...i,...v},maxBuffer:1<<26})).stdout,p=(...d)=>m("git",d,o),g=async(d,f)=>{let u="",v=b=>{u+=b.endsWith(`
`)?b:`${b}
`},P={...e,cwd:o,env:i,print:v,note:v,progress:e.progress==="live"?"live":"none",width:Math.max(60,e.width-4)},S=await ee(d,te,({json:b})=>({...P,...b&&{note:()=>{}}}));if(S===f)return u;throw new Error(`airlock ${d.join(" ")} ended with ${S}; the story expects ${f}:
${u}`)},N=await Qt(e.env,a);return await p("init","-q"),await p("add","-A"),await p("commit","-qm","Describe the estate"),{folder:a,repo:o,cloud:n,env:i,look:r,tool:N.name,say:d=>e.print(`
${d}`),async airlock(d,f){e.print(`
  ${r.bold(`$ airlock ${d.map(B).join(" ")}`)}`);let u=await g(d,f);return e.print(Yt(u)),f!==0&&!u.includes(`(exit ${f}`)&&e.print(r.dim(`    exit ${f}`)),u},quietly:g,async killed(d,f){e.print(`
  ${r.bold(`$ airlock ${d.map(B).join(" ")}`)}`),await Je(d,{cwd:o,env:i},f),e.print(r.dim("    killed (SIGKILL)"))},keep:()=>He(a,K,w(a,"kept")),restore(){for(let d of K)Ht(w(a,d),{recursive:!0,force:!0});He(w(a,"kept"),K,a)},git:p,run:(d,f,u,v)=>m(d,f,w(o,u),v),async edit(d,f,u){let v=w(o,d),P=await Wt(v,"utf8");if(!P.includes(f))throw new Error(`${d} does not hold ${f}`);await ze(v,P.replace(f,u));let S=(W,Ve,Ye)=>W===""?[]:W.trimEnd().split(`
`).map(Qe=>`    ${Ye(`${Ve} ${Qe}`)}`),b=[...S(f,"-",r.red),...S(u,"+",r.green)];e.print([`
  ${r.dim(d)}`,...b].join(`
`))},tryNext:()=>Zt(a,o,{...s,XDG_CONFIG_HOME:i.XDG_CONFIG_HOME,AIRLOCK_WORK:i.AIRLOCK_WORK,GIT_CONFIG_GLOBAL:i.GIT_CONFIG_GLOBAL}),async close(){await l.close(),await Ut(a,{recursive:!0,force:!0})}}}var K=["infra","cloud","work","config"];function He(e,t,a){for(let o of t)zt(w(e,o))&&Jt(w(e,o),w(a,o),{recursive:!0,force:!0,verbatimSymlinks:!0})}function Vt(e){return Object.fromEntries(Object.entries(e).filter(([t])=>!t.startsWith("GIT_")))}function B(e){return/^[\w@./:=-]+$/.test(e)?e:`'${e}'`}function Yt(e){return e.trimEnd().split(`
`).map(t=>t===""?"":`    ${t}`).join(`
`)}async function Qt(e,t){for(let a of["terraform","tofu"]){let o=await Be(Ke)(a,["version"],{cwd:t,env:e}).catch(()=>{}),[,n,r]=/^(Terraform|OpenTofu) v(\S+)/m.exec(o?.stdout??"")??[];if(n)return{name:`${n} ${r}`,command:a}}throw new O({code:"terraform-missing",message:"neither terraform nor tofu is on the PATH, and the demo runs real plans",fix:"install one of them: https://opentofu.org/docs/intro/install or https://developer.hashicorp.com/terraform/install",exit:2})}function Zt(e,t,a){let o=Object.entries(a).map(([n,r])=>`  export ${n}=${B(r)}`);return["","The folder is kept. To go on by hand:",`  cd ${t}`,...o,"  airlock status                 what is still in flight","  airlock plan                   plan it again, then approve and apply","  airlock explain vpc -s plat-ue2-prod vars",`Change a mixin, or a file in ${w(e,"cloud")}, and look. Remove the folder when you are done.`].join(`
`)}function Ue(e){let t=k.find(o=>o.name===e);if(t)return t;let a=U(e,k.map(o=>o.name));throw new O({code:"scene-unknown",message:`the demo has no scene ${e}`,fix:a?`did you mean ${a}?`:`scenes: ${k.map(o=>o.name).join(", ")}`,exit:2})}function Xe(e,t=[]){let a=new Map,o=new Set,n=new Set,r,s=i=>{let c=a.get(i)??ea(e,i);return a.set(i,c),c},l=i=>{let c=t.slice(t.indexOf(i)+1).find(({on:m})=>!a.has(m));c&&s(c.on).catch(()=>{})};return{async play(i){let{here:c,curtain:m}=await s(i.on);if(n.has(i.on)?i.on!=="quickstart"&&c.restore():e.print(c.look.dim(ta(i.on,c))),n.add(i.on),r=c,l(i),m.drawn=!0,i.on==="quickstart")for(let p of k){if(p===i)break;p.on!==i.on||o.has(p.name)||(o.add(p.name),await p.play(c))}m.drawn=!1,o.add(i.name),await i.play(c)},tryNext:()=>r?.tryNext()??"",async close(){for(let i of a.values())await i.then(({here:c})=>c.close()).catch(()=>{})}}}async function ea(e,t){let a={drawn:!0},o={...e,print:r=>a.drawn?void 0:e.print(r),note:r=>a.drawn?void 0:e.note(r),get progress(){return a.drawn?"none":e.progress}},n=await We(o,t);return t==="small"&&await oa(n),t==="plain"&&await Te(n),t!=="quickstart"&&n.keep(),{here:n,curtain:a}}function ta(e,{tool:t,repo:a}){return`  ${aa[e]}; real ${t}; the repository is ${a}`}var aa={quickstart:"An estate of 18 instances, nothing applied yet",small:"An estate of 6 instances, all applied: each of the next scenes begins with it",plain:"An estate of 60 instances, applied by plain Terraform"};async function oa({quietly:e}){await e(["plan"],0),await e(["approve","--all"],0),await e(["apply"],0)}var Io={name:"demo",summary:"See a change go from a branch to applied, with real Git and Terraform",usage:"airlock demo [--scene NAME] [--step] [--keep]",description:`Makes a Git repository in a temporary folder, with a cloud that is a folder too, and plays the main job on it with the
commands that you would run. Every plan and every refusal is made while you watch. Needs Git, and Terraform or OpenTofu;
no account, no network.`,examples:[{command:"airlock demo",does:"the whole story, in under two minutes"},{command:"airlock demo --scene killed",does:"one scene, with what it needs"},{command:"airlock demo --step",does:"wait for Enter between the scenes"},{command:"airlock demo --keep",does:"keep the folder to try things yourself"}],flags:[{name:"scene",type:"string",value:"NAME",help:`Play one scene: ${k.map(({name:e})=>e).join(", ")}`},{name:"step",type:"boolean",help:"Wait for Enter between the scenes"},{name:"keep",type:"boolean",help:"Keep the folder, and say what to try in it"}],positional:[],async run({flags:e},t){let a=performance.now(),o=_(t.color),{scene:n}=e,r=n===void 0?k:[Ue(n)],s=Xe(t,r);t.print(`${o.bold("Airlock: from a change to an applied, recorded plan, and what goes wrong on the way")}
Real Git repositories, real Terraform, a cloud that is a folder; all of it in temporary folders.`);try{for(let[l,i]of r.entries()){t.print(`
${o.bold(`${k.indexOf(i)}  ${i.title}`)} ${o.dim(`(${i.name})`)}`);let c=performance.now();await s.play(i),t.print(o.dim(`  ${C(performance.now()-c)}`)),e.step&&l<r.length-1&&await t.ask("  Enter for the next scene")}t.print(`
${o.bold("That is the story.")} ${C(performance.now()-a)} in all.`),e.keep&&t.print(s.tryNext())}finally{e.keep||await s.close()}return 0}};export{Io as command};
