// What works of each surface with the official clients for JavaScript: arguments are the server's address and a model. Prints {surface: {feature: "ok" or what went wrong}}.
import OpenAI from "openai";
import Anthropic from "@anthropic-ai/sdk";

const [address, model] = process.argv.slice(2);
const openai = new OpenAI({ apiKey: "not-needed", baseURL: `${address}v1`, maxRetries: 0 });
const anthropic = new Anthropic({ apiKey: "not-needed", baseURL: address.replace(/\/$/, ""), maxRetries: 0 });

const city = { type: "object", properties: { city: { type: "string", maxLength: 20 } }, required: ["city"], additionalProperties: false };
const ask = [{ role: "user", content: "What is TTFT?" }];
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const check = (holds, what) => { if (!holds) throw new Error(`unexpected: ${JSON.stringify(what)}`); };
const fails = async (kind, run) => {
  try { await run(); } catch (error) { check(error instanceof kind, `${error.constructor.name} ${error.status} ${error.message}`); return; }
  throw new Error("no error");
};

const chat = {
  stream: async () => {
    const body = { model, temperature: 0, max_tokens: 30, messages: ask };
    const whole = await openai.chat.completions.create(body);
    let text = "", usage;
    for await (const chunk of await openai.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } })) {
      text += chunk.choices[0]?.delta?.content ?? "";
      usage = chunk.usage ?? usage;
    }
    check(text.length > 0 && text === whole.choices[0].message.content && usage.completion_tokens === whole.usage.completion_tokens, [text, whole, usage]);
  },
  tools: async () => {
    const stream = openai.chat.completions.stream({
      model, temperature: 0, max_tokens: 60, messages: ask, tools: [{ type: "function", function: { name: "weather", parameters: city } }], tool_choice: "required", parallel_tool_calls: false });
    const [call] = (await stream.finalChatCompletion()).choices[0].message.tool_calls;
    check(call.function.name === "weather" && typeof JSON.parse(call.function.arguments).city === "string", call);
  },
  structured: async () => {
    const answer = await openai.chat.completions.create({ model, temperature: 0, max_tokens: 60, messages: ask, response_format: { type: "json_schema", json_schema: { name: "a", schema: city, strict: true } } });
    check(typeof JSON.parse(answer.choices[0].message.content).city === "string", answer);
  },
  cancel: async () => {
    const stream = await openai.chat.completions.create({ model, max_tokens: 200, messages: ask, stream: true });
    let seen = 0;
    for await (const _ of stream) if (++seen === 3) stream.controller.abort();
    check(seen >= 3, seen);
  },
  picture: () => fails(OpenAI.BadRequestError, () => openai.chat.completions.create({
    model, max_tokens: 5, messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${pixel}` } }] }] })),
  unknown: () => fails(OpenAI.NotFoundError, () => openai.chat.completions.create({ model: "nobody", messages: ask })),
};

const responses = {
  stream: async () => {
    const body = { model, store: false, temperature: 0, max_output_tokens: 30, input: "What is TTFT?" };
    const whole = await openai.responses.create(body);
    const stream = openai.responses.stream(body);
    let text = "";
    stream.on("response.output_text.delta", (event) => (text += event.delta));
    const final = await stream.finalResponse();
    check(text.length > 0 && text === whole.output_text && final.usage.output_tokens === whole.usage.output_tokens, [text, whole.output_text, final.usage]);
  },
  tools: async () => {
    const final = await openai.responses.stream({
      model, store: false, temperature: 0, max_output_tokens: 60, input: "Weather in Oslo?", tools: [{ type: "function", name: "weather", parameters: city, strict: true }], tool_choice: "required", parallel_tool_calls: false }).finalResponse();
    const call = final.output.find((item) => item.type === "function_call");
    check(call.name === "weather" && typeof JSON.parse(call.arguments).city === "string", call);
  },
  structured: async () => {
    const answer = await openai.responses.create({ model, store: false, temperature: 0, max_output_tokens: 60, input: "Where?", text: { format: { type: "json_schema", name: "a", schema: city, strict: true } } });
    check(typeof JSON.parse(answer.output_text).city === "string", answer);
  },
  cancel: async () => {
    const stream = await openai.responses.create({ model, store: false, max_output_tokens: 200, input: "What is TTFT?", stream: true });
    let seen = 0;
    for await (const _ of stream) if (++seen === 5) stream.controller.abort();
    check(seen >= 5, seen);
  },
  picture: () => fails(OpenAI.BadRequestError, () => openai.responses.create({
    model, store: false, input: [{ role: "user", content: [{ type: "input_image", detail: "auto", image_url: `data:image/png;base64,${pixel}` }] }] })),
  state: () => fails(OpenAI.BadRequestError, () => openai.responses.create({ model, store: false, previous_response_id: "resp_1", input: "hi" })),
  unknown: () => fails(OpenAI.NotFoundError, () => openai.responses.create({ model: "nobody", store: false, input: "hi" })),
};

const messages = {
  stream: async () => {
    const body = { model, temperature: 0, max_tokens: 30, messages: ask };
    const whole = await anthropic.messages.create(body);
    const stream = anthropic.messages.stream(body);
    let text = "";
    stream.on("text", (delta) => (text += delta));
    const final = await stream.finalMessage();
    check(text.length > 0 && text === whole.content[0].text && final.usage.output_tokens === whole.usage.output_tokens, [text, whole, final.usage]);
  },
  tools: async () => {
    const final = await anthropic.messages.stream({
      model, temperature: 0, max_tokens: 60, messages: ask, tools: [{ name: "weather", input_schema: city }], tool_choice: { type: "any", disable_parallel_tool_use: true } }).finalMessage();
    const call = final.content.find((block) => block.type === "tool_use");
    check(final.stop_reason === "tool_use" && call.name === "weather" && typeof call.input.city === "string", final);
  },
  structured: async () => {
    const answer = await anthropic.messages.create({ model, temperature: 0, max_tokens: 60, messages: ask, output_config: { format: { type: "json_schema", schema: city } } });
    check(typeof JSON.parse(answer.content.find((block) => block.type === "text").text).city === "string", answer);
  },
  cancel: async () => {
    const stream = await anthropic.messages.create({ model, max_tokens: 200, messages: ask, stream: true });
    let seen = 0;
    for await (const _ of stream) if (++seen === 4) stream.controller.abort();
    check(seen >= 4, seen);
  },
  picture: () => fails(Anthropic.BadRequestError, () => anthropic.messages.create({
    model, max_tokens: 5, messages: [{ role: "user", content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: pixel } }] }] })),
  unknown: () => fails(Anthropic.NotFoundError, () => anthropic.messages.create({ model: "nobody", max_tokens: 5, messages: ask })),
  count: async () => check((await anthropic.messages.countTokens({ model, messages: ask })).input_tokens > 3, "count"),
  models: async () => {
    const ids = [];
    for await (const one of anthropic.models.list()) ids.push(one.id);
    check(ids.includes(model) && (await anthropic.models.retrieve(model)).id === model, ids);
  },
};

const results = {};
for (const [surface, features] of Object.entries({ chat, responses, messages })) {
  results[surface] = {};
  for (const [feature, run] of Object.entries(features)) {
    try { await run(); results[surface][feature] = "ok"; } catch (error) { results[surface][feature] = `${error.constructor.name}: ${error.message}`.slice(0, 500); }
  }
}

console.log(JSON.stringify(results));
