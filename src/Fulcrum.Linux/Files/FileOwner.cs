using System.Runtime.InteropServices;
using Fulcrum.Linux.Processes;

namespace Fulcrum.Linux.Files;

/// <summary>chown(2) and the owner as statx(2) tells it, which the base library does not have.</summary>
public static unsafe partial class FileOwner
{
    private const string C = "libc";
    private const uint Unchanged = uint.MaxValue;
    private const int FromWorkingDirectory = -100;
    private const uint WantsOwner = 0x8 | 0x10;

    // struct statx is the same on all machines.
    private const int RecordLength = 256;
    private const int UserAt = 20;
    private const int GroupAt = 24;

    /// <summary>Gives the file to a group; its user stays.</summary>
    /// <exception cref="LinuxException">There is no such file, or we may not.</exception>
    public static void SetGroup(string path, uint groupId) => Set(path, Unchanged, groupId);

    /// <summary>Gives one file to the user and group that another one has. Who is not root cannot, and keeps it.</summary>
    /// <exception cref="LinuxException">There is no such file, or we may not.</exception>
    public static void Copy(string from, string to)
    {
        if (Accounts.OwnUserId == 0)
        {
            var (user, group) = Of(from);
            Set(to, user, group);
        }
    }

    /// <exception cref="LinuxException">There is no such file, or we may not look.</exception>
    public static (uint UserId, uint GroupId) Of(string path)
    {
        Span<byte> record = stackalloc byte[RecordLength];
        fixed (byte* pointer = record)
        {
            LinuxException.ThrowIfError(
                Native.Result(Status(FromWorkingDirectory, path, 0, WantsOwner, pointer)),
                $"look at {path}"
            );
        }

        return (MemoryMarshal.Read<uint>(record[UserAt..]), MemoryMarshal.Read<uint>(record[GroupAt..]));
    }

    private static void Set(string path, uint user, uint group) =>
        LinuxException.ThrowIfError(Native.Result(ChangeOwner(path, user, group)), $"change the owner of {path}");

    [LibraryImport(C, EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport(C, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int directory, string path, int flags, uint wanted, byte* record);
}
