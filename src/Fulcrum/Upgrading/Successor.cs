using Fulcrum.Engine.Inheriting;
using Fulcrum.Linux;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Protocols.Handover;

namespace Fulcrum.Upgrading;

/// <summary>
/// The process that is to take the place of this one: the program as it is on the disk now, with the arguments of this
/// process. Until it has said that it serves, and has been told that the node is its own, it can be ended without loss.
/// One caller at a time; calls wait, so they are for a thread of their own.
/// </summary>
internal sealed class Successor : IDisposable
{
    /// <summary>For what is left to do to a process that has refused.</summary>
    private static readonly TimeSpan LeavingPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly HandoverLine _line;
    private readonly SiblingProcess _intermediary;
    private readonly TimeSpan _within;
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private HandoverHello? _hello;
    private OtherProcess? _process;
    private bool _isInterrupted;

    private Successor(SiblingProcess intermediary, DescriptorChannel channel, TimeSpan within) =>
        (_intermediary, _line, _within) = (intermediary, new(channel), within);

    /// <summary>Known when it is started.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Of its program; known when it has greeted.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Has it started; see <see cref="Intermediary"/>.</summary>
    /// <param name="program">What this process runs.</param>
    /// <param name="within">How long it may take to serve.</param>
    /// <exception cref="HandoverException">The program cannot be started.</exception>
    public static Successor Start(OwnProgram program, TimeSpan within)
    {
        try
        {
            var (ours, theirs) = DescriptorChannel.OpenPair();
            using (theirs)
            {
                try
                {
                    // The watchdog's variable names this process, and asks something of the other one, too.
                    var intermediary = SiblingProcess.Start(
                        program,
                        theirs,
                        (Intermediary.Variable, HandoverLine.Number),
                        ("WATCHDOG_PID", null)
                    );
                    return new(intermediary, ours, within);
                }
                catch
                {
                    ours.Dispose();
                    throw;
                }
            }
        }
        catch (LinuxException error)
        {
            throw new HandoverException(error.Message);
        }
    }

    /// <summary>Waits until it runs, as a child of whoever has this process for a child.</summary>
    /// <exception cref="HandoverException">It does not.</exception>
    public void AwaitStart()
    {
        var descriptors = new List<int>();
        while (_process is null)
        {
            switch (Receive(descriptors))
            {
                case HandoverStarted started when descriptors is [var descriptor]:
                    Know(started.ProcessId, new(descriptor));
                    break;
                // It may be faster than the one that has started it.
                case HandoverHello hello when _hello is null && descriptors.Count == 0:
                    _hello = hello;
                    break;
                default:
                    descriptors.ForEach(descriptor => SocketCalls.Close(descriptor));
                    throw new HandoverException("the new process does not keep to the order");
            }
        }

        if (_intermediary.TryReap(Left) is null)
        {
            throw new HandoverException("who started the new process does not end");
        }
    }

    /// <summary>Waits until it has read its configuration and asks for the rest.</summary>
    /// <exception cref="HandoverException">It does not.</exception>
    public void Greet()
    {
        var hello =
            _hello
            ?? Receive() as HandoverHello
            ?? throw new HandoverException("the new process does not keep to the order");
        if (hello.Protocol != HandoverCodec.Version)
        {
            throw new HandoverException(
                $"{hello.Program} hands over by another protocol ({hello.Protocol}, here {HandoverCodec.Version}); stop this one and start that"
            );
        }

        Version = hello.Program;
    }

    /// <summary>Gives it all that there is.</summary>
    /// <param name="sockets">Copies; they stay the caller's to close.</param>
    /// <exception cref="HandoverException">It is gone.</exception>
    public void Give(IReadOnlyList<(string Name, int Descriptor)> sockets, Inheritance known, string upgrade, string by)
    {
        foreach (var some in sockets.Chunk(HandoverCodec.MostNames))
        {
            _line.Send(
                new HandoverSockets([.. some.Select(socket => socket.Name)]),
                [.. some.Select(socket => socket.Descriptor)]
            );
        }

        var state = InheritanceText.Write(known);
        for (var at = 0; at < state.Length; at += HandoverCodec.MostPart)
        {
            _line.Send(new HandoverState(state.AsMemory(at, Math.Min(HandoverCodec.MostPart, state.Length - at))));
        }

        _line.Send(new HandoverEnd(state.Length, sockets.Count, upgrade, by));
    }

    /// <summary>Waits until every loop of it serves.</summary>
    /// <exception cref="HandoverException">It does not.</exception>
    public void AwaitServing()
    {
        if (Receive() is not HandoverServing)
        {
            throw new HandoverException("the new process does not keep to the order");
        }
    }

    /// <summary>The node is the other process's from now on. There is no way back.</summary>
    /// <exception cref="HandoverException">It is gone, and the node is not.</exception>
    public void GiveOver() => _line.Send(new HandoverOver());

    /// <summary>Passes on what was meant for the node. Nothing happens when it has ended.</summary>
    public void Signal(ProcessSignal signal) => _process?.Signal(signal);

    /// <summary>Ends it while another thread waits for it, which then hears of its end.</summary>
    public void Interrupt()
    {
        lock (_lock)
        {
            _isInterrupted = true;
            _process?.Signal(ProcessSignal.Kill);
            if (_process is null)
            {
                _intermediary.Interrupt();
            }
        }
    }

    /// <summary>Nothing comes of it. Whoever has refused ends by itself, in order; anybody else is ended.</summary>
    public void End(HandoverException reason)
    {
        if (!reason.IsRefusal || _process?.HasEnded(LeavingPatience) is false)
        {
            _line.TryRefuse(reason.Message);
            _process?.Signal(ProcessSignal.Kill);
        }

        _intermediary.Kill();
    }

    public void Dispose()
    {
        _line.Dispose();
        _process?.Dispose();
    }

    private void Know(int number, OtherProcess process)
    {
        lock (_lock)
        {
            (ProcessId, _process) = (number, process);
            if (_isInterrupted)
            {
                process.Signal(ProcessSignal.Kill);
            }
        }
    }

    private TimeSpan Left
    {
        get
        {
            var left = _within - TimeProvider.System.GetElapsedTime(_began);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private HandoverMessage Receive()
    {
        var strangers = new List<int>();
        try
        {
            return Receive(strangers);
        }
        finally
        {
            strangers.ForEach(descriptor => SocketCalls.Close(descriptor));
        }
    }

    private HandoverMessage Receive(List<int> descriptors) =>
        _line.Receive(Left, descriptors)
        ?? throw new HandoverException($"the new process {HowItEnded()} before it served");

    // Its end of the channel closes a moment before the process is one that has ended.
    private string HowItEnded() =>
        _process is { } process
            ? process.HasEnded(EndPatience)
                ? "ended"
                : "let go"
            : _intermediary.TryReap(EndPatience) is { } code
                ? $"ended with exit code {code}"
                : "let go";
}
