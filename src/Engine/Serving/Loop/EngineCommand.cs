using Penstock.Engine.Serving.Requests;

namespace Penstock.Engine.Serving.Loop;

/// <summary>What other threads tell the loop.</summary>
/// <param name="Request">The request concerned.</param>
/// <param name="Cancel">Whether it is to be cancelled; otherwise it is new.</param>
internal readonly record struct EngineCommand(EngineRequest Request, bool Cancel);
