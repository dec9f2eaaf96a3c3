using System.Runtime.CompilerServices;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>Single precision: kernels read it where it lies.</summary>
internal sealed unsafe class KvSingle(int headWidth, int paddedWidth) : IKvFormat
{
    public int KeyBytes => paddedWidth * KvLayout.BlockTokens * sizeof(float);

    public int ValueBytes => KeyBytes;

    public bool FiniteHalves => false;

    public void Restored(ReadOnlySpan<byte> block)
    {
    }

    public void StoreKey(float* key, byte* keys, int slot)
    {
        var target = (float*)keys + slot;
        for (var i = 0; i < headWidth; i++)
            target[i * KvLayout.BlockTokens] = key[i];
    }

    public void StoreValue(float* value, byte* values, int slot) =>
        Unsafe.CopyBlockUnaligned(values + (slot * paddedWidth * sizeof(float)), value, (uint)(headWidth * sizeof(float)));

    public float* Keys(byte* keys, float* scratch, bool wide) => (float*)keys;

    public float* Values(byte* values, float* scratch, bool wide) => (float*)values;

    public void ClearKeys(Span<byte> keys, int slot) => KvSlots.ClearColumns(keys, sizeof(float), slot);

    public void ClearValues(Span<byte> values, int slot) => values[(slot * paddedWidth * sizeof(float))..].Clear();
}
