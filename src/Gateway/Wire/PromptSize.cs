using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Wire;

/// <summary>
/// How large the prompt of a body is that is relayed: the bytes of what becomes text, names of fields included, and the pictures beside it. A document counts with its
/// bytes, or, where it is only an address, as <see cref="Attachment.PicturesOfAnAddress"/> pictures.
/// </summary>
internal struct PromptSize
{
    public int Bytes { get; private set; }

    public int Pictures { get; private set; }

    public static PromptSize Of(WireObject body, WireForm form)
    {
        ReadOnlySpan<string> fields = form switch
        {
            WireForm.ChatCompletions => ["messages", "tools"],
            WireForm.Messages => ["system", "messages", "tools"],
            WireForm.Responses => ["instructions", "input", "tools"],
            WireForm.Completions => ["prompt"],
            _ => ["input"],
        };
        var size = default(PromptSize);
        foreach (var field in fields)
        {
            if (body.Json.TryGetProperty(field, out var value))
            {
                size.Bytes += JsonMarshal.GetRawUtf8Value(value).Length;
                if (form is WireForm.ChatCompletions or WireForm.Messages or WireForm.Responses && field != "tools")
                {
                    size.Look(value);
                }
            }
        }

        return size;
    }

    // Messages, their parts, and the parts of a tool's result: three levels of arrays.
    private void Look(JsonElement items)
    {
        if (items.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var item in items.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            if (item.TryGetProperty("content", out var parts) || item.TryGetProperty("output", out parts))
            {
                Look(parts);
            }
            else if (item.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String)
            {
                Take(item, type);
            }
        }
    }

    private void Take(JsonElement part, JsonElement type)
    {
        if (type.ValueEquals("image_url"u8) || type.ValueEquals("image"u8) || type.ValueEquals("input_image"u8))
        {
            Bytes -= JsonMarshal.GetRawUtf8Value(part).Length;
            Pictures++;
        }
        else if (part.TryGetProperty("file_url", out _) || (type.ValueEquals("document"u8) && part.TryGetProperty("source", out var source) && source.ValueKind == JsonValueKind.Object && source.TryGetProperty("url", out _)))
        {
            Pictures += Attachment.PicturesOfAnAddress;
        }
    }
}
