using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.Native;

/// <summary>What llama.cpp has to say: its errors are kept for the message of the call that failed, the rest is dropped (it may hold prompts' text). Thread-safe.</summary>
internal static unsafe class NativeLog
{
    private const int ErrorLevel = 4;
    private const int MostErrors = 8;

    private static readonly Lock Gate = new();
    private static readonly Queue<string> Errors = new();

    public static void Attach() => NativeMethods.SetLog(&Write, null);

    public static void Clear()
    {
        lock (Gate)
            Errors.Clear();
    }

    /// <summary>The errors since <see cref="Clear"/> as one line without a full stop; what to say when there are none.</summary>
    public static string Take(string otherwise)
    {
        lock (Gate)
        {
            var text = string.Join("; ", Errors.Distinct());
            Errors.Clear();
            return text.Length > 0 ? text : otherwise;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Write(int level, byte* text, void* state)
    {
        if (level != ErrorLevel || Marshal.PtrToStringUTF8((nint)text) is not { } line)
            return;

        lock (Gate)
        {
            if (Errors.Count == MostErrors)
                Errors.Dequeue();
            Errors.Enqueue(line.Trim().TrimEnd('.'));
        }
    }
}
