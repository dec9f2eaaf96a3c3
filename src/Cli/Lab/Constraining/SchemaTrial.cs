using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Penstock.Constraints;
using Penstock.Constraints.Json.Machine;
using Penstock.Constraints.Json.Schemas;
using Penstock.Constraints.Masks;
using Penstock.Contracts;
using Penstock.Contracts.Errors;

namespace Penstock.Cli.Lab.Constraining;

/// <summary>One compiled schema in front of a vocabulary: feeds it instances token by token, asking for the mask before each as a server would.</summary>
internal sealed class SchemaTrial
{
    private readonly ConstraintState start;
    private readonly MaskBuilder masks;
    private readonly InstanceStyle style;
    private readonly TrialTimes times;

    private SchemaTrial(ConstraintState start, VocabularyTrie vocabulary, InstanceStyle style, TrialTimes times)
    {
        this.start = start;
        masks = new MaskBuilder(vocabulary);
        this.style = style;
        this.times = times;
    }

    /// <summary>Compiles a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="documents">Schemas that references may lead to, by their address.</param>
    /// <param name="vocabulary">Whose tokens.</param>
    /// <param name="style">How instances are written.</param>
    /// <param name="times">Added to.</param>
    public static Outcome<SchemaTrial> Compile(JsonElement schema, IReadOnlyDictionary<string, JsonElement> documents, VocabularyTrie vocabulary, InstanceStyle style, TrialTimes times)
    {
        var lap = Lap.Start();
        try
        {
            var compiled = JsonSchemaCompiler.Compile(schema, ConstraintLimits.Default, TimeProvider.System, documents);
            if (!compiled.Ok)
                return compiled.Error;
            return new SchemaTrial(JsonMachine.Start(compiled.Value, JsonLayout.Flexible), vocabulary, style, times);
        }
        catch (ConstraintLimitException limit)
        {
            return new PenstockError(ErrorCode.UnsupportedValue, limit.Message);
        }
        finally
        {
            times.Compile.Add(lap);
        }
    }

    /// <summary>Feeds one instance.</summary>
    /// <param name="instance">The value.</param>
    /// <param name="deadline">Ends the trial; the result says so.</param>
    public TrialResult Try(JsonElement instance, Deadline deadline)
    {
        var text = InstanceText.Write(instance, style);
        var tokens = new List<int>();
        var tokenizer = masks.Vocabulary.Tokenizer;
        tokenizer.Encode(text, tokens, addSpecial: false, parseSpecial: false);
        var cursor = new ConstraintCursor(start, masks, tokenizer.StripsLeadingSpace);
        var at = 0;
        try
        {
            foreach (var token in tokens)
            {
                var lap = Lap.Start();
                var mask = cursor.Mask;
                times.Mask.Add(lap);
                var masked = Stopwatch.GetTimestamp();
                if (!mask[token])
                    return Refused("the mask refuses", token, at, text);

                var taken = cursor.Take(token, int.MaxValue);
                times.Accept.Add(Stopwatch.GetElapsedTime(masked));
                if (taken != token)
                    return Refused(taken == ConstraintCursor.Refused ? "the state refuses" : "the ending of what follows cannot be spelled:", token, at, text);
                at += tokenizer.Bytes(token).Length;
                if (deadline.IsOver)
                    return new TrialResult(false, at, "time is up");
            }

            return cursor.IsAccepting ? new TrialResult(true, at, null) : new TrialResult(false, at, $"the text may not end after {Tail(text, text.Length)}");
        }
        catch (ConstraintLimitException limit)
        {
            return new TrialResult(false, at, limit.Message);
        }
    }

    private TrialResult Refused(string who, int token, int at, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var piece = Encoding.UTF8.GetString(masks.Vocabulary.Tokenizer.Bytes(token));
        return new TrialResult(false, at, $"{who} '{piece}' after {Tail(Encoding.UTF8.GetString(utf8.AsSpan(0, Math.Min(at, utf8.Length))), int.MaxValue)}");
    }

    private static string Tail(string text, int end) => text[Math.Max(0, Math.Min(end, text.Length) - 60)..];
}
