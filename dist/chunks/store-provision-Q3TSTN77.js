import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
import{e as $}from"./chunk-XXDWPY4H.js";import"./chunk-I2B2NOJE.js";import"./chunk-3H7DIEQU.js";import{N as R,T as A,X as x,c as v,r as S}from"./chunk-IT7BREEN.js";import{a as D,e as E}from"./chunk-EJNUVDAK.js";import"./chunk-ZMGS4JRB.js";import{a as y}from"./chunk-GGLZWIM2.js";import"./chunk-RUZML3UI.js";var P="token.actions.githubusercontent.com";function f(e){let t=q(e),n={Sid:"List",Effect:"Allow",Action:"s3:ListBucket",Resource:t.bucket},i=[n,t.read("ReadRecords",["documents/*","pulls/*","baseline.json","events/*","inbox/*","models/*"]),...t.rewrite("Documents",["documents/*","pulls/*","baseline.json"]),t.create("CreateEvents",["events/*","models/*"]),...["document","event","model"].map(o=>t.tag(o)),t.remove("EmptyInbox",["inbox/*"])];return[{role:"plan",name:"airlock-plan",description:"Plans: creates sealed plans and inbox objects, and can neither read nor change anything",trust:g(e,["airlock-plan"]),policy:u([t.create("Create",["plans/*","models/*","inbox/*"]),...["plan","model","inbox"].map(o=>t.tag(o))])},{role:"fold",name:"airlock-fold",description:"Folds what plans left into the records, and reports; cannot read sealed plans",trust:g(e,["airlock-fold","airlock-drift"]),policy:u(i)},{role:"apply",name:"airlock-apply",description:"Applies: also reads sealed plans, and keeps states that a backend did not take",trust:g(e,e.environments.map(o=>`${o}-apply`)),policy:u([...i,t.read("ReadPlans",["plans/*","errored/*"]),t.create("CreatePlans",["plans/*","inbox/*","errored/*"]),...["plan","inbox","errored"].map(o=>t.tag(o))])},{role:"read",name:"airlock-read",description:"Reads the records, for the dashboard and for people; no sealed plans",trust:J(e),policy:u([n,t.read("ReadRecords",["documents/*","pulls/*","baseline.json","events/*","models/*"])])}]}function k({bucket:e,region:t}){let n=`arn:${j(t)}:s3:::${e}`;return u([{Sid:"AirlockTlsOnly",Effect:"Deny",Principal:"*",Action:"s3:*",Resource:[n,`${n}/*`],Condition:{Bool:{"aws:SecureTransport":"false"}}}])}function j(e){return e.startsWith("cn-")?"aws-cn":e.startsWith("us-gov-")?"aws-us-gov":"aws"}function M({repository:e,ids:t},n){let[i,o]=e.split("/"),a=[e,...t?[`${i}@${t.owner}/${o}@${t.repository}`]:[]];return n.flatMap(r=>a.map(s=>`repo:${s}:environment:${r}`))}function g(e,t){return u([{Sid:"Jobs",Effect:"Allow",Principal:{Federated:e.provider},Action:"sts:AssumeRoleWithWebIdentity",Condition:{StringEquals:{[`${P}:aud`]:"sts.amazonaws.com",[`${P}:sub`]:M(e,t)}}}])}function J(e){let t={Sid:"People",Effect:"Allow",Principal:{AWS:e.account},Action:"sts:AssumeRole"};return u([...g(e,["airlock-read"]).Statement,t])}function u(e){return{Version:"2012-10-17",Statement:e}}function q({bucket:e,prefix:t,region:n}){let i=`arn:${j(n)}:s3:::${e}`,o=s=>s.map(c=>`${i}/${t===""?"":`${t}/`}${c}`),a={plan:["plans/*"],model:["models/*"],inbox:["inbox/*"],event:["events/*"],errored:["errored/*"],document:["documents/*","pulls/*","baseline.json"]},r=(s,c)=>({Sid:s,Effect:"Allow",Action:"s3:PutObject",Resource:o(c),Condition:{Null:{"s3:if-none-match":"false"}}});return{bucket:i,read:(s,c)=>({Sid:s,Effect:"Allow",Action:"s3:GetObject",Resource:o(c)}),create:r,rewrite:(s,c)=>[r(`Create${s}`,c),{Sid:`Rewrite${s}`,Effect:"Allow",Action:"s3:PutObject",Resource:o(c),Condition:{Null:{"s3:if-match":"false"}}}],remove:(s,c)=>({Sid:s,Effect:"Allow",Action:"s3:DeleteObject",Resource:o(c)}),tag:s=>({Sid:`Tag${s[0].toUpperCase()}${s.slice(1)}`,Effect:"Allow",Action:"s3:PutObjectTagging",Resource:o(a[s]),Condition:{StringEquals:{"s3:RequestObjectTag/airlock":s},"ForAllValues:StringEquals":{"s3:RequestObjectTagKeys":["airlock"]}}})}}async function O(e,{store:t},n,i){let[,o,a]=/^s3:\/\/([^/]+)\/?(.*)$/.exec(t?.url??"")??[],r=n.bucket??o;if(r===void 0)throw b("bucket-unknown","no bucket is named","give --bucket NAME, or set integrations.airlock.store to s3://bucket/prefix");let s=n.region??t?.region??e.ambient.env.AWS_REGION??e.ambient.env.AWS_DEFAULT_REGION;if(s===void 0)throw b("region-unknown",`no region is named for ${r}`,"give --region, or set integrations.airlock.store.region");let c=n.repository??U(await e.repo.config("remote.origin.url")??"");if(c===void 0)throw b("repository-unknown","which repository on GitHub this is cannot be told from origin","give --repository OWNER/NAME");let l=n.environments??await G(e);if(l.length===0)throw b("environments-unknown","no environment is named, and the stacks have no instances to tell them from","give --environment dev,prod: roles trust environments by name, never by a pattern");let{ownerId:m,repositoryId:d}=n;return{bucket:r,prefix:n.prefix??(n.bucket===void 0?a??"":""),region:s,repository:c,ids:m===void 0||d===void 0?void 0:{owner:m,repository:d},environments:l,...i}}function _({planDays:e}){return[{id:"airlock-plans",tag:"plan",days:e+30,oldDays:7},{id:"airlock-inbox",tag:"inbox",days:30,oldDays:7},{id:"airlock-models",tag:"model",days:400,oldDays:30},{id:"airlock-errored",tag:"errored",days:void 0,oldDays:365},{id:"airlock-events",tag:"event",days:void 0,oldDays:90},{id:"airlock-documents",tag:"document",days:void 0,oldDays:90}]}function N(e,t){let{bucket:n,prefix:i,region:o}=e;return{bucket:n,prefix:i,region:o,policy:k(e),rules:_(t)}}async function I(e,t,{really:n,done:i}){let o=await e.steps(t);if(n)for(let a of o)await e.carryOut(t,a),i?.(a);return o}async function G(e){let{inventory:t}=await $(e,void 0),i=[...t.values()].filter(({abstract:o,enabled:a})=>!o&&a).map(({sections:o,stack:a})=>{let r=v(o,["vars","stage"]);return S(o).environment??(r?.kind==="scalar"&&typeof r.value=="string"&&r.value!==""?r.value:a)});return[...new Set(i)].sort()}function U(e){return/[/:]([A-Za-z0-9-]+\/[A-Za-z0-9._-]+?)(?:\.git)?\/?$/.exec(e)?.[1]}function b(e,t,n){return new y({code:e,message:t,fix:n,exit:2})}var T={provider:"${data.aws_iam_openid_connect_provider.github.arn}",account:"arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"};function W(e,t){return[F(e),K(e),L(e,_(t)),V,...f(e).map(Z),Q].join(`
`)}function F({repository:e,ids:t}){let[n,i]=e.split("/"),o=t?["# Each role trusts two subjects of the same jobs: the one by name, which repositories made before July 2026 send,",`# and the immutable one (repo:${n}@${t.owner}/${i}@${t.repository}:environment:\u2026) of newer ones.`]:[`# Roles trust repo:${e}:environment:\u2026. Repositories made or renamed since July 2026 send immutable subjects`,"# (repo:OWNER@ID/NAME@ID:environment:\u2026): print this again with --owner-id and --repository-id, which are",`#   gh api repos/${e} --jq '.owner.id, .id'`];return`# The store of Airlock for ${e}: airlock store provision --print terraform
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
`}function K(e){return`resource "aws_s3_bucket" "airlock" {
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
  policy = ${h(k(e))}
}
`}function L({prefix:e},t){return`resource "aws_s3_bucket_lifecycle_configuration" "airlock" {
  bucket     = aws_s3_bucket.airlock.id
  depends_on = [aws_s3_bucket_versioning.airlock]

${[...t.map(n=>z(n,e)),H].join(`

`)}
}
`}function z({id:e,tag:t,days:n,oldDays:i},o){let a=o===""?`      tag {
        key   = "airlock"
        value = ${p(t??"")}
      }`:`      and {
        prefix = ${p(`${o}/`)}
        tags = {
          airlock = ${p(t??"")}
        }
      }`,r=n===void 0?"":`

    expiration {
      days = ${n}
    }`;return`  rule {
    id     = ${p(e)}
    status = "Enabled"

    filter {
${a}
    }${r}

    noncurrent_version_expiration {
      noncurrent_days = ${i}
    }
  }`}var H=`  rule {
    id     = "airlock-leftovers"
    status = "Enabled"

    filter {}

    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }`,V=`# The account has this provider once; where it has none yet, make it:
#   resource "aws_iam_openid_connect_provider" "github" {
#     url            = "https://token.actions.githubusercontent.com"
#     client_id_list = ["sts.amazonaws.com"]
#   }
data "aws_iam_openid_connect_provider" "github" {
  url = "https://token.actions.githubusercontent.com"
}
`;function Z({role:e,name:t,description:n,trust:i,policy:o}){return`# ${n}.
resource "aws_iam_role" "airlock_${e}" {
  name                 = ${p(t)}
  max_session_duration = ${e==="apply"?43200:3600}
  assume_role_policy   = ${h(i)}
}

resource "aws_iam_role_policy" "airlock_${e}" {
  name   = "store"
  role   = aws_iam_role.airlock_${e}.id
  policy = ${h(o)}
}
`}var Q=`# What integrations.airlock.store.roles in atmos.yaml is set to.
output "roles" {
  value = {
    plan  = aws_iam_role.airlock_plan.arn
    fold  = aws_iam_role.airlock_fold.arn
    apply = aws_iam_role.airlock_apply.arn
    read  = aws_iam_role.airlock_read.arn
  }
}
`;function h(e){return`<<-JSON
${JSON.stringify(e,void 0,2).split(`
`).map(n=>`    ${n}`).join(`
`)}
  JSON`}function p(e){return JSON.stringify(e)}var _e={name:"store provision",summary:"Make the bucket of a store and its roles, or print how",usage:"airlock store provision [--print FORMAT] [--bucket NAME] [--yes]",description:`A private bucket (no public access, TLS only, encrypted, with versions), rules for how
long things are kept, and four roles that jobs on GitHub Actions take: plan, fold,
apply, read. Without --print it shows what is to be done to the bucket, and does it
with --yes; roles are printed only. Rules of others in the bucket are kept.`,examples:[{command:"airlock store provision --print terraform",does:"the whole of it as code"},{command:"airlock store provision --bucket acme-airlock",does:"what is to be done"}],flags:[{name:"print",type:"string",value:"FORMAT",help:"Print terraform, or the policies as json"},{name:"bucket",type:"string",value:"NAME",help:"The bucket (default: integrations.airlock.store)"},{name:"prefix",type:"string",value:"PATH",help:"A folder in it (default: as the store says)"},{name:"region",type:"string",value:"REGION",help:"Its region (default: as the store says)"},{name:"repository",type:"string",value:"OWNER/NAME",help:"On GitHub (default: origin)"},{name:"owner-id",type:"number",value:"N",help:"The owner's number, for immutable subjects"},{name:"repository-id",type:"number",value:"N",help:"The repository's number, for immutable subjects"},{name:"environment",type:"list",value:"LIST",help:"Environments that apply (default: those of the stacks)"},{name:"account",type:"string",value:"NUMBER",help:"The account, in what --print json prints"},{name:"yes",type:"boolean",help:"Do what is to be done to the bucket"}],positional:[],async run({flags:e},t){let n=e.print;if(n!==void 0&&n!=="terraform"&&n!=="json")throw new y({code:"flag-value-invalid",message:`--print takes terraform or json, not ${n}`,exit:2});let i=await A(t),o=await R(i),a=e.account??"ACCOUNT",r=await O(i,o,X(e),n==="json"?Y(a):T);if(n==="terraform")t.print(W(r,o));else if(n==="json")t.print(JSON.stringify(ee(r),void 0,2));else{let s=D(t.color),{url:c,endpoint:l}=o.store??{url:`s3://${r.bucket}`,endpoint:void 0},m=x({url:c,region:r.region,endpoint:l},t.env),d=e.yes===!0,w=await I(m,N(r,o),{really:d,done:C=>t.note(`  done: ${B[C.kind]}`)});e.json?t.print(JSON.stringify({bucket:r.bucket,region:r.region,steps:w,done:d})):t.print(te(r,w,d,s.bold))}return 0}};function X(e){let{bucket:t,prefix:n,region:i,repository:o,environment:a}=e,r=(c,l)=>typeof l=="string"?{[c]:l}:{},s=(c,l)=>typeof l=="number"?{[c]:l}:{};return{...r("bucket",t),...r("prefix",n),...r("region",i),...r("repository",o),...s("ownerId",e["owner-id"]),...s("repositoryId",e["repository-id"]),...Array.isArray(a)&&a.length>0&&{environments:a}}}function Y(e){return{provider:`arn:aws:iam::${e}:oidc-provider/token.actions.githubusercontent.com`,account:`arn:aws:iam::${e}:root`}}function ee(e){return Object.fromEntries(f(e).map(({role:t,...n})=>[t,n]))}var B={create:"make the bucket","block-public":"block public access",ownership:"own every object",versions:"keep versions",encryption:"encrypt (AES256)",policy:"refuse requests without TLS",lifecycle:"let go of old plans, inbox objects and versions"};function te({bucket:e,region:t},n,i,o){let a=`${n.length} ${n.length===1?"thing":"things"}`;return[n.length===0?`s3://${e} in ${t} is as it should be.`:`${o(`s3://${e}`)} in ${t}: ${i?`did ${a}`:`${a} to do`}`,...n.length===0?[]:["",...E(n.map(({kind:s,now:c})=>[B[s],c]))],"","Roles are not made here: airlock store provision --print terraform prints them, --print json their policies.",...n.length===0||i?[]:["Next: the same with --yes"]].join(`
`)}export{_e as command,te as stepsText};
