using System.Buffers;
using System.Buffers.Binary;
using Penstock.Engine.KvCache;
using Penstock.Engine.Running;

namespace Penstock.Engine.Simulation;

/// <summary>KV memory whose entry for a token is a hash of the token and its position: reading a wrong block or slot gives other logits.</summary>
internal sealed class SimulatedKvStore : IKvStore
{
    private const uint Magic = 0x5653_4b50;
    private const int HeaderBytes = 24;

    private readonly KvBlockPool pool;
    private readonly ulong[] slots;
    private readonly ulong model;

    public SimulatedKvStore(SimulatedRunnerOptions options)
    {
        pool = new KvBlockPool(options.TotalBlocks, options.MaxSequences, options.ContextLength);
        slots = new ulong[options.TotalBlocks * KvBlockPool.BlockTokens];
        model = options.Model;
    }

    public int BlockTokens => KvBlockPool.BlockTokens;

    public int TotalBlocks => pool.TotalBlocks;

    public int FreeBlocks => pool.FreeBlocks;

    public int Length(int sequence) => pool.Length(sequence);

    public int Capacity(int sequence) => pool.Capacity(sequence);

    public int BlocksToGrow(int sequence, int tokens) => pool.BlocksToGrow(sequence, tokens);

    public bool TryReserve(int sequence, int tokens)
    {
        if (!pool.TryReserve(sequence, tokens, out var copy))
            return false;

        Slots(copy.From)[..copy.Tokens].CopyTo(Slots(copy.To));
        return true;
    }

    public void Share(int source, int target, int from, int to) => pool.Share(source, target, from, to);

    public void Truncate(int sequence, int tokens) => pool.Truncate(sequence, tokens);

    public void Release(int sequence) => pool.Release(sequence);

    /// <summary>The entry of a stored or reserved position.</summary>
    public ref ulong Entry(int sequence, int position) =>
        ref slots[(pool.Table(sequence)[position / BlockTokens] * BlockTokens) + (position % BlockTokens)];

    public void Append(int sequence, int count) => pool.Append(sequence, count);

    public string? Check() => pool.Check();

    public void Save(int sequence, IBufferWriter<byte> destination)
    {
        var length = Length(sequence);
        var bytes = destination.GetSpan(HeaderBytes + (length * sizeof(ulong)));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], model);
        for (var i = 0; i < length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(HeaderBytes + (i * sizeof(ulong)))..], Entry(sequence, i));

        var total = HeaderBytes + (length * sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], Checksum(bytes[HeaderBytes..total]));
        destination.Advance(total);
    }

    public KvRestoreOutcome Restore(int sequence, ReadOnlySpan<byte> saved)
    {
        if (saved.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(saved) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(saved[8..]) != model)
            return KvRestoreOutcome.NotCompatible;

        var length = BinaryPrimitives.ReadInt32LittleEndian(saved[4..]);
        if (length < 0 || length > pool.MaxTokens || saved.Length != HeaderBytes + (length * sizeof(ulong))
            || BinaryPrimitives.ReadUInt64LittleEndian(saved[16..]) != Checksum(saved[HeaderBytes..]))
            return KvRestoreOutcome.NotCompatible;

        if (!TryReserve(sequence, length))
            return KvRestoreOutcome.OutOfBlocks;

        for (var i = 0; i < length; i++)
            Entry(sequence, i) = BinaryPrimitives.ReadUInt64LittleEndian(saved[(HeaderBytes + (i * sizeof(ulong)))..]);
        Append(sequence, length);
        return KvRestoreOutcome.Restored;
    }

    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0xCBF29CE484222325;
        foreach (var value in bytes)
            sum = (sum ^ value) * 0x100000001B3;
        return sum;
    }

    private Span<ulong> Slots(int block) => slots.AsSpan(block * BlockTokens, BlockTokens);
}
