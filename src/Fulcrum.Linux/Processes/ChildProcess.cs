using System.Runtime.InteropServices;
using Fulcrum.Linux.Files;

namespace Fulcrum.Linux.Processes;

/// <summary>
/// A program that an event loop runs. Nothing waits for it: its output comes through pipes and its end through a
/// pidfd (pidfd_open(2)), three descriptors to register with epoll. There is no handler for SIGCHLD and no thread.
/// </summary>
/// <remarks>
/// <para>
/// The program leads a session of its own, so that it can be ended with all that it has started. Only who calls
/// setsid(2) itself, as daemons do, has left and stays.
/// </para>
/// <para>
/// Until it is reaped, a program that has ended keeps its number, so no signal reaches a stranger. The way of a loop
/// is: <see cref="Kill"/> when it takes too long, <see cref="TryReap"/> when <see cref="ExitDescriptor"/> is
/// readable, <see cref="Dispose"/>. Owned by one thread.
/// </para>
/// <para>
/// While a program is being started it has a copy of every descriptor of ours for a moment, until it has begun. What
/// another thread closes in that moment is closed for the network only after it.
/// </para>
/// </remarks>
public sealed unsafe class ChildProcess : IDisposable
{
    private const int PidFdOpen = 434;
    private const int ByPidFd = 3;
    private const int ByProcess = 1;
    private const int NoHang = 1;
    private const int Exited = 4;
    private const int NoWait = 0x1000000;
    private const int EndedByItself = 1;
    private const int KillSignal = 9;
    private const int TerminateSignal = 15;
    private const int UnixFamily = 1;
    private const int StreamCloseOnExec = 0x80001;
    private const int InformationBytes = 128;
    private const int DisposeWaits = 10;
    private const int DisposeWaitMilliseconds = 100;

    private bool _disposed;

    private ChildProcess(int process, int exit, int output, int errors)
    {
        ProcessId = process;
        ExitDescriptor = exit;
        OutputDescriptor = output;
        ErrorDescriptor = errors;
    }

    /// <summary>The number of the process, of its group and of its session.</summary>
    public int ProcessId { get; }

    /// <summary>Becomes readable when the program has ended.</summary>
    public int ExitDescriptor { get; }

    /// <summary>The standard output, for <see cref="PipeCalls.Read"/>; negative: it goes elsewhere. It ends when nobody can write to it any more.</summary>
    public int OutputDescriptor { get; }

    /// <summary>The standard error, likewise.</summary>
    public int ErrorDescriptor { get; }

    /// <summary>
    /// Starts a program: 0, or a negative errno which says why there is none (<see cref="Errno.NotFound"/>,
    /// <see cref="Errno.AccessDenied"/> …; <see cref="Errno.InvalidArgument"/> when a string contains a zero).
    /// </summary>
    public static int Start(ChildOptions options, out ChildProcess? child)
    {
        child = null;
        if (!options.CanBeSaid)
        {
            return -(int)Errno.InvalidArgument;
        }
        var (process, errors, errorsWriter) = (0, -1, -1);
        var result = PipeCalls.Open(out var output, out var outputWriter);
        if (result == 0)
        {
            result = PipeCalls.Open(out errors, out errorsWriter);
        }
        if (result == 0)
        {
            result = Spawner.Start(options, -1, outputWriter, errorsWriter, out process);
        }
        Close(outputWriter);
        Close(errorsWriter);
        if (result == 0)
        {
            result = OpenExit(process);
        }
        if (result < 0)
        {
            Close(output);
            Close(errors);
            return result;
        }
        child = new ChildProcess(process, result, output, errors);
        return 0;
    }

    /// <summary>
    /// Starts a program whose standard input and output are one end of a pair of connected sockets: what the other end
    /// sends it reads, and what it writes comes there. It has no <see cref="OutputDescriptor"/>.
    /// </summary>
    /// <param name="conversation">The other end, non-blocking, the caller's to close.</param>
    public static int StartConversing(ChildOptions options, out ChildProcess? child, out int conversation)
    {
        (child, conversation) = (null, -1);
        if (!options.CanBeSaid)
        {
            return -(int)Errno.InvalidArgument;
        }
        OpenDescriptors.Seal();
        var ends = stackalloc int[2] { -1, -1 };
        var (process, errors, errorsWriter) = (0, -1, -1);
        var result = Native.Result(Native.SocketPair(UnixFamily, StreamCloseOnExec, 0, ends));
        if (result == 0)
        {
            // Only ours: hardly any program expects that of its standard input.
            result = Sockets.SocketCalls.MakeNonBlocking(ends[0]);
        }
        if (result >= 0)
        {
            result = PipeCalls.Open(out errors, out errorsWriter);
        }
        if (result >= 0)
        {
            result = Spawner.Start(options, ends[1], ends[1], errorsWriter, out process);
        }
        Close(ends[1]);
        Close(errorsWriter);
        if (result >= 0)
        {
            result = OpenExit(process);
        }
        if (result < 0)
        {
            Close(ends[0]);
            Close(errors);
            return result;
        }
        child = new ChildProcess(process, result, -1, errors);
        conversation = ends[0];
        return 0;
    }

    /// <summary>Asks the program, and all that it has started in its group, to end: SIGTERM.</summary>
    public void Terminate()
    {
        if (Wait(NoHang | Exited | NoWait, out _) >= 0)
        {
            _ = Native.Kill(-ProcessId, TerminateSignal);
        }
    }

    /// <summary>
    /// Ends the program and every process of its session, unless it is reaped already. It still has to be reaped,
    /// soon, when its descriptor says so.
    /// </summary>
    public void Kill()
    {
        if (Wait(NoHang | Exited | NoWait, out _) >= 0)
        {
            Session.End(ProcessId);
        }
    }

    /// <summary>
    /// 1 when the program has ended, which frees its number and ends what it left running in its group; 0 when it
    /// still runs; -<see cref="Errno.NoChild"/> when it was reaped before.
    /// </summary>
    public int TryReap(out ExitStatus status)
    {
        var result = Wait(NoHang | Exited | NoWait, out status);
        if (result <= 0)
        {
            return result;
        }
        _ = Native.Kill(-ProcessId, KillSignal);
        return Wait(NoHang | Exited, out status);
    }

    /// <summary>
    /// Closes the descriptors. A program that was not reaped is killed and reaped, which waits until it is gone, but
    /// at most a second: one that hangs in the kernel, on a dead disk for example, is left to it.
    /// </summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        Kill();
        var exit = new PollEntry { Descriptor = ExitDescriptor, Events = 1 };
        for (var wait = 0; wait < DisposeWaits && TryReap(out _) == 0; wait++)
        {
            _ = Native.Poll(&exit, 1, DisposeWaitMilliseconds);
        }
        Close(ExitDescriptor);
        Close(OutputDescriptor);
        Close(ErrorDescriptor);
    }

    /// <summary>A pidfd, which is close-on-exec by itself; a program that gets none ends at once.</summary>
    private static int OpenExit(int process)
    {
        var result = Native.Result(Native.SystemCall(PidFdOpen, process, 0));
        if (result < 0)
        {
            var information = stackalloc byte[InformationBytes];
            _ = Native.Kill(-process, KillSignal);
            _ = Native.WaitId(ByProcess, process, information, Exited);
        }
        return result;
    }

    /// <summary>waitid(2): 1 when it has ended, 0 when it has not, or a negative errno.</summary>
    private int Wait(int options, out ExitStatus status)
    {
        var information = new ChildInformation();
        var result = Native.Result(Native.WaitId(ByPidFd, ExitDescriptor, &information, options));
        status =
            information.Code == EndedByItself
                ? new ExitStatus(information.Status, 0)
                : new ExitStatus(0, information.Status);
        return result < 0 ? result : Math.Sign(information.Process);
    }

    private static void Close(int descriptor)
    {
        if (descriptor >= 0)
        {
            _ = Native.Close(descriptor);
        }
    }

    /// <summary><c>siginfo_t</c> as SIGCHLD fills it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = InformationBytes)]
    private struct ChildInformation
    {
        [FieldOffset(8)]
        internal int Code;

        [FieldOffset(16)]
        internal int Process;

        [FieldOffset(24)]
        internal int Status;
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }
}
