namespace Penstock.Cli.Lab.Constraining;

/// <summary>What became of a maskbench file.</summary>
internal enum Verdict
{
    Pass,

    /// <summary>The schema was refused.</summary>
    CompileError,

    /// <summary>A valid instance was refused, and no invalid one accepted.</summary>
    ValidationError,

    /// <summary>An invalid instance was accepted.</summary>
    InvalidationError,

    /// <summary>The file took longer than it may.</summary>
    TimeOut,

    /// <summary>An exception: a bug.</summary>
    Crash,
}
