using System.Buffers;

namespace Penstock.Constraints.Tests.Masks;

/// <summary>
/// A small automaton with everything that masks care about: <c>"name":</c> and then <c>n</c> for a known name and <c>o</c> for any other, with a limit on
/// characters, escapes, UTF-8 within strings, loops and known names that leave them.
/// </summary>
internal sealed class QuotedName(string[] known, int least, int most)
{
    public const int Unbounded = int.MaxValue;

    private readonly Dictionary<Place, State> states = [];

    /// <summary>Steps that were taken over all states.</summary>
    public long Steps { get; private set; }

    public ConstraintState Start => At(new Place(Part.Start));

    private bool Counts => most != Unbounded;

    private State At(Place place) => states.TryGetValue(place, out var state) ? state : states[place] = new State(this, place);

    private enum Part
    {
        Start,
        Name,
        Escape,
        AfterName,
        Value,
        End,
    }

    /// <param name="Part">Where.</param>
    /// <param name="Prefix">Of known names, while it is one; null: another name.</param>
    /// <param name="Count">Characters of the name.</param>
    /// <param name="Left">Bytes that the character begun needs.</param>
    /// <param name="From">Least value of the next of them.</param>
    /// <param name="To">Largest.</param>
    private readonly record struct Place(Part Part, string? Prefix = null, int Count = 0, int Left = 0, byte From = 0x80, byte To = 0xBF);

    private sealed class State(QuotedName names, Place place) : ConstraintState
    {
        public override bool IsAccepting => place.Part == Part.End;

        public override int EndingLength => Ending().Length;

        public override LoopHint? Loop
        {
            get
            {
                if (place is not { Part: Part.Name, Prefix: null, Left: 0 })
                    return null;
                var ascii = (UInt128.MaxValue << 32) & ~(UInt128.One << '"') & ~(UInt128.One << '\\');
                return new LoopHint(ascii, true, names.Counts ? names.Left(place) : int.MaxValue);
            }
        }

        public override ConstraintState? Step(byte value)
        {
            names.Steps++;
            return place.Part switch
            {
                Part.Start => value == '"' ? names.At(new Place(Part.Name, "")) : null,
                Part.Name => names.InName(place, value),
                Part.Escape => "\"\\/bfnrt"u8.Contains(value) ? names.At(names.Next(place with { Prefix = null })) : null,
                Part.AfterName => value == ':' ? names.At(place with { Part = Part.Value }) : null,
                Part.Value => value == (place.Prefix is null ? 'o' : 'n') ? names.At(new Place(Part.End)) : null,
                _ => null,
            };
        }

        public override void WriteEnding(IBufferWriter<byte> output) => output.Write(Ending());

        private byte[] Ending()
        {
            var best = new List<byte>();
            for (ConstraintState at = this; !at.IsAccepting;)
            {
                // Closing comes first, then any byte that there is; the last three go on with a character.
                byte[] candidates = [(byte)'"', (byte)'n', (byte)':', (byte)'o', 0x80, 0x90, 0xA0];
                var value = candidates.First(candidate => at.Step(candidate) is not null);
                best.Add(value);
                at = at.Step(value)!;
            }

            return [.. best];
        }
    }

    private int Left(Place place) => most - place.Count;

    private State? InName(Place place, byte value)
    {
        if (place.Left > 0)
        {
            if (value < place.From || value > place.To)
                return null;
            return At(place.Left == 1 ? Next(place with { Left = 0 }) : place with { Left = place.Left - 1, From = 0x80, To = 0xBF });
        }

        if (value == '"')
        {
            var name = place.Prefix is { } whole && known.Contains(whole) ? "" : null;
            return place.Count >= least ? At(new Place(Part.AfterName, name)) : null;
        }

        if (value < 0x20 || (Counts && Left(place) == 0))
            return null;
        if (value == '\\')
            return At(place with { Part = Part.Escape });
        if (value < 0x80)
        {
            var prefix = place.Prefix is { } some && known.Any(name => name.StartsWith(some + (char)value, StringComparison.Ordinal)) ? some + (char)value : null;
            return At(Next(place with { Prefix = prefix }));
        }

        var (left, from, to) = value switch
        {
            >= 0xC2 and <= 0xDF => (1, 0x80, 0xBF),
            0xE0 => (2, 0xA0, 0xBF),
            0xED => (2, 0x80, 0x9F),
            >= 0xE1 and <= 0xEF => (2, 0x80, 0xBF),
            0xF0 => (3, 0x90, 0xBF),
            >= 0xF1 and <= 0xF3 => (3, 0x80, 0xBF),
            0xF4 => (3, 0x80, 0x8F),
            _ => (0, 0, 0),
        };
        return left == 0 ? null : At(place with { Prefix = null, Left = left, From = (byte)from, To = (byte)to });
    }

    private Place Next(Place place) => new(Part.Name, place.Prefix, Counts ? place.Count + 1 : 0);
}
