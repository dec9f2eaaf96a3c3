using System.Text;
using Penstock.Constraints.Masks;
using Penstock.Models.Tokenization;

namespace Penstock.Tools.Fuzz;

/// <summary>A model that wants the worst: it puts its whole mass on the allowed token that its habit likes best, and now and then on any, since a pure habit never gets anywhere.</summary>
internal sealed class Adversary(ITokenizer tokenizer)
{
    private const int MostTokens = 60;
    private readonly IReadOnlyList<Habit> habits = Habit.All(tokenizer);

    /// <summary>Tokens of all documents.</summary>
    public long Tokens { get; private set; }

    /// <summary>Documents that their budget cut, so that they took the stored ending.</summary>
    public int Cut { get; private set; }

    /// <summary>Writes a document, the same for the same number. Its budget is a little more than the shortest document needs.</summary>
    /// <returns>Null where no token may follow and the text is not whole: a dead end.</returns>
    public string? Write(ConstraintCursor cursor, int number)
    {
        var random = new Random(number);
        var habit = habits[number % habits.Count];
        var bytes = new List<byte>();
        for (var left = cursor.EndingTokens + random.Next(1, MostTokens); left > 0 && !cursor.IsComplete; left--)
        {
            var token = Next(cursor, random.Next(8) == 0 ? habits[0] : habit, random, left);
            if (token == Habit.None)
                return null;
            if (token == ConstraintCursor.NoToken || tokenizer.EndsGeneration(token))
                break;

            bytes.AddRange(tokenizer.Bytes(token));
            Tokens++;
        }

        Cut += cursor.IsEnding ? 1 : 0;
        return cursor.IsAccepting ? Encoding.UTF8.GetString([.. bytes]) : null;
    }

    private int Next(ConstraintCursor cursor, Habit habit, Random random, int left)
    {
        var refused = new HashSet<int>();
        while (true)
        {
            var mask = cursor.Mask;
            var wanted = cursor.IsEnding ? 0 : habit.Choose(token => mask[token] && !refused.Contains(token), random);
            if (wanted == Habit.None || (!cursor.IsEnding && tokenizer.EndsGeneration(wanted)))
                return wanted;

            var token = cursor.Take(wanted, left);
            if (token != ConstraintCursor.Refused)
                return token;

            refused.Add(wanted);
        }
    }
}
