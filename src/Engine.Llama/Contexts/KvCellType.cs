namespace Penstock.Engine.Llama.Contexts;

/// <summary>What keys and values are stored as: the <c>ggml_type</c>s that we use for it.</summary>
internal enum KvCellType
{
    F32 = 0,
    F16 = 1,

    /// <summary>Values of this type need flash attention.</summary>
    Q8_0 = 8,
}
