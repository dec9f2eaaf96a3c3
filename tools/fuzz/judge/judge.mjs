// Reads lines from standard input: {"id", "schema"} opens a schema, {"text"} is a document of the schema opened last.
// Writes a line for each document that does not parse or validate ({"id", "text", "why"}) and for each schema that Ajv itself
// refuses ({"id", "refused"}), then {"schemas", "refused", "documents", "invalid"}.
import { createInterface } from "node:readline";
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";

const options = { strict: false, allErrors: false, validateFormats: true, logger: false };

// The draft that a schema names; one that names none is read as the newest that accepts it.
function drafts(schema) {
  const named = String(schema?.$schema ?? "");
  if (named.includes("draft-04") || named.includes("draft-03")) return [AjvDraft04];
  if (named.includes("draft-06") || named.includes("draft-07")) return [Ajv, AjvDraft04];
  return [Ajv2020, Ajv, AjvDraft04];
}

function compile(schema) {
  let why;
  for (const Draft of drafts(schema)) {
    try {
      const ajv = new Draft(options);
      addFormats(ajv);
      return { validate: ajv.compile(withoutDialect(schema)) };
    } catch (error) {
      why ??= error.message;
    }
  }
  return { why };
}

// The dialect is chosen above; unknown or older names would be looked up as references.
function withoutDialect(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  const { $schema, ...rest } = schema;
  return rest;
}

function faultOf(validate, text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `does not parse: ${error.message}`;
  }
  if (validate(value)) return null;
  const [first] = validate.errors;
  return `${first.instancePath} ${first.message} (${first.schemaPath})`;
}

const totals = { schemas: 0, refused: 0, documents: 0, invalid: 0 };
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
let current = { id: null, validate: null };

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const entry = JSON.parse(line);
  if ("schema" in entry) {
    totals.schemas++;
    const { validate, why } = compile(entry.schema);
    if (!validate) {
      totals.refused++;
      say({ id: entry.id, refused: why });
    }
    current = { id: entry.id, validate };
  } else if (current.validate) {
    totals.documents++;
    const why = faultOf(current.validate, entry.text);
    if (why !== null) {
      totals.invalid++;
      say({ id: current.id, text: entry.text, why });
    }
  }
}
say(totals);
