using System.Text;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Programs;

/// <summary>
/// The program of one session. When the session is over it reads the end of its input, and has two seconds to end by
/// itself, then three more after SIGTERM, and then it is killed, with all that it has started. Whatever happens, it is
/// reaped, and until then it keeps a place of its backend, whose limit is so a limit of programs. What it writes to its
/// standard error becomes lines of the log.
/// </summary>
internal sealed class RunningProgram : LoopObject
{
    private const int ExitTag = 0;
    private const int ErrorTag = 1;
    private const long PatienceToEnd = 2_000;
    private const long PatienceToTerminate = 3_000;
    private const int LongestLine = 1_024;

    private readonly ServiceBackend _backend;
    private readonly string _label;
    private IProgramOwner? _owner;
    private ChildProcess? _child;
    private ulong _exitToken;
    private ulong _errorToken;
    private byte[]? _line;
    private int _length;
    private bool _isTerminated;
    private bool _isDying;
    private bool _isOver;

    public RunningProgram(ProgramYard yard, IProgramOwner owner, ServiceBackend backend, string label)
    {
        Yard = yard;
        _owner = owner;
        _backend = backend;
        _label = label;
    }

    public ProgramYard Yard { get; }

    private Reactor Reactor => Yard.Loop.Reactor;

    /// <summary>It was started, or could not be.</summary>
    public void Begin(ChildProcess? child, int conversation)
    {
        if (child is null)
        {
            Forget();
            _owner?.OnStarted(this, conversation);
            return;
        }
        if (Yard.IsClosed)
        {
            _ = SocketCalls.Close(conversation);
            child.Dispose();
            return;
        }
        _child = child;
        _exitToken = Reactor.AddSocket(this, ExitTag);
        _errorToken = Reactor.AddSocket(this, ErrorTag);
        var isHeard =
            Yard.Loop.RegisterIncoming(child.ExitDescriptor, _exitToken) >= 0
            && Yard.Loop.RegisterIncoming(child.ErrorDescriptor, _errorToken) >= 0;
        if (_owner is null || !isHeard)
        {
            _ = SocketCalls.Close(conversation);
            Kill();
            _owner?.OnStarted(this, -(int)Errno.TooManyOpenFiles);
            if (!isHeard)
            {
                Bury();
            }
            return;
        }
        _owner.OnStarted(this, conversation);
    }

    /// <summary>The session is over.</summary>
    public void LetGo()
    {
        _owner = null;
        if (_isDying | _isOver)
        {
            return;
        }
        _isDying = true;
        // The session gives its place back, and the program still runs.
        _ = _backend.TryEnter(int.MaxValue, 0);
        if (_child is not null && !Yard.HasPatience)
        {
            Kill();
        }
        else
        {
            Reactor.SetTimer(this, PatienceToEnd);
        }
        Yard.CountDying(1);
    }

    /// <summary>Ends it at once; it still has to be reaped.</summary>
    public void Kill() => _child?.Kill();

    /// <summary>Waits for its end, which has been brought about.</summary>
    public void Bury()
    {
        Forget();
        _child?.Dispose();
        _child = null;
    }

    protected override void OnEvents(int tag, EpollEvents events) => Look();

    protected override void OnTurn() => Look();

    protected override void OnTimer()
    {
        if (!_isTerminated)
        {
            _isTerminated = true;
            _child?.Terminate();
            Reactor.SetTimer(this, PatienceToTerminate);
        }
        else
        {
            Kill();
        }
    }

    protected override void OnFault(Exception fault)
    {
        Kill();
        Bury();
    }

    private void Look()
    {
        if (_child is not { } child)
        {
            return;
        }
        // In this order: what it wrote before it ended is there when its end is seen.
        var ended = child.TryReap(out var status);
        var isMore = ReadErrors(child.ErrorDescriptor);
        if (ended == 0)
        {
            if (isMore)
            {
                Reactor.MakeReady(this);
            }
            return;
        }
        EndLine();
        var owner = _owner;
        Bury();
        owner?.OnEnded(this, status);
    }

    private void Forget()
    {
        Reactor.Forget(this);
        if (_child is not null)
        {
            Reactor.RemoveSocket(_exitToken);
            Reactor.RemoveSocket(_errorToken);
        }
        Yard.Remove(this);
        _isOver = true;
        if (_isDying)
        {
            _isDying = false;
            Yard.CountDying(-1);
            _backend.Leave();
        }
    }

    /// <summary>True: there may be more.</summary>
    private bool ReadErrors(int descriptor)
    {
        for (var left = Reactor.Options.ReadsPerTurn; left > 0; left--)
        {
            var count = PipeCalls.Read(descriptor, Reactor.Scratch);
            if (count <= 0)
            {
                return false;
            }
            foreach (var octet in Reactor.Scratch.Slice(0, count))
            {
                Add(octet);
            }
        }
        return true;
    }

    private void Add(byte octet)
    {
        if (octet == '\n' || _length == LongestLine)
        {
            EndLine();
        }
        if (octet != '\n')
        {
            _line ??= new byte[LongestLine];
            _line[_length++] = octet;
        }
    }

    private void EndLine()
    {
        if (_length == 0)
        {
            return;
        }
        var text = Encoding.UTF8.GetString(_line!, 0, _length);
        _length = 0;
        if (!Yard.Log.HasRoom)
        {
            Yard.Log.CountDropped();
            return;
        }
        var visible = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        Yard.Log.Add(null, Reactor.Microseconds, Encoding.UTF8.GetBytes($"{_label} {visible}\n"));
    }
}
