using System.Collections.Frozen;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Penstock.Models.Gguf;

/// <summary>A GGUF file (version 2 or 3), opened and checked: every count, length and offset in it fits the file. Thread-safe until disposed.</summary>
/// <remarks>
/// The weights are mapped, not read: pages come in on first touch and are shared between processes. The file must not be cut
/// while it is open (replace it by renaming another over it), since the operating system then ends a process that touches the lost pages.
/// </remarks>
public sealed class GgufFile : IDisposable
{
    private readonly MemoryMappedFile mapping;
    private readonly MemoryMappedViewAccessor accessor;
    private readonly FrozenDictionary<string, GgufTensor> byName;

    private GgufFile(string path, long length, GgufMetadata metadata, GgufTensor[] tensors, MemoryMappedFile mapping)
    {
        Path = path;
        Length = length;
        Metadata = metadata;
        Tensors = tensors;
        byName = tensors.ToFrozenDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        this.mapping = mapping;
        accessor = mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
    }

    /// <summary>The path as it was given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    public GgufMetadata Metadata { get; }

    /// <summary>The tensors in the header's order.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>The whole file in memory; <see cref="GgufTensor.Offset"/> counts from its start. Owned by this object.</summary>
    public SafeMemoryMappedViewHandle View => accessor.SafeMemoryMappedViewHandle;

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
    public void Read(GgufTensor tensor, long byteOffset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset, tensor.ByteLength - destination.Length);
        View.ReadSpan((ulong)(tensor.Offset + byteOffset), destination);
    }

    public void Dispose()
    {
        accessor.Dispose();
        mapping.Dispose();
    }

    private static GgufFile OpenChecked(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        MemoryMappedFile? mapped = null;
        try
        {
            var length = stream.Length;
            var (metadata, tensors) = GgufHeader.Read(new GgufReader(stream.SafeFileHandle, path, length), path);
            mapped = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new GgufFile(path, length, metadata, tensors, mapped);
        }
        catch
        {
            mapped?.Dispose();
            stream.Dispose();
            throw;
        }
    }
}
