using Penstock.Models.Tokenization;

namespace Penstock.Tools.Fuzz;

/// <summary>What a hostile model likes, as an order over the vocabulary: groups of tokens that it likes equally, the best first.</summary>
internal sealed class Habit
{
    /// <summary>No token is allowed.</summary>
    public const int None = -3;

    private readonly int[][] groups;

    private Habit(string name, IEnumerable<int[]> groups) => (Name, this.groups) = (name, [.. groups]);

    public string Name { get; }

    public static IReadOnlyList<Habit> All(ITokenizer tokenizer)
    {
        (string Name, Func<byte[], double> Appeal)[] habits =
        [
            ("any", static _ => 0),
            ("opens", static bytes => Share(bytes, "{[")),
            ("longest", static bytes => bytes.Length),
            ("shortest", static bytes => -bytes.Length),
            ("digits", static bytes => Share(bytes, "0123456789.eE+-")),
            ("escapes", static bytes => Share(bytes, "\\u")),
            ("white space", static bytes => Share(bytes, " \t\r\n")),
            ("closes", static bytes => Share(bytes, "}]\",")),
            ("beyond ASCII", static bytes => bytes.Count(static value => value > 127)),
            ("many borders", static bytes => bytes.Length * Share(bytes, "\"{}[]:, ")),
        ];
        var tokens = Enumerable.Range(0, tokenizer.VocabularySize).ToArray();
        var texts = Array.ConvertAll(tokens, token => tokenizer.Bytes(token).ToArray());
        return [.. habits.Select(habit => new Habit(habit.Name, tokens.GroupBy(token => habit.Appeal(texts[token])).OrderByDescending(group => group.Key).Select(group => group.ToArray())))];
    }

    /// <summary>The first allowed token of the best group that has one, from a random place of the group on.</summary>
    /// <returns><see cref="None"/> where none is allowed.</returns>
    public int Choose(Func<int, bool> allowed, Random random)
    {
        foreach (var group in groups)
        {
            var from = random.Next(group.Length);
            for (var i = 0; i < group.Length; i++)
            {
                if (allowed(group[(from + i) % group.Length]))
                    return group[(from + i) % group.Length];
            }
        }

        return None;
    }

    private static double Share(byte[] bytes, string liked) => bytes.Length == 0 ? 0 : (double)bytes.Count(value => liked.Contains((char)value)) / bytes.Length;
}
