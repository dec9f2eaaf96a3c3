using System.Text;
using System.Text.Json;

namespace Penstock.Tools.Oracle.Quantization;

/// <summary>A text to compute logits for: a plain file, or the questions and answers of a <c>.jsonl</c> evaluation in ChatML.</summary>
internal static class EvaluationText
{
    // Slices lie one after the other: every so many lines gives some of each.
    private const int Stride = 23;

    public static string Read(string path)
    {
        if (!path.EndsWith(".jsonl", StringComparison.Ordinal))
            return File.ReadAllText(path);
        var text = new StringBuilder();
        foreach (var line in File.ReadLines(path).Where((_, index) => index % Stride == 0))
        {
            using var item = JsonDocument.Parse(line);
            foreach (var message in item.RootElement.GetProperty("messages").EnumerateArray())
                text.Append($"<|im_start|>{message.GetProperty("role").GetString()}\n{message.GetProperty("content").GetString()}<|im_end|>\n");
            text.Append($"<|im_start|>assistant\n{item.RootElement.GetProperty("answer")}<|im_end|>\n");
        }

        return text.ToString();
    }
}
