using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Bench.Packets;

/// <summary>Measures programs on one packet that is made whole before each run.</summary>
internal sealed class Stand : IDisposable
{
    private const string Resource = "restore.bpf.o";
    private const uint Aborted = 0;

    private readonly BpfLoader _loader;
    private readonly BpfProgram _restoring;
    private readonly BpfProgram _nothing;

    public Stand()
    {
        _loader = new(EmbeddedPrograms.Read(Resource));
        _restoring = _loader.Load("restoring");
        _nothing = _loader.Load("nothing");
    }

    /// <summary>What a run of a program that does nothing costs, in nanoseconds.</summary>
    public double Nothing(int runs) => Run(_nothing, new byte[Frames.Length], runs, 2);

    /// <summary>What making the packet whole costs beside the program.</summary>
    public double Overhead(int runs) => Restored(_nothing, new byte[Frames.Length], runs, 2);

    /// <summary>A run of a program with what it takes to make the packet whole.</summary>
    /// <param name="verdict">That it must have.</param>
    public double Restored(BpfProgram program, byte[] frame, int runs, uint verdict)
    {
        _loader.Map("frames").Set(new byte[4], frame);
        _loader.Map("measured").Set(new byte[4], program);
        return Run(_restoring, frame, runs, verdict);
    }

    public void Dispose()
    {
        _nothing.Dispose();
        _restoring.Dispose();
        _loader.Dispose();
    }

    private static double Run(BpfProgram program, byte[] frame, int runs, uint verdict)
    {
        var run = program.Test(frame, new byte[2 * Frames.Length], new() { Repeat = runs });
        return run.Verdict == verdict && run.Verdict != Aborted
            ? run.Nanoseconds
            : throw new InvalidOperationException($"the program said {run.Verdict}, not {verdict}");
    }
}
