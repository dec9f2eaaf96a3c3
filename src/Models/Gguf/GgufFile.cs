using System.Collections.Frozen;
using Microsoft.Win32.SafeHandles;

namespace Penstock.Models.Gguf;

/// <summary>A GGUF file (version 2 or 3), opened and checked: every count, length and offset in it fits the file. Thread-safe until disposed.</summary>
/// <remarks>
/// Weights stay in the file until they are asked for. They are read and not mapped: whoever runs a model packs them anew, and
/// mapped pages would count as this process's memory beside the packed copy until the operating system wants them back; a file
/// that is cut while it is open is an exception and not the end of the process.
/// </remarks>
public sealed class GgufFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly FrozenDictionary<string, GgufTensor> byName;

    private GgufFile(string path, long length, GgufMetadata metadata, GgufTensor[] tensors, SafeFileHandle handle)
    {
        Path = path;
        Length = length;
        Metadata = metadata;
        Tensors = tensors;
        byName = tensors.ToFrozenDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        this.handle = handle;
    }

    /// <summary>The path as it was given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    public GgufMetadata Metadata { get; }

    /// <summary>The tensors in the header's order.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Opens and checks a file. Takes time in proportion to the header, not to the weights.</summary>
    /// <exception cref="GgufException">It cannot be read, is not GGUF, is cut off or damaged, or names an unknown tensor type.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return OpenChecked(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new GgufException(path, "there is no such file", "Check the path.", inner: error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw Directory.Exists(path)
                ? new GgufException(path, "this is a folder", "Give the path of a .gguf file in it.", inner: error)
                : new GgufException(path, $"the file cannot be read: {error.Message.TrimEnd('.')}", "Check its permissions and that the disk is in order.", inner: error);
        }
    }

    /// <summary>The tensor of that name, or null.</summary>
    public GgufTensor? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Copies bytes of a tensor, as they are stored.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="byteOffset">First byte, from the tensor's start.</param>
    /// <param name="destination">Filled completely; the range must lie in the tensor.</param>
    /// <exception cref="GgufException">The bytes cannot be read, or are gone since the file was opened.</exception>
    public void Read(GgufTensor tensor, long byteOffset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset, tensor.ByteLength - destination.Length);
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        var at = tensor.Offset + byteOffset;
        try
        {
            for (var read = 1; destination.Length > 0 && read > 0; destination = destination[read..], at += read)
                read = RandomAccess.Read(handle, destination, at);
        }
        catch (IOException error)
        {
            throw new GgufException(Path, $"the tensor {tensor.Name} cannot be read: {error.Message.TrimEnd('.')}", "Check that the disk is in order.", at, error);
        }

        if (destination.Length > 0)
            throw new GgufException(Path, $"the file was cut while it was open, within the tensor {tensor.Name}", "Load it again when it is whole.", at);
    }

    public void Dispose() => handle.Dispose();

    private static GgufFile OpenChecked(string path)
    {
        var opened = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            var length = RandomAccess.GetLength(opened);
            var (metadata, tensors) = GgufHeader.Read(new GgufReader(opened, path, length), path);
            return new GgufFile(path, length, metadata, tensors, opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
