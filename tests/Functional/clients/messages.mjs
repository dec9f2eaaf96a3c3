// Chats, streams, calls, counts and cancels with Anthropic's client for JavaScript. Prints one JSON object; the test judges it.
import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ apiKey: "not-needed", baseURL: process.argv[2].replace(/\/$/, ""), maxRetries: 0 });
const question = { model: "pebble", max_tokens: 100, temperature: 0, messages: [{ role: "user", content: "What is TTFT?" }] };

const whole = await client.messages.create(question);

const stream = client.messages.stream(question);
let streamed = "";
const kinds = [];
stream.on("text", (delta) => (streamed += delta));
stream.on("streamEvent", (event) => kinds.push(event.type));
const final = await stream.finalMessage();

const weather = {
  name: "weather",
  description: "The weather now",
  input_schema: { type: "object", properties: { city: { type: "string", maxLength: 20 } }, required: ["city"], additionalProperties: false },
};
const calling = { ...question, messages: [{ role: "user", content: "What is the weather in Oslo?" }], tools: [weather], tool_choice: { type: "tool", name: "weather" } };
const called = await client.messages.create(calling);
const calledInStream = await client.messages.stream(calling).finalMessage();
const call = called.content.find((block) => block.type === "tool_use");
const answered = await client.messages.create({
  ...calling,
  tool_choice: { type: "none" },
  messages: [...calling.messages, { role: "assistant", content: called.content }, { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: "7 degrees" }] }],
});

const story = { model: "pebble", max_tokens: 1500, messages: [{ role: "user", content: "Write a story about Nina the fox in the forest." }], ignore_eos: true, stream: true };
let beforeAbort = 0;
const long = await client.messages.create(story);
for await (const event of long) {
  if (event.type === "content_block_delta" && ++beforeAbort === 3) long.controller.abort();
}

let refusal = null;
try {
  await client.messages.create({ ...question, model: "claude" });
} catch (error) {
  refusal = { name: error.constructor.name, status: error.status, type: error.type, errorCode: error.errorCode, hasId: error.requestID?.startsWith("req_") };
}

console.log(JSON.stringify({
  whole: whole.content.map((block) => block.text ?? "").join(""),
  stopReason: whole.stop_reason,
  usage: [whole.usage.input_tokens + whole.usage.cache_read_input_tokens, whole.usage.output_tokens],
  streamed,
  streamUsage: [final.usage.input_tokens + final.usage.cache_read_input_tokens, final.usage.output_tokens],
  finalText: final.content.map((block) => block.text ?? "").join(""),
  kinds: [...new Set(kinds)],
  called: { reason: called.stop_reason, name: call.name, city: typeof call.input.city },
  calledInStream: calledInStream.content.find((block) => block.type === "tool_use").input,
  calledWhole: call.input,
  answered: answered.stop_reason,
  count: (await client.messages.countTokens({ model: "pebble", messages: question.messages })).input_tokens,
  beforeAbort,
  refusal,
}));
