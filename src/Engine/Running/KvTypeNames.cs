namespace Penstock.Engine.Running;

/// <summary>KV types by the names that people write, which are llama.cpp's.</summary>
public static class KvTypeNames
{
    private static readonly string[] Names = ["f32", "f16", "q8_0"];

    public static IReadOnlyList<string> All => Names;

    /// <summary>The type of this name, or null.</summary>
    public static KvType? Find(string name) => Array.IndexOf(Names, name) is var index and >= 0 ? (KvType)index : null;

    public static string Name(this KvType type) => Names[(int)type];
}
