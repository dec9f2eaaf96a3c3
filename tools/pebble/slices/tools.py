"""Tool calls, missing tools and tool results."""
import json

from slices.items import chat, dumps, item
from slices.words import CITIES, DAYS, NAMES

TOOLS = {
    "get_weather": ["city"], "get_time": ["city"], "set_timer": ["minutes"],
    "add_event": ["title", "day"], "send_message": ["to", "text"], "find_hotel": ["city", "day"],
}
MEETINGS = "lunch dinner meeting party match lesson".split()
NO_TOOL = "I don't have a tool for that."


def tools(r):
    name = r.choice(list(TOOLS))
    c, d, n, m, k = r.choice(CITIES), r.choice(DAYS), r.choice(NAMES), r.choice(MEETINGS), r.randint(1, 60)
    q, args = {
        "get_weather": (["What is the weather in {c}?", "How is the weather in {c}?", "Is it raining in {c}?"], {"city": c}),
        "get_time": (["What time is it in {c}?", "Tell me the time in {c}."], {"city": c}),
        "set_timer": (["Set a timer for {k} minutes.", "Wake me in {k} minutes."], {"minutes": k}),
        "add_event": (["Put {m} on {d} in my calendar.", "Add {m} to my calendar for {d}."], {"title": m, "day": d}),
        "send_message": (["Tell {n} that the {m} is on {d}.", "Write to {n}: the {m} is on {d}."],
                         {"to": n, "text": f"the {m} is on {d}"}),
        "find_hotel": (["Find a hotel in {c} for {d}.", "I need a hotel in {c} on {d}."], {"city": c, "day": d}),
    }[name]
    q = r.choice(q).format(c=c, d=d, n=n, m=m, k=k)
    others = [x for x in TOOLS if x != name]
    r.shuffle(others)
    missing = r.random() < 0.12
    listed = others[:r.randint(1, 3)] + ([] if missing else [name])
    r.shuffle(listed)
    system = {"role": "system", "content": "Tools: " + ", ".join(f"{t}({', '.join(TOOLS[t])})" for t in listed)}
    call = "<tool_call>" + json.dumps({"name": name, "arguments": args}, ensure_ascii=False, separators=(",", ":")) + "</tool_call>"
    if missing:
        return item("tools", [system] + chat(q), NO_TOOL, sub="no_tool")
    if name in ("get_weather", "get_time") and r.random() < 0.35:
        if name == "get_weather":
            t, sky = r.randint(0, 35), r.choice(["sunny", "cloudy", "rainy", "windy"])
            res, ans = {"temperature": t, "sky": sky}, f"It is {t} degrees and {sky} in {c}."
        else:
            h, mi = r.randint(0, 23), r.randint(10, 59)
            res, ans = {"hour": h, "minute": mi}, f"It is {h}:{mi} in {c}."
        msgs = [system] + chat(q, call) + [{"role": "tool", "content": dumps(res)}]
        return item("tools", msgs, ans, sub="result")
    return item("tools", [system] + chat(q), call, "tool", sub="call")
