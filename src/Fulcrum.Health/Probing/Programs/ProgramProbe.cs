using System.Buffers;
using System.Text;
using Fulcrum.Health.Probing.Conversations;
using Fulcrum.Health.Probing.Sockets;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Processes;
using Fulcrum.Loops;

namespace Fulcrum.Health.Probing.Programs;

/// <summary>
/// Runs a program and judges by its exit code and by what it prints. When time is up, it is killed with all that it
/// has started.
/// </summary>
internal sealed class ProgramProbe(
    ChildOptions options,
    AnswerPattern? expect,
    AnswerPattern? reject,
    DyingPrograms killed,
    EventLoop loop,
    TimeProvider time,
    IProbeOwner owner
) : Probe(owner)
{
    /// <summary>So much of what it prints is looked at; the rest is read and dropped, so that it does not block.</summary>
    private const int Most = 64 * 1024;

    private const int ReadsPerTurn = 16;
    private const int LongestLine = 200;

    private readonly long _started = time.GetTimestamp();
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _errors = new();
    private readonly ulong[] _tokens = new ulong[3];
    private ChildProcess? _child;
    private ChildProcess? _dying;

    protected override string Awaited => "waiting for the program to end";

    protected override ProbePhases Phases => new(null, null, time.GetElapsedTime(_started));

    public override void Start()
    {
        var result = ChildProcess.Start(options, out _child);
        if (result < 0)
        {
            // Our own machine cannot run it: that says nothing of the backend.
            var why = new LinuxException((Errno)(-result), options.Arguments[0]).Message;
            Finish(ProbeResult.Unclear($"cannot run {why}"));
            return;
        }

        int[] descriptors = [_child!.ExitDescriptor, _child.OutputDescriptor, _child.ErrorDescriptor];
        for (var i = 0; i < descriptors.Length; i++)
        {
            _tokens[i] = loop.Reactor.AddSocket(this, i);
            result = Math.Min(result, loop.Register(descriptors[i], _tokens[i]));
        }

        if (result < 0)
        {
            Finish(SocketErrors.Judge((Errno)(-result)));
        }
    }

    protected override void OnEvents(int tag, EpollEvents events)
    {
        if (_child is not null)
        {
            LookOnce();
        }
        else
        {
            Bury();
        }
    }

    protected override void OnTurn() => LookOnce();

    protected override void LookOnce()
    {
        if (_child is not { } child)
        {
            return;
        }

        // In this order: what it printed before it ended is there when its end is seen.
        var ended = child.TryReap(out var status);
        var isMore = Drain(child.OutputDescriptor, _output) | Drain(child.ErrorDescriptor, _errors);
        if (ended != 0)
        {
            Finish(ended > 0 ? Judge(status) : ProbeResult.Unclear("somebody else waited for the program"));
        }
        else if (isMore)
        {
            loop.Reactor.MakeReady(this);
        }
    }

    protected override void Release()
    {
        if (_child is { } child)
        {
            (_child, _dying) = (null, child);
            loop.Reactor.Forget(this);
            killed.Add(child);
            child.Kill();
            Bury();
        }
    }

    // What was killed is not waited for: its end comes as an event, after the probe is over.
    private void Bury()
    {
        if (_dying is { } child && child.TryReap(out _) != 0)
        {
            _dying = null;
            killed.Remove(child);
            foreach (var token in _tokens)
            {
                loop.Reactor.RemoveSocket(token);
            }

            child.Dispose();
        }
    }

    // True: there may be more.
    private bool Drain(int descriptor, ArrayBufferWriter<byte> into)
    {
        for (var reads = 0; reads < ReadsPerTurn; reads++)
        {
            var read = PipeCalls.Read(descriptor, loop.Reactor.Scratch);
            if (read <= 0)
            {
                return false;
            }

            into.Write(loop.Reactor.Scratch.Slice(0, Math.Min(read, Most - into.WrittenCount)));
        }

        return true;
    }

    private ProbeResult Judge(ExitStatus status)
    {
        var output = _output.WrittenSpan;
        if (status is not { Code: 0, Signal: 0 })
        {
            return ProbeResult.Bad(Line() is { } line ? $"{status}: {line}" : status.ToString());
        }

        if (reject?.Matches(output) == true)
        {
            return ProbeResult.Bad(Line() ?? "it printed what is not healthy");
        }

        return expect is null || expect.Matches(output) ? ProbeResult.Good(Line() ?? status.ToString())
            : reject is null ? ProbeResult.Bad($"the output is not as expected, {expect}")
            : ProbeResult.Unclear($"the output is neither {expect} nor {reject}");
    }

    // For people: the first line that it printed, of its errors if there is no other.
    private string? Line()
    {
        foreach (var text in new[] { _output, _errors })
        {
            var line = Encoding
                .UTF8.GetString(text.WrittenSpan[..Math.Min(text.WrittenCount, LongestLine)])
                .Trim()
                .Split('\n')[0];
            if (line.Length > 0)
            {
                return string.Concat(line.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
            }
        }

        return null;
    }
}
