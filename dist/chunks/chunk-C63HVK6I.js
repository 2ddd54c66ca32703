import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
var e={"out-of-band":"was changed outside","external-data":"reads what is another now","unapplied-commit":"is not yet what was merged","provider-noise":"is reported as changed by its provider, which is expected"};export{e as a};
