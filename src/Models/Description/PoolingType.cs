namespace Penstock.Models.Description;

/// <summary>How an embedding model makes one vector of a text, with GGUF's numbers.</summary>
public enum PoolingType
{
    None = 0,
    Mean = 1,
    Cls = 2,
    Last = 3,
    Rank = 4,
}
