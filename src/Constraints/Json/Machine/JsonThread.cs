using Penstock.Constraints.Json.Machine.Scanning;

namespace Penstock.Constraints.Json.Machine;

/// <summary>One way to read the bytes so far: what is being read, and what is open around it.</summary>
/// <param name="Scanner">What is being read.</param>
/// <param name="Frame">Where the value that is being read belongs, as it will be once the value is there.</param>
/// <param name="Trace">The bytes of the outermost open item of an array with unique items; null outside one.</param>
internal readonly record struct JsonThread(Scanner Scanner, Frame Frame, Trace? Trace);
