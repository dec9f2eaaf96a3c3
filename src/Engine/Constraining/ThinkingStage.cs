namespace Penstock.Engine.Constraining;

/// <summary>How a prompt leaves the model's thinking.</summary>
internal enum ThinkingStage
{
    /// <summary>The model does not think aloud, or the prompt has ended its thinking.</summary>
    None,

    /// <summary>The answer may begin with it.</summary>
    Possible,

    /// <summary>The prompt has begun it.</summary>
    Begun,
}
