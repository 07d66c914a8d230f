using Fulcrum.Linux;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Processes;

namespace Fulcrum.Hosting;

/// <summary>Where one running node keeps what is its own.</summary>
internal sealed record StateDirectory(string Path)
{
    /// <summary>struct sockaddr_un holds so many bytes, the final NUL not counted (unix(7)).</summary>
    private const int MaxSocketPath = 107;

    /// <summary>The control API.</summary>
    public string Socket => System.IO.Path.Combine(Path, "fulcrum.sock");

    /// <summary>What must outlive a restart.</summary>
    public string Journal => System.IO.Path.Combine(Path, "journal");

    /// <summary>Who changed what over the API.</summary>
    public string Audit => System.IO.Path.Combine(Path, "audit.log");

    /// <summary>The hashes of tokens, unless the configuration names another file.</summary>
    public string Tokens => System.IO.Path.Combine(Path, "tokens");

    /// <summary>Says which services of the kernel's balancer are this node's.</summary>
    public string Ipvs => System.IO.Path.Combine(Path, "ipvs");

    /// <summary>What parameters of the kernel were before this node set them.</summary>
    public string Sysctls => System.IO.Path.Combine(Path, "sysctls");

    /// <summary>The same of those that vips need.</summary>
    public string VipSysctls => System.IO.Path.Combine(Path, "sysctls-vips");

    /// <summary>The configurations that were in force.</summary>
    public string History => System.IO.Path.Combine(Path, "history");

    /// <summary>What the option says; else the environment; else the system's place for state.</summary>
    public static StateDirectory Choose(string? option)
    {
        if ((option ?? Environment.GetEnvironmentVariable("FULCRUM_STATE")) is { Length: > 0 } given)
        {
            return new(System.IO.Path.GetFullPath(given));
        }

        if (Environment.IsPrivilegedProcess)
        {
            return new("/var/lib/fulcrum");
        }

        var home = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } xdg
            ? xdg
            : System.IO.Path.Combine(
                // Without a home that exists this would be empty, and the state would be where one happens to stand.
                Environment.GetFolderPath(
                    Environment.SpecialFolder.UserProfile,
                    Environment.SpecialFolderOption.DoNotVerify
                ),
                ".local",
                "state"
            );
        return new(System.IO.Path.Combine(home, "fulcrum"));
    }

    /// <summary>Why a node could not have its state here, as far as that is seen without trying. Null: it could.</summary>
    public string? WhyNot()
    {
        var there = Path;
        while (!Directory.Exists(there) && System.IO.Path.GetDirectoryName(there) is { } above)
        {
            there = above;
        }

        return TooLong() ?? (FolderRights.MayWrite(there) ? null : $"this user may not write {there}");
    }

    /// <summary>
    /// Makes it, for its owner only, and takes it: two nodes that shared one would take each other's clients. The
    /// lock ends with the process, however it ends. A sentence says what is wrong; null: nothing.
    /// </summary>
    /// <param name="keepsSocket">The API's socket is another's.</param>
    /// <param name="inherited">The lock, from the process before this one.</param>
    public string? Take(out StateClaim? held, bool keepsSocket = false, int? inherited = null)
    {
        held = null;
        FileMask.OwnerOnly();
        if (TooLong() is { } trouble)
        {
            return trouble;
        }

        if (inherited is { } descriptor)
        {
            held = StateClaim.Inherit(descriptor);
            return null;
        }

        try
        {
            Directory.CreateDirectory(Path);
            held = StateClaim.Take(System.IO.Path.Combine(Path, "lock"));
            if (!keepsSocket)
            {
                File.Delete(Socket);
            }

            return null;
        }
        catch (IOException error) when (error.HResult == (int)Errno.TryAgain)
        {
            return $"another node runs with the state directory {Path}; give this one its own with --state DIR";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"the state directory {Path} cannot be used: {error.Message}; choose another with --state DIR";
        }
    }

    private string? TooLong() =>
        System.Text.Encoding.UTF8.GetByteCount(Socket) > MaxSocketPath
            ? $"the path of {Socket} is longer than the {MaxSocketPath} bytes that a socket may have; choose another with --state DIR"
            : null;
}
