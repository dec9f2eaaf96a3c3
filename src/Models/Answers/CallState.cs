namespace Penstock.Models.Answers;

internal enum CallState
{
    /// <summary>May become a call.</summary>
    Unfinished,

    /// <summary>A call, or several.</summary>
    Whole,

    /// <summary>Is none: it is text.</summary>
    NoCall,
}
