import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{a as D}from"./chunk-Z2VLUJVW.js";import{b as R}from"./chunk-LHP7ESQJ.js";import{Ga as $,_a as S,za as v}from"./chunk-5YF7WOLA.js";import"./chunk-4XKXB4AO.js";import{a as A,e as x}from"./chunk-EJNUVDAK.js";import"./chunk-ZMGS4JRB.js";import{a as y}from"./chunk-U2RXU2W6.js";import"./chunk-DHBVPPNR.js";var j="token.actions.githubusercontent.com";function g(e){let t=J(e),n={Sid:"List",Effect:"Allow",Action:"s3:ListBucket",Resource:t.bucket},r=[n,t.read("ReadRecords",["documents/*","documents.json","pulls/*","baseline.json","runs/*","events/*","inbox/*","models/*","answers/*"]),...t.rewrite("Documents",["documents/*","documents.json","pulls/*","baseline.json","runs/*"]),t.create("CreateEvents",["events/*","models/*"]),...t.rewrite("Answers",["answers/*"]),...["document","event","model","answer"].map(o=>t.tag(o)),t.remove("EmptyInbox",["inbox/*"])];return[{role:"plan",name:"airlock-plan",description:"Plans: creates sealed plans and inbox objects, and can neither read nor change anything",trust:f(e,["airlock-plan"]),policy:u([t.create("Create",["plans/*","models/*","inbox/*"]),...["plan","model","inbox"].map(o=>t.tag(o))])},{role:"fold",name:"airlock-fold",description:"Folds what plans left into the records, and reports; cannot read sealed plans",trust:f(e,["airlock-fold","airlock-drift"]),policy:u(r)},{role:"apply",name:"airlock-apply",description:"Applies: also reads sealed plans, and keeps states that a backend did not take",trust:f(e,e.environments.map(o=>`${o}-apply`)),policy:u([...r,t.read("ReadPlans",["plans/*","errored/*"]),t.create("CreatePlans",["plans/*","inbox/*","errored/*"]),...["plan","inbox","errored"].map(o=>t.tag(o))])},{role:"read",name:"airlock-read",description:"Reads the records, for the dashboard and for people; no sealed plans",trust:M(e),policy:u([n,t.read("ReadRecords",["documents/*","documents.json","pulls/*","baseline.json","events/*","models/*"])])}]}function k({bucket:e,region:t}){let n=`arn:${P(t)}:s3:::${e}`;return u([{Sid:"AirlockTlsOnly",Effect:"Deny",Principal:"*",Action:"s3:*",Resource:[n,`${n}/*`],Condition:{Bool:{"aws:SecureTransport":"false"}}}])}function P(e){return e.startsWith("cn-")?"aws-cn":e.startsWith("us-gov-")?"aws-us-gov":"aws"}function C({repository:e,ids:t},n){let[r,o]=e.split("/"),c=[e,...t?[`${r}@${t.owner}/${o}@${t.repository}`]:[]];return n.flatMap(s=>c.map(i=>`repo:${i}:environment:${s}`))}function f(e,t){return u([{Sid:"Jobs",Effect:"Allow",Principal:{Federated:e.provider},Action:"sts:AssumeRoleWithWebIdentity",Condition:{StringEquals:{[`${j}:aud`]:"sts.amazonaws.com",[`${j}:sub`]:C(e,t)}}}])}function M(e){let t={Sid:"People",Effect:"Allow",Principal:{AWS:e.account},Action:"sts:AssumeRole"};return u([...f(e,["airlock-read"]).Statement,t])}function u(e){return{Version:"2012-10-17",Statement:e}}function J({bucket:e,prefix:t,region:n}){let r=`arn:${P(n)}:s3:::${e}`,o=i=>i.map(a=>`${r}/${t===""?"":`${t}/`}${a}`),c={plan:["plans/*"],model:["models/*"],inbox:["inbox/*"],event:["events/*"],errored:["errored/*"],answer:["answers/*"],document:["documents/*","documents.json","pulls/*","baseline.json","runs/*"]},s=(i,a)=>({Sid:i,Effect:"Allow",Action:"s3:PutObject",Resource:o(a),Condition:{Null:{"s3:if-none-match":"false"}}});return{bucket:r,read:(i,a)=>({Sid:i,Effect:"Allow",Action:"s3:GetObject",Resource:o(a)}),create:s,rewrite:(i,a)=>[s(`Create${i}`,a),{Sid:`Rewrite${i}`,Effect:"Allow",Action:"s3:PutObject",Resource:o(a),Condition:{Null:{"s3:if-match":"false"}}}],remove:(i,a)=>({Sid:i,Effect:"Allow",Action:"s3:DeleteObject",Resource:o(a)}),tag:i=>({Sid:`Tag${i[0].toUpperCase()}${i.slice(1)}`,Effect:"Allow",Action:"s3:PutObjectTagging",Resource:o(c[i]),Condition:{StringEquals:{"s3:RequestObjectTag/airlock":i},"ForAllValues:StringEquals":{"s3:RequestObjectTagKeys":["airlock"]}}})}}async function E(e,{store:t},n,r){let[,o,c]=/^s3:\/\/([^/]+)\/?(.*)$/.exec(t?.url??"")??[],s=n.bucket??o;if(s===void 0)throw b("bucket-unknown","no bucket is named","give --bucket NAME, or set integrations.airlock.store to s3://bucket/prefix");let i=n.region??t?.region??e.ambient.env.AWS_REGION??e.ambient.env.AWS_DEFAULT_REGION;if(i===void 0)throw b("region-unknown",`no region is named for ${s}`,"give --region, or set integrations.airlock.store.region");let a=n.repository??U(await e.repo.config("remote.origin.url")??"");if(a===void 0)throw b("repository-unknown","which repository on GitHub this is cannot be told from origin","give --repository OWNER/NAME");let l=n.environments??await q(e);if(l.length===0)throw b("environments-unknown","no environment is named, and the stacks have no instances to tell them from","give --environment dev,prod: roles trust environments by name, never by a pattern");let{ownerId:m,repositoryId:d}=n;return{bucket:s,prefix:n.prefix??(n.bucket===void 0?c??"":""),region:i,repository:a,ids:m===void 0||d===void 0?void 0:{owner:m,repository:d},environments:l,...r}}function h({planDays:e}){return[{id:"airlock-plans",tag:"plan",days:e+30,oldDays:7},{id:"airlock-inbox",tag:"inbox",days:30,oldDays:7},{id:"airlock-answers",tag:"answer",days:30,oldDays:1},{id:"airlock-models",tag:"model",days:400,oldDays:30},{id:"airlock-errored",tag:"errored",days:void 0,oldDays:365},{id:"airlock-events",tag:"event",days:void 0,oldDays:90},{id:"airlock-documents",tag:"document",days:void 0,oldDays:90}]}function O(e,t){let{bucket:n,prefix:r,region:o}=e;return{bucket:n,prefix:r,region:o,policy:k(e),rules:h(t)}}async function N(e,t,{really:n,done:r}){let o=await e.steps(t);if(n)for(let c of o)await e.carryOut(t,c),r?.(c);return o}async function q(e){let{inventory:t}=await v(e,void 0),n=[...t.values()].filter(({abstract:r,enabled:o})=>!r&&o);return[...new Set(n.map(D))].sort()}function U(e){return/[/:]([A-Za-z0-9-]+\/[A-Za-z0-9._-]+?)(?:\.git)?\/?$/.exec(e)?.[1]}function b(e,t,n){return new y({code:e,message:t,fix:n,exit:2})}var I={provider:"${data.aws_iam_openid_connect_provider.github.arn}",account:"arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"};function T(e,t){return[G(e),L(e),F(e,h(t)),H,...g(e).map(V),Z].join(`
`)}function G({repository:e,ids:t}){let[n,r]=e.split("/"),o=t?["# Each role trusts two subjects of the same jobs: the one by name, which repositories made before July 2026 send,",`# and the immutable one (repo:${n}@${t.owner}/${r}@${t.repository}:environment:\u2026) of newer ones.`]:[`# Roles trust repo:${e}:environment:\u2026. Repositories made or renamed since July 2026 send immutable subjects`,"# (repo:OWNER@ID/NAME@ID:environment:\u2026): print this again with --owner-id and --repository-id, which are",`#   gh api repos/${e} --jq '.owner.id, .id'`];return`# The store of Airlock for ${e}: airlock store provision --print terraform
${o.join(`
`)}

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}
`}function L(e){return`resource "aws_s3_bucket" "airlock" {
  bucket = ${p(e.bucket)}

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "airlock" {
  bucket                  = aws_s3_bucket.airlock.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "airlock" {
  bucket = aws_s3_bucket.airlock.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "airlock" {
  bucket = aws_s3_bucket.airlock.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "airlock" {
  bucket = aws_s3_bucket.airlock.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "airlock" {
  bucket = aws_s3_bucket.airlock.id
  policy = ${w(k(e))}
}
`}function F({prefix:e},t){return`resource "aws_s3_bucket_lifecycle_configuration" "airlock" {
  bucket     = aws_s3_bucket.airlock.id
  depends_on = [aws_s3_bucket_versioning.airlock]

${[...t.map(n=>K(n,e)),z].join(`

`)}
}
`}function K({id:e,tag:t,days:n,oldDays:r},o){let c=o===""?`      tag {
        key   = "airlock"
        value = ${p(t??"")}
      }`:`      and {
        prefix = ${p(`${o}/`)}
        tags = {
          airlock = ${p(t??"")}
        }
      }`,s=n===void 0?"":`

    expiration {
      days = ${n}
    }`;return`  rule {
    id     = ${p(e)}
    status = "Enabled"

    filter {
${c}
    }${s}

    noncurrent_version_expiration {
      noncurrent_days = ${r}
    }
  }`}var z=`  rule {
    id     = "airlock-leftovers"
    status = "Enabled"

    filter {}

    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }`,H=`# The account has this provider once; where it has none yet, make it:
#   resource "aws_iam_openid_connect_provider" "github" {
#     url            = "https://token.actions.githubusercontent.com"
#     client_id_list = ["sts.amazonaws.com"]
#   }
data "aws_iam_openid_connect_provider" "github" {
  url = "https://token.actions.githubusercontent.com"
}
`;function V({role:e,name:t,description:n,trust:r,policy:o}){return`# ${n}.
resource "aws_iam_role" "airlock_${e}" {
  name                 = ${p(t)}
  max_session_duration = ${e==="apply"?43200:3600}
  assume_role_policy   = ${w(r)}
}

resource "aws_iam_role_policy" "airlock_${e}" {
  name   = "store"
  role   = aws_iam_role.airlock_${e}.id
  policy = ${w(o)}
}
`}var Z=`# What integrations.airlock.store.roles in atmos.yaml is set to.
output "roles" {
  value = {
    plan  = aws_iam_role.airlock_plan.arn
    fold  = aws_iam_role.airlock_fold.arn
    apply = aws_iam_role.airlock_apply.arn
    read  = aws_iam_role.airlock_read.arn
  }
}
`;function w(e){return`<<-JSON
${JSON.stringify(e,void 0,2).split(`
`).map(n=>`    ${n}`).join(`
`)}
  JSON`}function p(e){return JSON.stringify(e)}var he={name:"store provision",summary:"Make the bucket of a store and its roles, or print how",usage:"airlock store provision [--print FORMAT] [--bucket NAME] [--yes]",description:`A private bucket (no public access, TLS only, encrypted, with versions), rules for how
long things are kept, and four roles that jobs on GitHub Actions take: plan, fold,
apply, read. Without --print it shows what is to be done to the bucket, and does it
with --yes; roles are printed only. Rules of others in the bucket are kept.`,examples:[{command:"airlock store provision --print terraform",does:"the whole of it as code"},{command:"airlock store provision --bucket acme-airlock",does:"what is to be done"}],flags:[{name:"print",type:"string",value:"FORMAT",help:"Print terraform, or the policies as json"},{name:"bucket",type:"string",value:"NAME",help:"The bucket (default: integrations.airlock.store)"},{name:"prefix",type:"string",value:"PATH",help:"A folder in it (default: as the store says)"},{name:"region",type:"string",value:"REGION",help:"Its region (default: as the store says)"},{name:"endpoint",type:"string",value:"URL",help:"Of a service that is not AWS (default: as the store says)"},{name:"repository",type:"string",value:"OWNER/NAME",help:"On GitHub (default: origin)"},{name:"owner-id",type:"number",value:"N",help:"The owner's number, for immutable subjects"},{name:"repository-id",type:"number",value:"N",help:"The repository's number, for immutable subjects"},{name:"environment",type:"list",value:"LIST",help:"Environments that apply (default: those of the stacks)"},{name:"account",type:"string",value:"NUMBER",help:"The account, in what --print json prints"},{name:"yes",type:"boolean",help:"Do what is to be done to the bucket"}],positional:[],async run({flags:e},t){let n=e.print;if(n!==void 0&&n!=="terraform"&&n!=="json")throw new y({code:"flag-value-invalid",message:`--print takes terraform or json, not ${n}`,exit:2});let r=await R(t),o=await $(r),c=e.account??"ACCOUNT",s=await E(r,o,Q(e),n==="json"?X(c):I);if(n==="terraform")t.print(T(s,o));else if(n==="json")t.print(JSON.stringify(Y(s),void 0,2));else{let i=A(t.color),a=e.endpoint??o.store?.endpoint,l={url:`s3://${s.bucket}`,region:s.region,endpoint:a},m=S(l,t.env),d=e.yes===!0,_=await N(m,O(s,o),{really:d,done:B=>t.note(`  done: ${W[B.kind]}`)});e.json?t.print(JSON.stringify({bucket:s.bucket,region:s.region,steps:_,done:d})):t.print(te(s,_,d,i.bold)),o.store===void 0&&!e.json&&t.print(`
${ee(s)}`)}return 0}};function Q(e){let{bucket:t,prefix:n,region:r,repository:o,environment:c}=e,s=(a,l)=>typeof l=="string"?{[a]:l}:{},i=(a,l)=>typeof l=="number"?{[a]:l}:{};return{...s("bucket",t),...s("prefix",n),...s("region",r),...s("repository",o),...i("ownerId",e["owner-id"]),...i("repositoryId",e["repository-id"]),...Array.isArray(c)&&c.length>0&&{environments:c}}}function X(e){return{provider:`arn:aws:iam::${e}:oidc-provider/token.actions.githubusercontent.com`,account:`arn:aws:iam::${e}:root`}}function Y(e){return Object.fromEntries(g(e).map(({role:t,...n})=>[t,n]))}var W={create:"make the bucket","block-public":"block public access",ownership:"own every object",versions:"keep versions",encryption:"encrypt (AES256)",policy:"refuse requests without TLS",lifecycle:"let go of old plans, inbox objects and versions"};function ee({bucket:e,prefix:t,region:n}){return["No store is set yet. In atmos.yaml, on the protected branch, with the ARNs of the roles when they are made:","","  integrations:","    airlock:","      store:",`        url: s3://${[e,t].filter(r=>r!=="").join("/")}`,`        region: ${n}`,"        roles: { plan: \u2026, fold: \u2026, apply: \u2026, read: \u2026 }"].join(`
`)}function te({bucket:e,region:t},n,r,o){let c=`${n.length} ${n.length===1?"thing":"things"}`;return[n.length===0?`s3://${e} in ${t} is as it should be.`:`${o(`s3://${e}`)} in ${t}: ${r?`did ${c}`:`${c} to do`}`,...n.length===0?[]:["",...x(n.map(({kind:i,now:a})=>[W[i],a]))],"","Roles are not made here: airlock store provision --print terraform prints them, --print json their policies.",...n.length===0||r?[]:["Next: the same with --yes"]].join(`
`)}export{he as command,te as stepsText};
