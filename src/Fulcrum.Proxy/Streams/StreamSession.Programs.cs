using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Programs;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Streams;

/// <summary>
/// A backend that is a named pipe, or a program that is started for the session. A program's end of the conversation is a
/// socket like any other, so that its bytes go the plain way; but it ends without a word about what it has not read, which
/// for a socket would be a broken connection.
/// </summary>
internal sealed partial class StreamSession<TIo> : IProgramOwner
{
    private RunningProgram? _program;
    private bool _hasProgramEnded;
    private bool _hasProgramFailed;

    void IProgramOwner.OnStarted(RunningProgram program, int conversation)
    {
        if (conversation < 0)
        {
            ConnectFailed();
            return;
        }
        _server = new Side { Descriptor = conversation, Token = Reactor.AddSocket(this, ServerTag) };
        if (_relay.Io.Register(conversation, _server.Token) < 0)
        {
            ConnectFailed();
        }
    }

    void IProgramOwner.OnEnded(RunningProgram program, ExitStatus status)
    {
        _hasProgramEnded = true;
        _hasProgramFailed = status is not { Code: 0, Signal: 0 };
        if (_phase == SessionPhase.Open)
        {
            Reactor.MakeReady(this);
        }
    }

    private bool BeginProgram(LoopBackend backend)
    {
        if (_relay.Programs is not { } yard)
        {
            return false;
        }
        var key = backend.State.Key;
        var options = new ChildOptions([key.Path!, .. _connect.Arguments], EnvironmentFor(key));
        _connectBegan = Reactor.Microseconds;
        _program = yard.Start(options, this, backend.State, $"{_plan.Service.Name} {key.Upstream}/{key.Id}");
        Reactor.SetTimer(this, _destination.Plan.ConnectTimeout);
        return true;
    }

    private bool BeginPipe(string path)
    {
        var descriptor = _relay.Io.OpenNamed(path);
        if (descriptor < 0)
        {
            return false;
        }
        _connectBegan = Reactor.Microseconds;
        _server = new Side { Descriptor = descriptor, Token = Reactor.AddSocket(this, ServerTag) };
        if (_relay.Io.Register(descriptor, _server.Token) < 0)
        {
            return false;
        }
        Reactor.SetTimer(this, _destination.Plan.ConnectTimeout);
        return true;
    }

    private Dictionary<string, string> EnvironmentFor(in BackendKey backend) =>
        new(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["FULCRUM_CLIENT"] = _from.Family == SocketFamily.Unix ? "unix" : _from.ToString(),
            ["FULCRUM_SERVICE"] = _plan.Service.Name,
            ["FULCRUM_LISTENER"] = _plan.Listener,
            ["FULCRUM_UPSTREAM"] = backend.Upstream,
            ["FULCRUM_BACKEND"] = backend.Id,
        };

    /// <summary>Its program is gone, or has let go of both ends, and all that it has said is on its way to the client.</summary>
    private bool HasProgramSaidAll() =>
        _program is not null
        && _server.Ended
        && !_client.IsOwed
        && (_hasProgramEnded | _server.Broken | _server.Failed);

    private void LeaveProgram()
    {
        _program?.LetGo();
        _program = null;
        _hasProgramEnded = _hasProgramFailed = false;
    }
}
