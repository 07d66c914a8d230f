using System.Globalization;
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
    /// <summary>For those whom a process that refused after all has let in.</summary>
    private static readonly TimeSpan LeavingPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    private readonly HandoverLine _line;
    private readonly SiblingProcess _process;
    private readonly TimeSpan _within;
    private readonly long _began = TimeProvider.System.GetTimestamp();

    private Successor(SiblingProcess process, DescriptorChannel channel, TimeSpan within) =>
        (_process, _line, _within) = (process, new(channel), within);

    public int ProcessId => _process.ProcessId;

    /// <summary>Of its program; known when it has greeted.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Starts it.</summary>
    /// <param name="program">What this process runs.</param>
    /// <param name="within">How long it may take to serve.</param>
    /// <exception cref="HandoverException">It cannot be started.</exception>
    public static Successor Start(OwnProgram program, TimeSpan within)
    {
        try
        {
            var (ours, theirs) = DescriptorChannel.OpenPair();
            using (theirs)
            {
                try
                {
                    var number = SiblingProcess.ChannelNumber.ToString(CultureInfo.InvariantCulture);
                    // The watchdog's variable names this process, and asks something of the other one, too.
                    var environment = OwnProgram.EnvironmentWith(
                        (Predecessor.Variable, number),
                        ("WATCHDOG_PID", null)
                    );
                    var options = new ChildOptions(program.Arguments, environment);
                    return new(SiblingProcess.Start(program.File, options, theirs), ours, within);
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

    /// <summary>Waits until it has read its configuration and asks for the rest.</summary>
    /// <exception cref="HandoverException">It does not.</exception>
    public void Greet()
    {
        if (Receive() is not HandoverHello hello)
        {
            throw new HandoverException("the new process does not keep to the order");
        }

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

    /// <summary>Ends it while another thread waits for it, which then hears of its end.</summary>
    public void Interrupt() => _process.Interrupt();

    /// <summary>
    /// Nothing comes of it. Whoever has refused ends by itself, when those are served that it has let in already; anybody
    /// else is ended.
    /// </summary>
    public void End(HandoverException reason)
    {
        if (reason.IsRefusal && _process.TryReap(LeavingPatience) is not null)
        {
            return;
        }

        try
        {
            _line.Send(new HandoverRefusal(reason.Message));
        }
        catch (HandoverException)
        {
            // It is gone already.
        }

        _process.Kill();
    }

    public void Dispose() => _line.Dispose();

    private HandoverMessage Receive()
    {
        var left = _within - TimeProvider.System.GetElapsedTime(_began);
        var strangers = new List<int>();
        try
        {
            return _line.Receive(left > TimeSpan.Zero ? left : TimeSpan.Zero, strangers)
                ?? throw new HandoverException($"the new process {HowItEnded()} before it served");
        }
        finally
        {
            strangers.ForEach(descriptor => SocketCalls.Close(descriptor));
        }
    }

    // Its end of the channel closes a moment before the process is one that can be reaped.
    private string HowItEnded() =>
        _process.TryReap(EndPatience) is { } code ? $"ended with exit code {code}" : "let go";
}
