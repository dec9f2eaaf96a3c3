using Penstock.Contracts.Requests;

namespace Penstock.Gateway.Tests.Fakes;

/// <summary>What scripted generations say.</summary>
internal static class Scripts
{
    /// <summary>One token of text.</summary>
    public static void Hello(ScriptedGeneration generation)
    {
        generation.Say("Hello");
        generation.FinishChoice();
        generation.End();
    }

    /// <summary>Thinking, text in two tokens, two calls, the first one in two pieces.</summary>
    public static void ThinkSayCall(ScriptedGeneration generation)
    {
        generation.Think("Hm.");
        generation.Say("Let me ");
        generation.Say("\"see\".");
        generation.Call(new ToolCall("a1", "weather", """{"city": """));
        generation.GoOn(""" "Oslo"}"""[1..]);
        generation.Call(new ToolCall("a2", "now", ""));
        generation.FinishChoice();
        generation.End();
    }
}
