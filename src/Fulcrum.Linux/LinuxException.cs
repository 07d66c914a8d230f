using System.Runtime.InteropServices;

namespace Fulcrum.Linux;

/// <summary>
/// A system call failed while something was being set up. Hot paths never throw: there a negative return value
/// carries the number.
/// </summary>
public sealed class LinuxException : Exception
{
    public LinuxException(Errno error, string action)
        : base($"{action}: {Marshal.GetPInvokeErrorMessage((int)error)} ({(int)error})")
    {
        Error = error;
    }

    /// <summary>The number the kernel gave.</summary>
    public Errno Error { get; }

    /// <summary>Returns <paramref name="result"/>, or throws when it is a negative error number.</summary>
    public static int ThrowIfError(int result, string action) =>
        result >= 0 ? result : throw new LinuxException((Errno)(-result), action);
}
