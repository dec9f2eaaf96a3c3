namespace Penstock.Providers;

/// <summary>In which header a target is shown its key.</summary>
public enum TargetAuth
{
    /// <summary><c>authorization: Bearer</c>: OpenAI's, and so the default of its kind.</summary>
    Bearer,

    /// <summary><c>x-api-key</c>: Anthropic's, and so the default of its kind.</summary>
    XApiKey,

    /// <summary><c>api-key</c>: Azure's.</summary>
    ApiKey,
}
