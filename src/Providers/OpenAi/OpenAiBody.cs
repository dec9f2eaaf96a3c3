using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Providers.Http;

namespace Penstock.Providers.OpenAi;

/// <summary>
/// A client's body with what must differ upstream put in its place: the model's name and, for a stream, the wish for its usage. Everything else goes as the
/// client wrote it, byte for byte. A body of Responses is told not to be stored where its client does not say: left out it would mean the opposite.
/// </summary>
internal static class OpenAiBody
{
    private static readonly byte[] NoStore = "\"store\":false"u8.ToArray();
    private static readonly byte[] AskUsage = "\"stream_options\":{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] IncludeUsage = "\"include_usage\":true"u8.ToArray();
    private static readonly byte[] UsageOptions = "{\"include_usage\":true}"u8.ToArray();

    /// <param name="wire">A JSON object in which no field occurs twice, with the headers that belong to it.</param>
    /// <param name="model">The model's name upstream.</param>
    /// <param name="askUsage">Whether a stream's usage is to be asked for.</param>
    /// <param name="noStore">Whether it is a body of Responses.</param>
    public static SplicedBody Splice(WireRequest wire, string model, bool askUsage, bool noStore = false)
    {
        var body = wire.Body;
        var pieces = new List<ReadOnlyMemory<byte>>(8);
        var copied = 0;
        var missing = askUsage ? AskUsage : noStore ? NoStore : null;
        var (firstField, anyField) = (0, false);
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 256 });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                firstField = (int)reader.BytesConsumed;
                continue;
            }

            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                break;
            }

            anyField = true;
            var isModel = reader.ValueTextEquals("model"u8);
            var isOptions = askUsage && reader.ValueTextEquals("stream_options"u8);
            missing = noStore && reader.ValueTextEquals("store"u8) ? null : missing;
            reader.Read();
            if (isModel)
            {
                var same = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(model);
                Replace((int)reader.TokenStartIndex, (int)reader.BytesConsumed, same ? null : JsonSerializer.SerializeToUtf8Bytes(model));
            }
            else if (isOptions)
            {
                missing = null;
                SpliceOptions(ref reader);
                continue;
            }

            reader.Skip();
        }

        if (missing is not null)
        {
            // Nothing before the first field has been copied yet when the model's name stays; otherwise the first piece begins there anyway.
            pieces.Insert(0, body[..firstField]);
            pieces.Insert(1, anyField ? (byte[])[.. missing, (byte)','] : missing);
            if (pieces.Count > 2)
            {
                pieces[2] = pieces[2][firstField..];
            }
            else
            {
                copied = firstField;
            }
        }

        pieces.Add(body[copied..]);
        return new SplicedBody(pieces) { Beside = wire.Headers };

        void Replace(int from, int to, byte[]? with)
        {
            if (with is not null)
            {
                pieces.Add(body[copied..from]);
                pieces.Add(with);
                copied = to;
            }
        }

        void SpliceOptions(ref Utf8JsonReader at)
        {
            if (at.TokenType != JsonTokenType.StartObject)
            {
                Replace((int)at.TokenStartIndex, (int)at.BytesConsumed, at.TokenType == JsonTokenType.Null ? UsageOptions : null);
                at.Skip();
                return;
            }

            var (inside, any) = ((int)at.BytesConsumed, false);
            while (at.Read() && at.TokenType == JsonTokenType.PropertyName)
            {
                any = true;
                var include = at.ValueTextEquals("include_usage"u8);
                at.Read();
                if (include)
                {
                    Replace((int)at.TokenStartIndex, (int)at.BytesConsumed, at.TokenType == JsonTokenType.True ? null : "true"u8.ToArray());
                    inside = -1;
                }

                at.Skip();
            }

            if (inside >= 0)
            {
                Replace(inside, inside, any ? [.. IncludeUsage, (byte)','] : IncludeUsage);
            }
        }
    }
}
