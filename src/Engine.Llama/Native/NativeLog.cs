using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.Native;

/// <summary>
/// What llama.cpp has to say: its errors are kept for the message of the call that failed, the rest is dropped (it may hold prompts' text).
/// Each thread has its own, since the library logs why a call failed on the thread that made the call.
/// </summary>
internal static unsafe class NativeLog
{
    private const int ErrorLevel = 4;
    private const int MostErrors = 8;

    [ThreadStatic]
    private static Queue<string>? errors;

    public static void Attach() => NativeMethods.SetLog(&Write, null);

    /// <summary>Forgets this thread's errors.</summary>
    public static void Clear() => errors?.Clear();

    /// <summary>This thread's errors since <see cref="Clear"/> as one line without a full stop; what to say when there are none.</summary>
    public static string Take(string otherwise)
    {
        var text = errors is null ? "" : string.Join("; ", errors.Distinct());
        Clear();
        return text.Length > 0 ? text : otherwise;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Write(int level, byte* text, void* state)
    {
        if (level != ErrorLevel || Marshal.PtrToStringUTF8((nint)text) is not { } line)
            return;

        errors ??= new Queue<string>(MostErrors);
        if (errors.Count == MostErrors)
            errors.Dequeue();
        errors.Enqueue(line.Trim().TrimEnd('.'));
    }
}
