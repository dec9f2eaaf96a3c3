// Chats, streams and cancels with OpenAI's client for JavaScript. Prints one JSON object; the test judges it.
import OpenAI from "openai";

const client = new OpenAI({ apiKey: "not-needed", baseURL: `${process.argv[2]}v1`, maxRetries: 0 });
const question = { model: "pebble", temperature: 0, messages: [{ role: "user", content: "What is TTFT?" }] };

const whole = await client.chat.completions.create(question);

let streamed = "";
let usage = null;
const kinds = [];
for await (const chunk of await client.chat.completions.create({ ...question, stream: true, stream_options: { include_usage: true } })) {
  streamed += chunk.choices[0]?.delta?.content ?? "";
  usage ??= chunk.usage;
  kinds.push(chunk.choices.length === 0 ? "usage" : chunk.choices[0].finish_reason ? "finish" : chunk.choices[0].delta.role ? "role" : "text");
}

const story = { model: "pebble", ignore_eos: true, max_tokens: 1500, stream: true, messages: [{ role: "user", content: "Write a story about Nina the fox in the forest." }] };
const stream = await client.chat.completions.create(story);
let beforeAbort = 0;
for await (const chunk of stream) {
  if (chunk.choices[0]?.delta?.content && ++beforeAbort === 3) stream.controller.abort();
}

let refusal = null;
try {
  await client.chat.completions.create({ ...question, model: "gpt-5" });
} catch (error) {
  refusal = { name: error.constructor.name, status: error.status, code: error.code, param: error.param };
}

const embedding = await client.embeddings.create({ model: "pebble", input: "the red house" });
const models = [];
for await (const model of client.models.list()) models.push(model.id);

console.log(JSON.stringify({
  whole: whole.choices[0].message.content,
  usage: whole.usage,
  streamed,
  streamUsage: usage,
  kinds: [...new Set(kinds)],
  beforeAbort,
  refusal,
  embeddingWidth: embedding.data[0].embedding.length,
  models,
}));
