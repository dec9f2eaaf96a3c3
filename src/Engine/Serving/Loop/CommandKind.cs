namespace Penstock.Engine.Serving.Loop;

/// <summary>What an <see cref="EngineCommand"/> says.</summary>
internal enum CommandKind
{
    /// <summary>A request is new.</summary>
    Submit,

    /// <summary>A request is to be cancelled.</summary>
    Cancel,

    /// <summary>The queue overflows: a waiting request makes room for a better one.</summary>
    Shed,

    /// <summary>An adapter that is leaving is used by nobody any more.</summary>
    FreeAdapter,
}
