// Asks for responses, whole and streamed, with OpenAI's client for JavaScript. Prints one JSON object; the test judges it.
import OpenAI from "openai";

const client = new OpenAI({ apiKey: "not-needed", baseURL: `${process.argv[2]}v1`, maxRetries: 0 });
const question = { model: "pebble", store: false, temperature: 0, input: "What is TTFT?" };

const whole = await client.responses.create(question);

const stream = client.responses.stream(question);
let streamed = "";
stream.on("response.output_text.delta", (event) => (streamed += event.delta));
const kinds = [];
stream.on("event", (event) => kinds.push(event.type));
const final = await stream.finalResponse();

const schema = { type: "object", properties: { city: { type: "string", maxLength: 20 } }, required: ["city"], additionalProperties: false };
const calling = {
  ...question,
  input: [{ role: "user", content: "What is the weather in Oslo?" }],
  tools: [{ type: "function", name: "weather", parameters: schema, strict: true }],
  tool_choice: "required",
  parallel_tool_calls: false,
};
const called = await client.responses.create(calling);
const call = called.output.find((item) => item.type === "function_call");
const answered = await client.responses.create({
  ...calling,
  tool_choice: "none",
  input: [...calling.input, ...called.output, { type: "function_call_output", call_id: call.call_id, output: "7 degrees" }],
});
const shaped = await client.responses.parse({ ...question, text: { format: { type: "json_schema", name: "place", schema, strict: true } } });

let refusal = null;
try {
  await client.responses.create({ ...question, previous_response_id: "resp_1" });
} catch (error) {
  refusal = { name: error.constructor.name, status: error.status, code: error.code, param: error.param };
}

console.log(JSON.stringify({
  whole: whole.output_text,
  status: whole.status,
  usage: [whole.usage.input_tokens, whole.usage.output_tokens],
  streamed,
  finalText: final.output.flatMap((item) => item.content ?? []).map((part) => part.text).join(""),
  streamUsage: [final.usage.input_tokens, final.usage.output_tokens],
  kinds: [...new Set(kinds)],
  called: { name: call.name, city: typeof JSON.parse(call.arguments).city },
  answered: answered.status,
  shaped: typeof JSON.parse(shaped.output_text).city,
  refusal,
}));
