// Validates an AsyncAPI document with AsyncAPI's own parser: node validate-asyncapi.mjs FILE
// Prints what it finds as JSON; exits with 1 if any of it is an error.

import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const findings = diagnostics.map(({ code, message, path, severity }) => ({
  code,
  message,
  path: path.join("."),
  severity,
}));
console.log(JSON.stringify(findings, null, 2));
process.exit(document && findings.every(({ severity }) => severity > 0) ? 0 : 1);
