using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Sockets;

/// <summary>
/// Which process is at the other end of a Unix socket, as the kernel saw it when it connected (SO_PEERCRED and
/// SO_PEERGROUPS, unix(7)): the process itself cannot say anything else.
/// </summary>
/// <param name="GroupIds">The group that it ran as, and those that it had beside that.</param>
public sealed unsafe record PeerCredentials(uint UserId, int ProcessId, IReadOnlyList<uint> GroupIds)
{
    private const int MostGroups = 65536;

    /// <summary>Null: it is no Unix socket, or nobody is at the other end.</summary>
    public static PeerCredentials? Of(SafeHandle socket)
    {
        var held = false;
        try
        {
            socket.DangerousAddRef(ref held);
            return Of((int)socket.DangerousGetHandle());
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            if (held)
            {
                socket.DangerousRelease();
            }
        }
    }

    private static PeerCredentials? Of(int descriptor)
    {
        Credentials who;
        var length = (uint)sizeof(Credentials);
        var option = SocketOption.PeerCredentials;
        var result = Native.GetSocketOption(descriptor, option.Level, option.Name, &who, &length);
        return result < 0 || length != sizeof(Credentials) || who.ProcessId == 0
            ? null
            : new(who.UserId, who.ProcessId, [who.GroupId, .. GroupsOf(descriptor)]);
    }

    private static uint[] GroupsOf(int descriptor)
    {
        var option = SocketOption.PeerGroups;
        var groups = new uint[32];
        while (true)
        {
            var length = (uint)groups.Length * sizeof(uint);
            int result;
            fixed (uint* pointer = groups)
            {
                result = Native.Result(Native.GetSocketOption(descriptor, option.Level, option.Name, pointer, &length));
            }

            if (result >= 0)
            {
                return groups[..(int)(length / sizeof(uint))];
            }

            // Where there is too little room the kernel says how much it takes.
            if (result != -(int)Errno.Range || length > MostGroups * sizeof(uint))
            {
                return [];
            }

            groups = new uint[length / sizeof(uint)];
        }
    }

    // struct ucred
    private struct Credentials
    {
        public int ProcessId;
        public uint UserId;
        public uint GroupId;
    }
}
