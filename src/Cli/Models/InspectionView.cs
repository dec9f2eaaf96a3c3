using Penstock.Cli.Output;
using Penstock.Models.Gguf;
using Spectre.Console;

namespace Penstock.Cli.Models;

/// <summary>An <see cref="Inspection"/> for people.</summary>
internal sealed class InspectionView(IAnsiConsole console, GgufFile file, Inspection inspection)
{
    private const int LongestValue = 100;

    public void WriteSummary()
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(1).PadRight(2)).AddColumn();
        Add(grid, "Name", inspection.Name);
        Add(grid, "Architecture", inspection.Architecture);
        Add(grid, "Parameters", Amount.Count(inspection.Parameters));
        Add(grid, "File", $"{Amount.Bytes(inspection.Bytes)}, {8.0 * inspection.Bytes / Math.Max(1, inspection.Parameters):0.00} bits a parameter");
        Add(grid, "Fingerprint", inspection.Fingerprint);
        if (inspection.Layers is not null)
        {
            Add(grid, "Layers", $"{inspection.Layers}, width {inspection.EmbeddingWidth}, feed-forward {inspection.FeedForwardWidth}");
            Add(grid, "Attention", $"{inspection.Heads} heads of {inspection.HeadWidth}, {inspection.KvHeads} for keys and values");
            Add(grid, "Context", $"{inspection.ContextLength} tokens, KV {Amount.Bytes(inspection.KvBytesPerTokenF16!.Value)} a token in F16");
        }

        if (inspection.Adapter is { } adapter)
            Add(grid, "LoRA adapter", $"rank {adapter.Rank}, alpha {adapter.Alpha}, for models of the architecture {adapter.BaseArchitecture ?? "that it does not name"}");
        Add(grid, "Vocabulary", inspection.Vocabulary is null ? null : $"{inspection.Vocabulary} tokens, {inspection.Tokenizer ?? "no tokenizer"}");
        Add(grid, "Chat template", inspection.Adapter is not null ? null : inspection.HasChatTemplate ? "yes" : "no");
        Add(grid, "Problem", inspection.Problem);
        console.Write(grid);
        WriteTypes();
    }

    public void WriteMetadata()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Key", "Value");
        foreach (var (key, value) in file.Metadata)
            table.AddRow(new Text(Visible(key)), new Text(Visible(value.ToString())));
        console.Write(table);
    }

    public void WriteTensors()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Tensor", "Type");
        table.AddColumn(new TableColumn("Shape").RightAligned()).AddColumn(new TableColumn("Size").RightAligned());
        foreach (var tensor in file.Tensors)
            table.AddRow(new Text(Visible(tensor.Name)), new Text(tensor.Type.Name()), new Text(string.Join(" x ", tensor.Shape)), new Text(Amount.Bytes(tensor.ByteLength)));
        console.Write(table);
    }

    private void WriteTypes()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("Type");
        foreach (var title in (string[])["Tensors", "Parameters", "Size"])
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var group in file.Tensors.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Sum(tensor => tensor.ByteLength)))
            table.AddRow(group.Key.Name(), $"{group.Count()}", Amount.Count(group.Sum(tensor => tensor.ElementCount)), Amount.Bytes(group.Sum(tensor => tensor.ByteLength)));
        if (file.Tensors.Count > 0)
            console.Write(table);
    }

    private static void Add(Grid grid, string label, string? value)
    {
        if (value is not null)
            grid.AddRow(new Text(label, new Style(decoration: Decoration.Dim)), new Text(Visible(value)));
    }

    /// <summary>One line without control characters: a file's texts do not steer the terminal.</summary>
    private static string Visible(string text)
    {
        var cut = text.Length > LongestValue ? string.Concat(text.AsSpan(0, LongestValue), "...") : text;
        return string.Concat(cut.Select(letter => char.IsControl(letter) ? ' ' : letter));
    }
}
