using Fulcrum.Linux;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.Programs;

/// <summary>
/// The programs of one loop's sessions, until each is reaped. Starting one takes longer than a loop may be held up, so it
/// is done by the thread pool, and the loop is told. All members but what says so are for the loop's thread.
/// </summary>
internal sealed class ProgramYard(EventLoop loop, StageLog log)
{
    /// <summary>So many may take their time to end when their sessions are over; beyond it they are ended at once.</summary>
    private const int MostDying = 256;

    private readonly HashSet<RunningProgram> _programs = [];
    private readonly Lock _gate = new();
    private bool _isClosed;
    private int _dying;

    public EventLoop Loop => loop;

    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Takes what programs write to their standard error.</summary>
    public StageLog Log => log;

    /// <summary>Programs that run, or are being started.</summary>
    public int Count => _programs.Count;

    /// <summary>Whether one more may take its time to end.</summary>
    public bool HasPatience => _dying < MostDying;

    /// <summary>Has a program started; the owner hears of it later.</summary>
    /// <param name="backend">Whose place the program keeps until it is reaped.</param>
    /// <param name="label">Stands before each of its lines in the log.</param>
    public RunningProgram Start(ChildOptions options, IProgramOwner owner, ServiceBackend backend, string label)
    {
        var program = new RunningProgram(this, owner, backend, label);
        _programs.Add(program);
        ThreadPool.UnsafeQueueUserWorkItem(
            static job => job.Program.Yard.Run(job.Program, job.Options),
            (Program: program, Options: options),
            preferLocal: false
        );
        return program;
    }

    /// <summary>Ends them all, and lets nobody in any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
        foreach (var program in _programs)
        {
            program.Kill();
        }
        foreach (var program in _programs.ToList())
        {
            program.Bury();
        }
    }

    internal void CountDying(int change) => _dying += change;

    internal void Remove(RunningProgram program) => _programs.Remove(program);

    /// <summary>On a thread of the pool.</summary>
    private void Run(RunningProgram program, ChildOptions options)
    {
        ChildProcess? child = null;
        var conversation = -1;
        int result;
        try
        {
            result = ChildProcess.StartConversing(options, out child, out conversation);
        }
        catch (Exception error) when (error is ArgumentException or OutOfMemoryException)
        {
            result = -(int)Errno.InvalidArgument;
        }
        lock (_gate)
        {
            if (!_isClosed)
            {
                loop.Post(
                    static state => ((Begun)state!).Tell(),
                    new Begun(program, child, result < 0 ? result : conversation)
                );
                return;
            }
        }
        child?.Dispose();
        if (conversation >= 0)
        {
            _ = SocketCalls.Close(conversation);
        }
    }

    private sealed record Begun(RunningProgram Program, ChildProcess? Child, int Conversation)
    {
        public void Tell() => Program.Begin(Child, Conversation);
    }
}
