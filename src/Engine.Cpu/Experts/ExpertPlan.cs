namespace Penstock.Engine.Cpu.Experts;

/// <summary>
/// Who computes what in one layer of a step. Each row takes as many places as it uses experts; the places of an expert lie side by side, so that
/// its weights are read once for all its rows. Reused from layer to layer.
/// </summary>
internal sealed class ExpertPlan(int maxRows, int count, int used)
{
    private readonly int[] experts = new int[maxRows * used];
    private readonly float[] weights = new float[maxRows * used];
    private readonly int[] places = new int[maxRows * used];
    private readonly int[] rowOfPlace = new int[maxRows * used];
    private readonly int[] first = new int[count + 1];
    private readonly int[] busy = new int[count];

    /// <summary>Places in use: rows times experts of a row.</summary>
    public int Places { get; private set; }

    /// <summary>Experts that have a row, ascending.</summary>
    public ReadOnlySpan<int> Busy => busy.AsSpan(0, BusyCount);

    public int BusyCount { get; private set; }

    /// <summary>To be filled for every row before <see cref="Group"/>: the row's experts.</summary>
    public Span<int> Experts(int row) => experts.AsSpan(row * used, used);

    /// <summary>To be filled with <see cref="Experts"/>: their weights.</summary>
    public Span<float> Weights(int row) => weights.AsSpan(row * used, used);

    /// <summary>Where the results of <see cref="Experts"/> lie.</summary>
    public ReadOnlySpan<int> PlacesOf(int row) => places.AsSpan(row * used, used);

    public int Row(int place) => rowOfPlace[place];

    /// <summary>First place of an expert.</summary>
    public int First(int expert) => first[expert];

    /// <summary>Rows of an expert.</summary>
    public int Rows(int expert) => first[expert + 1] - first[expert];

    /// <summary>Gives every row its places (a counting sort by expert).</summary>
    public void Group(int rows)
    {
        Places = rows * used;
        var next = first.AsSpan();
        next.Clear();
        foreach (var expert in experts.AsSpan(0, Places))
            next[expert + 1]++;

        BusyCount = 0;
        for (var expert = 0; expert < count; expert++)
        {
            if (next[expert + 1] > 0)
                busy[BusyCount++] = expert;
            next[expert + 1] += next[expert];
        }

        for (var i = 0; i < Places; i++)
        {
            var place = next[experts[i]]++;
            (places[i], rowOfPlace[place]) = (place, i / used);
        }

        // Every start has moved to the next one's.
        for (var expert = count; expert > 0; expert--)
            next[expert] = next[expert - 1];
        next[0] = 0;
    }
}
