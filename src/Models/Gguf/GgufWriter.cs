namespace Penstock.Models.Gguf;

/// <summary>Writes a GGUF file, version 3, front to back: the header at once, then the tensors' bytes in the order of the header.</summary>
/// <remarks>
/// Everything goes to <c>path.partial</c>, which <see cref="Complete"/> renames to <c>path</c> after it is on the disk: a kill or a full
/// disk leaves the target as it was. Not thread-safe. Disposing without <see cref="Complete"/> deletes the partial file.
/// </remarks>
public sealed class GgufWriter : IDisposable
{
    private readonly string path;
    private readonly string partialPath;
    private readonly IReadOnlyList<GgufTensorLayout> tensors;
    private readonly uint alignment;
    private readonly FileStream stream;
    private int current;
    private long writtenOfCurrent;
    private bool completed;

    private GgufWriter(string path, IReadOnlyList<GgufTensorLayout> tensors, uint alignment)
    {
        this.path = path;
        this.tensors = tensors;
        this.alignment = alignment;
        partialPath = path + ".partial";
        stream = new FileStream(partialPath, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
    }

    /// <summary>Creates the partial file and writes the header.</summary>
    /// <param name="path">The target; replaced if it exists.</param>
    /// <param name="metadata">In the order in which it is to stand. <c>general.alignment</c> is obeyed.</param>
    /// <param name="tensors">In the order in which their bytes will follow.</param>
    /// <exception cref="GgufException">The file cannot be written.</exception>
    public static GgufWriter Create(string path, IEnumerable<KeyValuePair<string, GgufValue>> metadata, IReadOnlyList<GgufTensorLayout> tensors)
    {
        var pairs = metadata.ToArray();
        var boundary = pairs.FirstOrDefault(pair => pair.Key == "general.alignment").Value?.Content as uint? ?? GgufLimits.DefaultAlignment;
        if (!uint.IsPow2(boundary) || boundary > GgufLimits.LargestAlignment)
            throw new ArgumentException($"general.alignment is {boundary}, not a power of two up to {GgufLimits.LargestAlignment}.", nameof(metadata));

        GgufWriter? writer = null;
        try
        {
            writer = new GgufWriter(path, tensors, boundary);
            GgufHeaderWriter.Write(writer.stream, pairs, tensors, boundary);
            writer.Pad();
            return writer;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            writer?.Dispose();
            throw Unwritable(path, error);
        }
    }

    /// <summary>The next bytes of the current tensor; at its end the next one begins. They must not run over the end of a tensor.</summary>
    /// <exception cref="GgufException">The disk is full or gone.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (current == tensors.Count || bytes.Length > tensors[current].ByteLength - writtenOfCurrent)
            throw new InvalidOperationException($"More bytes than {(current == tensors.Count ? "all tensors hold" : $"the tensor {tensors[current].Name} holds")}.");
        try
        {
            stream.Write(bytes);
            writtenOfCurrent += bytes.Length;
            if (writtenOfCurrent < tensors[current].ByteLength)
                return;
            current++;
            writtenOfCurrent = 0;
            Pad();
        }
        catch (IOException error)
        {
            throw Unwritable(path, error);
        }
    }

    /// <summary>Brings the file to the disk and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">A tensor is not complete.</exception>
    /// <exception cref="GgufException">The disk is full or gone, or the target cannot be replaced.</exception>
    public void Complete()
    {
        if (current < tensors.Count)
            throw new InvalidOperationException($"The tensor {tensors[current].Name} has {writtenOfCurrent} of {tensors[current].ByteLength} bytes.");
        try
        {
            stream.Flush(flushToDisk: true);
            stream.Dispose();
            File.Move(partialPath, path, overwrite: true);
            completed = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, error);
        }
    }

    public void Dispose()
    {
        if (completed)
            return;
        completed = true;
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // The buffered rest did not fit on the disk; the file goes anyway.
        }

        File.Delete(partialPath);
    }

    private void Pad()
    {
        var padding = (int)(-stream.Position & (alignment - 1));
        Span<byte> zeros = stackalloc byte[256];
        zeros.Clear();
        for (; padding > 0; padding -= Math.Min(padding, zeros.Length))
            stream.Write(zeros[..Math.Min(padding, zeros.Length)]);
    }

    private static GgufException Unwritable(string path, Exception error) =>
        error switch
        {
            DirectoryNotFoundException or FileNotFoundException => new(path, "the file cannot be written: its folder does not exist", "Make the folder first.", inner: error),
            UnauthorizedAccessException => new(path, "the file cannot be written: access is denied", "Choose a file in a folder that you may write to.", inner: error),
            _ => new(path, $"the file cannot be written: {error.Message.TrimEnd('.')}", "Check that the disk has room and that nobody else writes the file.", inner: error),
        };
}
