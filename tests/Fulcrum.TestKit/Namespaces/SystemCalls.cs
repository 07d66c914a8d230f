using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Fulcrum.TestKit.Namespaces;

/// <summary>The system calls that the base library does not offer.</summary>
internal static partial class SystemCalls
{
    private const int CloneNewNet = 0x40000000;
    private const int NoSuchProcess = 3;
    private const byte Up = 1;
    private const nuint SetInterfaceFlags = 0x8914;
    private const nuint MakeTap = 0x400454ca;
    private const int LazyUnmount = 2;
    private const int Stream = 1;
    private const int CloseOnExec = 0x80000;
    private const int Sctp = 132;

    /// <summary>Moves the calling thread into a network namespace, by its file.</summary>
    /// <exception cref="Win32Exception">The kernel refused.</exception>
    public static void EnterNetworkNamespace(string file)
    {
        using var handle = File.OpenHandle(file);
        if (SetNs(handle, CloneNewNet) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Raises <c>lo</c> where the calling thread is.</summary>
    /// <exception cref="Win32Exception">The kernel refused.</exception>
    public static void RaiseLoopback()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        // struct ifreq: a name of 16 bytes, then flags.
        var request = new byte[40];
        "lo"u8.CopyTo(request);
        request[16] = Up;
        if (IOControl(socket.SafeHandle, SetInterfaceFlags, request) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Makes an interface whose other end is this file (/dev/net/tun), where the calling thread is.</summary>
    /// <exception cref="Win32Exception">The kernel refused.</exception>
    public static void MakeInterface(SafeFileHandle file, string name, short flags)
    {
        // struct ifreq: a name of 16 bytes, then flags.
        var request = new byte[40];
        Encoding.ASCII.GetBytes(name, request);
        MemoryMarshal.Write(request.AsSpan(16), flags);
        if (IOControl(file, MakeTap, request) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Takes what is mounted at a path away, as soon as nobody uses it any more.</summary>
    /// <exception cref="Win32Exception">The kernel refused.</exception>
    public static void Detach(string path)
    {
        if (Unmount(path, LazyUnmount) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Sends a signal. False: there is no such process any more.</summary>
    /// <exception cref="Win32Exception">The kernel refused for another reason.</exception>
    public static bool Signal(int pid, int signal)
    {
        if (Kill(pid, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error);
    }

    /// <summary>A socket for SCTP in the style of TCP, a protocol that the base library does not know.</summary>
    /// <exception cref="Win32Exception">The kernel refused.</exception>
    public static Socket OpenSctp(AddressFamily family)
    {
        var handle = OpenSocket(family == AddressFamily.InterNetwork ? 2 : 10, Stream | CloseOnExec, Sctp);
        return handle >= 0
            ? new Socket(new SafeSocketHandle(handle, ownsHandle: true))
            : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNs(SafeFileHandle file, int kind);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int IOControl(SafeSocketHandle socket, nuint request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int IOControl(SafeFileHandle file, nuint request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmount(string path, int flags);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
