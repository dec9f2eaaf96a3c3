namespace Penstock.Engine.Constraining;

/// <summary>What stands where a call is expected.</summary>
internal enum CallLayout
{
    /// <summary><c>{"name": ..., "arguments": {...}}</c>.</summary>
    Object,

    /// <summary>An array of such objects.</summary>
    List,

    /// <summary><c>{"name": ..., "parameters": {...}}</c> (Llama 3).</summary>
    Parameters,

    /// <summary><c>name[ARGS]{...}</c> (Mistral).</summary>
    NameFirst,
}
