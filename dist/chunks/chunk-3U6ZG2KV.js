import{createRequire as airlockRequire}from'node:module';const require=airlockRequire(import.meta.url);
