using Penstock.Engine.Llama.Contexts;
using Penstock.Engine.Llama.Tests.Support;
using Penstock.Engine.Running;

namespace Penstock.Engine.Llama.Tests.Contexts;

/// <summary>Each misuse here would end the process, or read freed memory, if it reached the library.</summary>
public sealed class LlamaContextTests : IDisposable
{
    private const int Cells = 256;

    private readonly TinyModel file;
    private readonly LlamaModel model;
    private readonly LlamaContext context;

    public LlamaContextTests()
    {
        file = new TinyModel();
        LlamaLibrary.Load();
        model = LlamaModel.Open(file.File.Path);
        context = Create(new ContextOptions(Cells, Rows: 64, Sequences: 4, Outputs: 4, Threads: 1));
    }

    public void Dispose()
    {
        context.Dispose();
        model.Dispose();
        file.Dispose();
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(4, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, Cells, 0)]
    [InlineData(0, 0, -1)]
    [InlineData(0, 0, 512)]
    public void Add_OutOfRange_Throws(int sequence, int position, int token) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Add(sequence, position, token, output: false));

    [Fact]
    public void Add_MoreRowsOrOutputsThanACallTakes_Throws()
    {
        Prompt(0, 0, 64);
        Assert.Throws<InvalidOperationException>(() => context.Add(0, 64, 1, output: false));
        context.Clear();
        for (var i = 0; i < 4; i++)
            context.Add(0, i, 1, output: true);
        Assert.Throws<InvalidOperationException>(() => context.Add(0, 4, 1, output: true));
    }

    [Fact]
    public void Run_NoRowsOrTwice_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => context.Run());
        context.Add(0, 0, 1, output: true);
        Assert.Equal(DecodeOutcome.Completed, context.Run());
        Assert.Throws<InvalidOperationException>(() => context.Run());
        Assert.Throws<InvalidOperationException>(() => context.Add(0, 1, 1, output: true));
    }

    [Fact]
    public void Run_HiddenWithoutOutputOfEveryRow_Throws()
    {
        Prompt(0, 0, 3);
        Assert.Throws<InvalidOperationException>(() => context.Run(hidden: true));
    }

    [Fact]
    public void Run_PositionThatDoesNotContinue_FailedAndNothingStored()
    {
        context.Add(0, 5, 1, output: true);
        context.Add(0, 7, 1, output: true);
        Assert.Equal(DecodeOutcome.Failed, context.Run());
        Assert.Equal(0, context.Length(0));
    }

    [Fact]
    public void Logits_RowWithoutOutputOrNotComputed_Throws()
    {
        context.Add(0, 0, 1, output: false);
        context.Add(0, 1, 1, output: true);
        Assert.Throws<InvalidOperationException>(() => context.Logits(1).Length);
        context.Run();
        Assert.Equal(512, context.Logits(1).Length);
        foreach (var row in (int[])[-1, 0, 2])
            Assert.Throws<InvalidOperationException>(() => context.Logits(row).Length);
        Assert.Throws<InvalidOperationException>(() => context.Hidden(1).Length);
    }

    [Fact]
    public void Run_CellsFull_NoCellsAndNothingStored()
    {
        for (var i = 0; i < Cells; i += 64)
        {
            Prompt(0, i, 64);
            Assert.Equal(DecodeOutcome.Completed, context.Run());
            context.Clear();
        }

        context.Add(1, 0, 1, output: true);
        Assert.Equal(DecodeOutcome.NoCells, context.Run());
        Assert.Equal((Cells, 0), (context.Length(0), context.Length(1)));
    }

    [Fact]
    public void Run_AbortRaised_AbortedAndGoesOnAfterwards()
    {
        var abort = new AbortSignal();
        abort.Raise();
        Prompt(0, 0, 64);
        Assert.Equal(DecodeOutcome.Aborted, context.Run(abort: abort));
        context.Truncate(0, 0);
        context.Clear();
        Prompt(0, 0, 64);
        Assert.Equal(DecodeOutcome.Completed, context.Run());
        Assert.Equal(64, context.Length(0));
    }

    [Fact]
    public void Memory_SequenceOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Truncate(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Truncate(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Share(0, 4, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Share(-1, 0, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Length(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.StateBytes(4));
    }

    [Fact]
    public void Restore_NotAState_FalseAndEmpty()
    {
        Assert.False(context.Restore(1, new byte[100]));
        Assert.Equal(0, context.Length(1));
    }

    [Fact]
    public void Share_CellsOfTheirOwn_Throws()
    {
        using var other = Create(new ContextOptions(Cells, Rows: 8, Sequences: 2, Outputs: 2, Threads: 1, Unified: false));
        Assert.Throws<InvalidOperationException>(() => other.Share(0, 1, 0, 1));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(8, 257, 257)]
    [InlineData(8, 4, 3)]
    public void New_SizeThatTheLibraryDoesNotTake_Throws(int rows, int sequences, int outputs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new ContextOptions(Cells, rows, sequences, outputs, Threads: 1)));

    [Fact]
    public void Disposed_AnyCall_Throws()
    {
        context.Add(0, 0, 1, output: true);
        context.Run();
        context.Dispose();
        context.Dispose();
        Assert.Throws<ObjectDisposedException>(() => context.Logits(0).Length);
        Assert.Throws<ObjectDisposedException>(() => context.Run());
        Assert.Throws<ObjectDisposedException>(() => context.Truncate(0, 0));
        Assert.Throws<ObjectDisposedException>(() => context.Save(0, new byte[8]));
        Assert.Throws<ObjectDisposedException>(() => context.Add(0, 1, 1, output: true));
    }

    [Fact]
    public void ModelDisposedFirst_ContextGoesOn()
    {
        model.Dispose();
        context.Add(0, 0, 1, output: true);
        Assert.Equal(DecodeOutcome.Completed, context.Run());
    }

    private LlamaContext Create(ContextOptions options) => new(model, options);

    private void Prompt(int sequence, int position, int count)
    {
        for (var i = 0; i < count; i++)
            context.Add(sequence, position + i, i % 100, output: false);
    }
}
