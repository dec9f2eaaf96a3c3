namespace Penstock.Planning.Traces;

/// <summary>
/// Reads a trace line by line, in any of three formats, told by its first line: <see cref="CsvTrace"/> (with tenants or of the
/// Azure traces) and <see cref="MooncakeTrace"/>. Empty lines are passed over; the order of arrivals does not matter.
/// </summary>
public static class TraceReader
{
    /// <param name="file">The file.</param>
    /// <exception cref="PlanningFileException">While it is enumerated: no known format, a line that is not a request (by its number), or no request at all.</exception>
    /// <exception cref="IOException">While it is enumerated: the file cannot be read.</exception>
    public static IEnumerable<TraceRequest> ReadFile(string file)
    {
        using var reader = File.OpenText(file);
        foreach (var request in Read(reader, file))
            yield return request;
    }

    /// <param name="reader">The text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="PlanningFileException">As for <see cref="ReadFile"/>.</exception>
    public static IEnumerable<TraceRequest> Read(TextReader reader, string file)
    {
        var first = reader.ReadLine() ?? throw new PlanningFileException(file, "the trace is empty");
        var format = FormatOf(first) ?? throw new PlanningFileException(
            file, $"a trace begins with \"{CsvTrace.TenantHeader}\", \"{CsvTrace.AzureHeader}\" or a JSON object a line with timestamp, input_length, output_length and hash_ids", 1);

        var any = false;
        var line = format.FirstIsHeader ? reader.ReadLine() : first;
        for (var number = format.FirstIsHeader ? 2 : 1; line is not null; line = reader.ReadLine(), number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;

            any = true;
            yield return format.Parse(line) ?? throw new PlanningFileException(file, format.Allowed, number);
        }

        if (!any)
            throw new PlanningFileException(file, "the trace has no request");
    }

    private static TraceFormat? FormatOf(string first)
    {
        var line = first.Trim().TrimStart('\uFEFF');
        return line switch
        {
            CsvTrace.TenantHeader => CsvTrace.Tenants,
            CsvTrace.AzureHeader => CsvTrace.Azure,
            _ when line.StartsWith('{') => MooncakeTrace.Format,
            _ => null,
        };
    }
}
