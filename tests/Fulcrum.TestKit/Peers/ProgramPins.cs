namespace Fulcrum.TestKit.Peers;

/// <summary>
/// What daemons leave in the BPF file system on purpose, so that traffic goes on without them: programs and maps. Tests
/// take it away, also that of runs that were killed.
/// </summary>
public static class ProgramPins
{
    private const string Folder = "/sys/fs/bpf/fulcrum";

    /// <summary>A daemon with this state directory has, or has left, some.</summary>
    public static bool Has(string state) =>
        Directory.Exists(Folder)
        && Directory.GetDirectories(Folder).Any(pins => StateOf(Path.GetFileName(pins)) == state);

    /// <summary>Of the state directory of a daemon that has ended.</summary>
    public static void Remove(string state)
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        foreach (var pins in Directory.GetDirectories(Folder))
        {
            if (StateOf(Path.GetFileName(pins)) is { } path && (path == state || IsLeft(path)))
            {
                Directory.Delete(pins, recursive: true);
            }
        }
    }

    // The directory of a test that is over is gone.
    private static bool IsLeft(string state) =>
        state.StartsWith(Path.GetTempPath(), StringComparison.Ordinal) && !Directory.Exists(state);

    /// <summary>As the plane writes it: slashes as hyphens, other signs in hexadecimal, and the plane behind it.</summary>
    private static string? StateOf(string name)
    {
        var text = "/";
        for (var i = 0; i < name.Length; i++)
        {
            var isEscaped = name[i] == '_';
            text +=
                isEscaped ? (char)Convert.ToInt32(name.Substring(i + 1, 2), 16)
                : name[i] == '-' ? '/'
                : name[i];
            i += isEscaped ? 2 : 0;
        }

        var end = text.LastIndexOf(':');
        return end < 0 ? null : text[..end];
    }
}
