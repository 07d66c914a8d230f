using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Processes;

/// <summary>
/// A program that was started to run beside this one and may outlive it: in the same session and directory, with the
/// same standard streams, and with one end of a channel to whoever holds the other.
/// </summary>
public sealed unsafe class SiblingProcess
{
    /// <summary>The number that the channel has there: the first after the standard streams.</summary>
    public const int ChannelNumber = 3;

    private const int ByProcess = 1;
    private const int NoHang = 1;
    private const int Exited = 4;
    private const int KillSignal = 9;
    private const int InformationBytes = 128;
    private const int StatusOffset = 24;
    private const int ProcessOffset = 16;

    private int? _status;

    private SiblingProcess(int process) => ProcessId = process;

    public int ProcessId { get; }

    /// <summary>Starts a program as this process was started.</summary>
    /// <param name="channel">Its end.</param>
    /// <param name="changes">Of the variables of this process; null takes one away.</param>
    /// <exception cref="LinuxException">It cannot be started.</exception>
    public static SiblingProcess Start(
        OwnProgram program,
        DescriptorChannel channel,
        params (string Name, string? Value)[] changes
    ) => Start(program.File, new(program.Arguments, OwnProgram.EnvironmentWith(changes)), channel);

    /// <summary>Starts it.</summary>
    /// <param name="file">The executable.</param>
    /// <param name="options">What it is told; its first argument is a name for it.</param>
    /// <param name="channel">Its end.</param>
    /// <exception cref="LinuxException">It cannot be started.</exception>
    public static SiblingProcess Start(string file, ChildOptions options, DescriptorChannel channel)
    {
        if (!options.CanBeSaid)
        {
            throw new LinuxException(Errno.InvalidArgument, $"start {file}");
        }

        _ = LinuxException.ThrowIfError(
            Spawner.StartBeside(options, file, channel.Descriptor, ChannelNumber, out var process),
            $"start {file}"
        );
        return new(process);
    }

    /// <summary>Its exit code, or 128 and the signal's number; null: it still runs. Frees its number when it has ended.</summary>
    public int? TryReap() => _status ??= Wait(NoHang | Exited);

    /// <summary>Waits for its end, but not for ever. Its exit code, or 128 and the signal's number; null: it still runs.</summary>
    public int? TryReap(TimeSpan patience)
    {
        _ = SpinWait.SpinUntil(() => TryReap() is not null, patience);
        return _status;
    }

    /// <summary>SIGKILL: who listens at the channel learns of the end. From any thread, before it is reaped.</summary>
    public void Interrupt()
    {
        if (_status is null)
        {
            _ = Native.Kill(ProcessId, KillSignal);
        }
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public void Kill()
    {
        if (TryReap() is null)
        {
            _ = Native.Kill(ProcessId, KillSignal);
            _status = Wait(Exited);
        }
    }

    private int? Wait(int options)
    {
        const int endedByItself = 1;
        var information = stackalloc byte[InformationBytes];
        new Span<byte>(information, InformationBytes).Clear();
        int result;
        do
        {
            result = Native.Result(Native.WaitId(ByProcess, ProcessId, information, options));
        } while (result == -(int)Errno.Interrupted);

        if (result < 0 || *(int*)(information + ProcessOffset) == 0)
        {
            return null;
        }

        var status = *(int*)(information + StatusOffset);
        return ((int*)information)[2] == endedByItself ? status : 128 + status;
    }
}
