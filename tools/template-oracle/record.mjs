// Renders templates with @huggingface/jinja and records its answers as fixtures for tests/Models/Templates.
//   node record.mjs <folder of real templates>     records real.json and language.json
//   node record.mjs <template file> <case name>     prints one answer, to compare by eye
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Environment, Template } from "@huggingface/jinja";

const fixtures = join(dirname(fileURLToPath(import.meta.url)), "../../tests/Models/Templates/Fixtures");
const { now, bos_token, eos_token, language, tools, cases } = JSON.parse(readFileSync(join(fixtures, "cases.json"), "utf8"));

// strftime_now reads the clock in the machine's time zone: both are fixed.
process.env.TZ = "UTC";
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length > 0 ? given : [now]));
  }
};

// An exception that the template raises on purpose is told apart from what the oracle cannot do.
class Raised extends Error {}
const set = Environment.prototype.set;
Environment.prototype.set = function (name, value) {
  const raise = (message) => {
    throw new Raised(String(message));
  };
  return set.call(this, name, name === "raise_exception" ? raise : value);
};

// Arguments that are a JSON object reach the template as a mapping, anything else as the text that the model wrote.
function withArguments(call) {
  let parsed;
  try {
    parsed = JSON.parse(call.function.arguments);
  } catch {
    parsed = null;
  }
  const isObject = parsed !== null && typeof parsed === "object" && !Array.isArray(parsed);
  const { name, arguments: text } = call.function;
  return { id: call.id, type: "function", function: { name, arguments: isObject ? parsed : text } };
}

// Absent fields stay absent: a template sees them as undefined. The order is that of ChatMessage's fields.
function asVariable({ role, content, name, reasoning_content, tool_calls, tool_call_id }) {
  const message = { role, content: content ?? null };
  if (name !== undefined) message.name = name;
  if (reasoning_content !== undefined) message.reasoning_content = reasoning_content;
  if (tool_calls !== undefined) message.tool_calls = tool_calls.map(withArguments);
  if (tool_call_id !== undefined) message.tool_call_id = tool_call_id;
  return message;
}

function variablesOf(example) {
  const variables = {
    messages: example.messages.map(asVariable),
    add_generation_prompt: example.add_generation_prompt ?? true,
    bos_token,
    eos_token,
    ...example.arguments,
  };
  if (example.tools) variables.tools = example.tools.map((name) => tools[name]);
  return variables;
}

function attempt(template, variables) {
  try {
    return { text: template().render(variables) };
  } catch (fault) {
    return fault instanceof Raised ? { raises: fault.message } : { lacks: fault.message };
  }
}

// A template that fails on the null content of an assistant's tool call is asked again with empty content.
function answer(template, variables) {
  const first = attempt(template, variables);
  const { messages } = variables;
  if ("text" in first || !messages?.some(({ content }) => content === null)) return first;
  const second = attempt(template, { ...variables, messages: messages.map((m) => ({ ...m, content: m.content ?? "" })) });
  return "text" in second ? second : first;
}

// The prompts of real models are long and largely their templates' own text: a digest says as much about equality.
function digested(one) {
  return "text" in one ? { sha256: createHash("sha256").update(one.text).digest("hex"), characters: one.text.length } : one;
}

function parsedOnce(source) {
  let template;
  return () => (template ??= new Template(source));
}

function templatesIn(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".jinja")).sort();
  return files.map((file) => [file, parsedOnce(readFileSync(join(folder, file), "utf8"))]);
}

function recordReal(folder) {
  const answersOf = (template) => Object.fromEntries(cases.map((example) => [example.name, digested(answer(template, variablesOf(example)))]));
  return Object.fromEntries(templatesIn(folder).map(([file, template]) => [file, answersOf(template)]));
}

function recordLanguage() {
  const answerOf = (template) => attempt(template, structuredClone(language));
  return Object.fromEntries(templatesIn(join(fixtures, "language")).map(([file, template]) => [file, answerOf(template)]));
}

function write(name, answers) {
  writeFileSync(join(fixtures, name), `${JSON.stringify(answers, null, 1)}\n`);
  const all = Object.values(answers).flatMap((of) => ("user" in of ? Object.values(of) : [of]));
  const count = (kind) => all.filter((one) => kind in one).length;
  console.log(`${name}: ${count("text") + count("sha256")} rendered, ${count("raises")} raised by the template, ${count("lacks")} beyond the oracle`);
}

const [path, caseName] = process.argv.slice(2);
if (caseName) {
  const example = cases.find(({ name }) => name === caseName);
  console.log(answer(parsedOnce(readFileSync(path, "utf8")), variablesOf(example)));
} else {
  write("real.json", recordReal(path));
  write("language.json", recordLanguage());
}
