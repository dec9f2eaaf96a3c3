namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// How one head's keys and values lie in a block. As floats, which kernels compute with, keys are <c>[dimension][token]</c> and
/// values <c>[token][dimension]</c>, with dimensions up to <see cref="KvLayout.PaddedWidth"/>.
/// </summary>
internal unsafe interface IKvFormat
{
    /// <summary>Bytes of a head's keys in a block, a multiple of 64.</summary>
    int KeyBytes { get; }

    /// <summary>Bytes of a head's values in a block, a multiple of 64.</summary>
    int ValueBytes { get; }

    /// <summary>Whether all that has been stored are finite halves, which kernels may read where they lie.</summary>
    bool FiniteHalves { get; }

    /// <summary>Told what was put into blocks by other ways than <see cref="StoreKey"/> and <see cref="StoreValue"/>.</summary>
    void Restored(ReadOnlySpan<byte> block);

    /// <summary>Stores one token's key.</summary>
    void StoreKey(float* key, byte* keys, int slot);

    /// <summary>Stores one token's value.</summary>
    void StoreValue(float* value, byte* values, int slot);

    /// <summary>A block's keys as floats: <paramref name="scratch"/>, or where they lie.</summary>
    /// <param name="wide">Use vectors of 16 lanes; changes no bit.</param>
    float* Keys(byte* keys, float* scratch, bool wide);

    /// <summary>A block's values as floats, as <see cref="Keys"/>.</summary>
    float* Values(byte* values, float* scratch, bool wide);

    /// <summary>Zeros the slots from <paramref name="slot"/> on.</summary>
    void ClearKeys(Span<byte> keys, int slot);

    /// <inheritdoc cref="ClearKeys"/>
    void ClearValues(Span<byte> values, int slot);
}
