using Penstock.Constraints.Masks;
using Penstock.Models.Tokenization;

namespace Penstock.Tools.Fuzz;

/// <summary>A model that wants the worst: it puts its whole mass on whichever allowed token its habit likes best.</summary>
internal sealed class Adversary
{
    private readonly ITokenizer tokenizer;
    private readonly Random random;
    private readonly Func<ReadOnlySpan<byte>, double> appeal;

    private Adversary(ITokenizer tokenizer, Random random, string habit, Func<ReadOnlySpan<byte>, double> appeal) =>
        (this.tokenizer, this.random, Habit, this.appeal) = (tokenizer, random, habit, appeal);

    public string Habit { get; }

    /// <summary>Each habit once, over and over.</summary>
    public static Adversary Of(int number, ITokenizer tokenizer)
    {
        (string Habit, Func<ReadOnlySpan<byte>, double> Appeal)[] habits =
        [
            ("any", static _ => 0),
            ("opens", static bytes => Share(bytes, "{[")),
            ("longest", static bytes => bytes.Length),
            ("shortest", static bytes => -bytes.Length),
            ("digits", static bytes => Share(bytes, "0123456789.eE+-")),
            ("escapes", static bytes => Share(bytes, "\\u")),
            ("white space", static bytes => Share(bytes, " \t\r\n")),
            ("closes", static bytes => Share(bytes, "}]\",")),
            ("beyond ASCII", static bytes => bytes.Length == 0 ? 0 : -bytes.IndexOfAnyInRange((byte)0, (byte)127)),
            ("many borders", static bytes => bytes.Length * Share(bytes, "\"{}[]:, ")),
        ];
        var (habit, appeal) = habits[number % habits.Length];
        return new Adversary(tokenizer, new Random(number), habit, appeal);
    }

    /// <summary>The most appealing allowed token, one of the equals by chance; now and then any, since a pure habit never gets anywhere.</summary>
    public int Choose(TokenMask mask)
    {
        var any = random.Next(8) == 0;
        var (best, bestAppeal, equals) = (-1, double.NegativeInfinity, 0);
        for (var token = 0; token < mask.VocabularySize; token++)
        {
            if (!mask[token])
                continue;

            var value = any ? 0 : appeal(tokenizer.Bytes(token));
            if (value < bestAppeal)
                continue;

            equals = value > bestAppeal ? 1 : equals + 1;
            if (random.Next(equals) == 0)
                best = token;
            bestAppeal = value;
        }

        return best;
    }

    private static double Share(ReadOnlySpan<byte> bytes, string liked)
    {
        var count = 0;
        foreach (var value in bytes)
            count += liked.Contains((char)value) ? 1 : 0;
        return bytes.IsEmpty ? 0 : (double)count / bytes.Length;
    }
}
