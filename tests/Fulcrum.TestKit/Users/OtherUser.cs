using System.Runtime.InteropServices;

namespace Fulcrum.TestKit.Users;

/// <summary>
/// Does something as another user, in this process: the kernel keeps users and groups for each thread, and only the C
/// library's own functions change them in all. The thread ends with what it did.
/// </summary>
public static unsafe partial class OtherUser
{
    /// <summary>Of the system, and nobody's: <c>nobody</c> and <c>nogroup</c> on most.</summary>
    public const uint Nobody = 65534;

    /// <param name="groups">The first one is the user's own.</param>
    public static T Do<T>(uint user, IReadOnlyList<uint> groups, Func<T> action)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(action);
        Require.Root();
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Become(user, groups);
                result = action();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new AggregateException(failure.Message, failure);
    }

    private static void Become(uint user, IReadOnlyList<uint> groups)
    {
        var isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        var more = groups.Skip(1).ToArray();
        fixed (uint* list = more)
        {
            // setgroups, setresgid, setresuid
            Check(SystemCall(isArm ? 159 : 116, more.Length, (nint)list, 0));
        }

        Check(SystemCall(isArm ? 149 : 119, (nint)groups[0], (nint)groups[0], (nint)groups[0]));
        Check(SystemCall(isArm ? 147 : 117, (nint)user, (nint)user, (nint)user));
    }

    private static void Check(nint result)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"not another user: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third);
}
